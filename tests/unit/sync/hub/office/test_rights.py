"""Every page, every role, here and elsewhere: denied where due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO

import pytest
from django.http import HttpResponse
from PIL import Image

from sync.hub.accounts.models import Role, User
from sync.hub.accounts.rights import RIGHTS, Action
from sync.hub.cards.models import OwnedTopup
from sync.hub.events.models import Fork
from sync.hub.here import Here
from sync.hub.office import routes
from sync.hub.office.models import Content
from sync.hub.operations.models import Report
from sync.hub.operations.reports import take_in
from tests.kiosks import Kiosk, enrolled, event
from tests.offices import ELSEWHERE, HERE, SIGN_IN, Browser, drafted, somebody, territory, text

OPEN = {"sign-in", "code", "sign-out"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page: its route's name, what it needs, and whether it is of one territory."""

    name: str
    path: str
    action: Action | None = None
    of_one: bool = False
    post: bool = False
    redirects: bool = False

    def asked(self, browser: Browser, **ids: str) -> HttpResponse:
        path = "/gestion/" + self.path.format_map(ids)
        return browser.post(path) if self.post else browser.get(path)


PAGES = [
    Page(name="home", path=""),
    Page(name="fleet", path="bornes/"),
    Page(name="admit", path="bornes/admettre", action=Action.ENROL),
    Page(name="device", path="bornes/{kiosk}/", action=Action.SEE_FLEET, of_one=True),
    Page(name="revoke", path="bornes/{kiosk}/revoquer", action=Action.REVOKE, of_one=True),
    Page(name="contents", path="contenus/", action=Action.WRITE),
    Page(name="new", path="contenus/orne/annonce/nouveau", action=Action.WRITE, of_one=True),
    Page(name="content", path="contenus/{content}/", action=Action.WRITE, of_one=True),
    Page(name="edit", path="contenus/{content}/modifier", action=Action.WRITE, of_one=True),
    Page(
        name="act",
        path="contenus/{content}/publier",
        action=Action.PUBLISH,
        of_one=True,
        post=True,
    ),
    Page(name="hives", path="ruche/", action=Action.WRITE),
    Page(name="hive", path="ruche/orne/", action=Action.WRITE, of_one=True),
    Page(name="hive-act", path="ruche/orne/publier", action=Action.PUBLISH, of_one=True, post=True),
    Page(name="audit", path="journal/", action=Action.AUDIT),
    Page(name="events", path="evenements/", action=Action.EVENTS),
    Page(
        name="event-act",
        path="evenements/{kiosk}/e1/1/classer",
        action=Action.EVENTS,
        of_one=True,
        post=True,
    ),
    Page(
        name="fork-act",
        path="evenements/divergences/{fork}/classer",
        action=Action.EVENTS,
        of_one=True,
        post=True,
    ),
    Page(name="takings", path="clotures/", action=Action.CLOSINGS),
    Page(name="closings", path="clotures/{kiosk}/", action=Action.CLOSINGS, of_one=True),
    Page(name="closings-csv", path="clotures/{kiosk}.csv", action=Action.CLOSINGS, of_one=True),
    Page(name="transfers", path="virements/", action=Action.REFUND),
    Page(
        name="transfer-act",
        path="virements/{topup}/noter",
        action=Action.REFUND,
        of_one=True,
        post=True,
    ),
    Page(name="triage", path="signalements/", action=Action.REPORTS),
    Page(name="report", path="signalements/{report}/", action=Action.REPORTS, of_one=True),
    Page(name="photo", path="signalements/{report}/photo", action=Action.REPORTS, of_one=True),
    Page(
        name="report-act",
        path="signalements/{report}/clore",
        action=Action.REPORTS,
        of_one=True,
        post=True,
    ),
    Page(name="statistics-first", path="statistiques/", action=Action.STATISTICS, redirects=True),
    Page(name="statistics", path="statistiques/orne/", action=Action.STATISTICS, of_one=True),
]


@pytest.fixture
def ids(here: Here) -> dict[str, str]:
    kiosk = enrolled(here, "borne-1", HERE)
    territory(ELSEWHERE)
    writer = Browser.of(somebody("writer", Role.EDITOR))
    OwnedTopup.objects.create(topup="T-1", payment="pay-1", device_id=kiosk.id)
    return {
        "kiosk": kiosk.id,
        "topup": "T-1",
        "content": str(drafted(writer).pk),
        **_odd(here, kiosk),
    }


def _odd(hub: Here, kiosk: Kiosk) -> dict[str, str]:
    """Let a kiosk tell something odd, a fork, and a report with a photo."""
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG")
    data = out.getvalue()
    name = sha256(data).hexdigest()
    headers = {"content-range": f"bytes 0-{len(data) - 1}/{len(data)}"}
    kiosk.ask("PUT", f"/v1/u/{kiosk.id}/{name}", data, headers=headers)
    sent = f'{{"code":"TRX-1","category":"road","photo":"{name}"}}'
    kiosk.tell([event(1, payload="[]"), event(2, kind="report.sent", payload=sent)])
    kiosk.tell([event(1, payload="{}")])
    take_in(hub)
    return {"fork": str(Fork.objects.get().pk), "report": str(Report.objects.get().pk)}


def wanted(page: Page, role: Role, place: str) -> int:
    """Give what the rules say: 404 for what is elsewhere's, 403 for what isn't the role's."""
    if page.of_one and place != HERE:
        return 404
    return 403 if page.action is not None and role not in RIGHTS[page.action] else 200


def people() -> Iterator[tuple[Role, str]]:
    for role in Role:
        for place in (HERE, ELSEWHERE):
            yield role, place


def test_the_table_holds_every_page() -> None:
    assert {page.name for page in PAGES} | OPEN == {one.name for one in routes.urlpatterns}


def test_each_role_sees_its_pages_in_its_territory_and_no_others(ids: dict[str, str]) -> None:
    denied = allowed = 0
    for role, place in people():
        browser = Browser.of(somebody(f"{role}-{place}", role, place))
        for page in PAGES:
            status = page.asked(browser, **ids).status_code
            expected = wanted(page, role, place)
            if expected == 200:
                assert status == (302 if page.post or page.redirects else 200), (
                    page.name,
                    role,
                    place,
                    status,
                )
                allowed += 1
            else:
                assert status == expected, (page.name, role, place, status)
                denied += 1
    assert denied >= 50
    assert allowed >= 40


@pytest.mark.parametrize("who", ["nobody", "by password alone", "left"])
def test_who_isn_t_known_by_both_factors_sees_the_sign_in_alone(
    ids: dict[str, str], who: str
) -> None:
    browser = Browser()
    if who != "nobody":
        user = somebody("claire", Role.ADMINISTRATOR)
        browser = Browser.of(user, verified=who == "left")
        User.objects.filter(pk=user.pk).update(is_active=who != "left", is_superuser=True)
    paths = [page.path.format_map(ids) for page in PAGES]
    for path in [*paths, "tables/", "tables/accounts/user/", "tables/login/"]:
        answer = browser.get(f"/gestion/{path}")
        assert (answer.status_code, answer["Location"][: len(SIGN_IN)]) == (302, SIGN_IN), path


def test_nobody_without_a_role_sees_a_territory(ids: dict[str, str]) -> None:
    browser = Browser.of(somebody("plain"))
    assert "aucun territoire" in text(browser.get("/gestion/"))
    for page in PAGES:
        if page.action is not None:
            assert page.asked(browser, **ids).status_code in {403, 404}, page.name


def test_lists_hold_what_is_the_person_s_own(here: Here, ids: dict[str, str]) -> None:
    enrolled(here, "borne-9", ELSEWHERE)
    browser = Browser.of(somebody("anna", Role.EDITOR, ELSEWHERE))
    assert "borne-1" not in text(browser.get("/gestion/bornes/"))
    assert "borne-9" in text(browser.get("/gestion/bornes/"))
    assert "Marché" not in text(browser.get("/gestion/contenus/"))


def test_a_superuser_sees_all_and_the_tables(ids: dict[str, str]) -> None:
    user = User.objects.create_superuser("root")
    browser = Browser.of(user)
    for page in PAGES:
        assert page.asked(browser, **ids).status_code in {200, 302}, page.name
    assert browser.get("/gestion/tables/").status_code == 200


def test_a_form_without_its_token_does_nothing(ids: dict[str, str]) -> None:
    browser = Browser.of(somebody("marc", Role.ADMINISTRATOR))
    browser.client.handler.enforce_csrf_checks = True
    forms = [
        f"bornes/{ids['kiosk']}/revoquer",
        "bornes/admettre",
        "contenus/orne/annonce/nouveau",
        f"contenus/{ids['content']}/modifier",
        f"contenus/{ids['content']}/approuver",
        "contenus/orne/menus/nouveau",
        "ruche/orne/placer",
        "ruche/orne/publier",
        f"evenements/{ids['kiosk']}/e1/1/classer",
        f"evenements/divergences/{ids['fork']}/classer",
        f"signalements/{ids['report']}/clore",
        f"virements/{ids['topup']}/noter",
        "connexion",
        "deconnexion",
        "code",
    ]
    for path in forms:
        answer = browser.post(f"/gestion/{path}", revision="1")
        assert answer.status_code == 403, path
        assert "plus valable" in text(answer)
    assert Content.objects.get().state == "draft"


def test_pages_are_kept_by_no_cache_and_carry_the_policy(ids: dict[str, str]) -> None:
    browser = Browser.of(somebody("marc", Role.ADMINISTRATOR))
    for page in PAGES:
        answer = page.asked(browser, **ids)
        assert answer["Cache-Control"] == "no-store", page.name
        assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_no_page_has_a_script_or_a_style_of_its_own(ids: dict[str, str]) -> None:
    browser = Browser.of(somebody("marc", Role.ADMINISTRATOR))
    for page in PAGES:
        shown = page.asked(browser, **ids).content.decode(errors="replace")
        assert "<script" not in shown, page.name
        assert "<style" not in shown, page.name
        assert " style=" not in shown, page.name
        assert "http://" not in shown, page.name
