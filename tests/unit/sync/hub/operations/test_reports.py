"""Citizens' reports: made once, assigned, answered, closed; their photo shown without metadata."""

from __future__ import annotations

import io
import json
from hashlib import sha256

import pytest
from PIL import Image

from sync.hub.accounts.models import Role, User
from sync.hub.audit.models import Entry
from sync.hub.events.models import Event, Photo
from sync.hub.here import Here
from sync.hub.here import here as hub_here
from sync.hub.operations import reports
from sync.hub.operations.models import ANSWER_MAX, Report, ReportState
from tests.kiosks import Kiosk, enrolled, event
from tests.offices import ELSEWHERE, Browser, somebody, text

PAGE = "/gestion/signalements/"
SENT = {"code": "TRX-4821", "category": "road", "place": "rue du Pont", "text": "Un trou."}


@pytest.fixture
def kiosk(here: Here) -> Kiosk:
    return enrolled(here)


@pytest.fixture
def agent(here: Here, kiosk: Kiosk) -> Browser:
    return Browser.of(somebody("anna", Role.AGENT))


def sent(kiosk: Kiosk, seq: int = 1, **other: str) -> Report:
    kiosk.tell([event(seq, kind=reports.KIND, payload=json.dumps({**SENT, **other}))])
    reports.take_in(hub_here())
    return Report.objects.get(seq=seq)


def jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "CANARY"
    out = io.BytesIO()
    Image.new("RGB", (20, 20), (9, 9, 9)).save(out, "JPEG", exif=exif.tobytes())
    return out.getvalue()


def photographed(kiosk: Kiosk, data: bytes) -> str:
    name = sha256(data).hexdigest()
    headers = {"content-range": f"bytes 0-{len(data) - 1}/{len(data)}"}
    assert kiosk.ask("PUT", f"/v1/u/{kiosk.id}/{name}", data, headers=headers).status_code < 300
    return name


def act(browser: Browser, report: Report, step: str, **said: str) -> int:
    seen = {"revision": str(Report.objects.get(pk=report.pk).revision), **said}
    return browser.post(f"{PAGE}{report.pk}/{step}", **seen).status_code


def state(report: Report) -> str:
    return Report.objects.get(pk=report.pk).state


def test_a_report_is_made_once_of_its_event(here: Here, kiosk: Kiosk) -> None:
    report = sent(kiosk)
    assert (report.code, report.category, report.place) == ("TRX-4821", "road", "rue du Pont")
    assert (report.territory_id, report.state) == ("orne", ReportState.RECEIVED)
    assert reports.take_in(here) == 0
    assert Report.objects.count() == 1


def test_an_unknown_category_is_another(kiosk: Kiosk) -> None:
    assert sent(kiosk, category="unicorn").category == "other"


@pytest.mark.parametrize(
    "payload",
    ['{"code":"x"}', '{"code":"TRX-1","category":"road","contact":"06"}', '{"category":"road"}'],
)
def test_a_report_that_can_t_be_read_goes_to_the_quarantine(
    kiosk: Kiosk, agent: Browser, payload: str
) -> None:
    kiosk.tell([event(1, kind=reports.KIND, payload=payload)])
    assert "Aucun signalement." in text(agent.get(PAGE))
    assert Event.objects.get().code == reports.UNREADABLE
    technician = Browser.of(somebody("tess", Role.TECHNICIAN))
    assert "Signalement illisible" in text(technician.get("/gestion/evenements/"))
    technician.post(f"/gestion/evenements/{kiosk.id}/e1/1/reprendre")
    assert Event.objects.get().code == reports.UNREADABLE


def test_the_list_shows_what_is_to_do_and_finds_the_rest_by_state(
    kiosk: Kiosk, agent: Browser
) -> None:
    report = sent(kiosk)
    assert "TRX-4821" in text(agent.get(PAGE))
    act(agent, report, "clore")
    assert "TRX-4821" not in text(agent.get(PAGE))
    assert "TRX-4821" in text(agent.get(f"{PAGE}?etat=closed"))
    assert "TRX-4821" not in text(agent.get(f"{PAGE}?etat=nonsense"))


def test_a_report_goes_from_received_to_closed_and_each_step_is_noted(
    kiosk: Kiosk, agent: Browser
) -> None:
    report = sent(kiosk)
    anna = User.objects.get(username="anna")
    assert reports.georeport(report) == "open"
    assert act(agent, report, "attribuer", to=str(anna.pk)) == 302
    assert state(report) == ReportState.ASSIGNED
    assert act(agent, report, "repondre", answer="La voirie passe mardi.") == 302
    assert state(report) == ReportState.ANSWERED
    assert "La voirie passe mardi." in text(agent.get(f"{PAGE}{report.pk}/"))
    assert act(agent, report, "clore") == 302
    assert reports.georeport(Report.objects.get()) == "closed"
    done = list(Entry.objects.order_by("id").values_list("action", "subject"))
    assert done == [(f"report.{one}", "TRX-4821") for one in ("assigned", "answered", "closed")]


def test_a_closed_report_stays_closed(kiosk: Kiosk, agent: Browser) -> None:
    report = sent(kiosk)
    act(agent, report, "clore")
    act(agent, report, "repondre", answer="Trop tard")
    assert (state(report), Report.objects.get().answer) == (ReportState.CLOSED, "")
    assert "Clore" not in text(agent.get(f"{PAGE}{report.pk}/"))


def test_what_somebody_else_has_changed_is_not_acted_on_unseen(
    kiosk: Kiosk, agent: Browser
) -> None:
    report = sent(kiosk)
    act(agent, report, "repondre", answer="Oui")
    assert act(agent, report, "clore", revision="1") == 302
    assert "a changé" in text(agent.get(f"{PAGE}{report.pk}/"))
    assert act(agent, report, "clore", revision="many") == 302
    assert state(report) == ReportState.ANSWERED


def test_a_report_is_given_to_nobody_who_can_t_treat_it(kiosk: Kiosk, agent: Browser) -> None:
    report = sent(kiosk)
    for other in (somebody("rita", Role.REGISSEUR), somebody("olga", Role.AGENT, ELSEWHERE)):
        act(agent, report, "attribuer", to=str(other.pk))
    act(agent, report, "attribuer", to="nobody"[:0])
    assert state(report) == ReportState.RECEIVED


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("", "Remplissez ce champ."),
        ("\u200b", "Remplissez ce champ."),
        ("x" * (ANSWER_MAX + 1), f"Au plus {ANSWER_MAX} caractères."),
        ("a\0b", "caractère interdit"),
    ],
)
def test_an_answer_is_bounded_and_says_what_is_wrong(
    kiosk: Kiosk, agent: Browser, answer: str, sentence: str
) -> None:
    report = sent(kiosk)
    shown = agent.post(f"{PAGE}{report.pk}/repondre", revision="1", answer=answer)
    assert shown.status_code == 422
    assert sentence in text(shown)
    assert state(report) == ReportState.RECEIVED


def test_a_photo_is_shown_without_its_metadata_and_deleted_at_the_end(
    here: Here, kiosk: Kiosk, agent: Browser
) -> None:
    data = jpeg()
    report = sent(kiosk, photo=photographed(kiosk, data))
    assert "<img class=" in text(agent.get(f"{PAGE}{report.pk}/"))
    answer = agent.get(f"{PAGE}{report.pk}/photo")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Cache-Control"] == "no-store"
    assert b"CANARY" in data
    assert b"CANARY" not in answer.content
    file = here.photos / kiosk.id / report.photo
    assert file.exists()
    act(agent, report, "clore")
    assert not file.exists()
    assert not Photo.objects.exists()
    assert agent.get(f"{PAGE}{report.pk}/photo").status_code == 404


def test_a_photo_that_hasn_t_come_is_awaited(kiosk: Kiosk, agent: Browser) -> None:
    report = sent(kiosk, photo="a" * 64)
    assert "n’est pas encore arrivée" in text(agent.get(f"{PAGE}{report.pk}/"))
    assert agent.get(f"{PAGE}{report.pk}/photo").status_code == 404


def test_a_photo_that_can_t_be_stripped_is_never_shown(kiosk: Kiosk, agent: Browser) -> None:
    report = sent(kiosk, photo=photographed(kiosk, b"\xff\xd8\xffnothing of a picture"))
    assert agent.get(f"{PAGE}{report.pk}/photo").status_code == 404


def test_another_territory_s_report_and_photo_don_t_exist(kiosk: Kiosk, agent: Browser) -> None:
    report = sent(kiosk, photo=photographed(kiosk, jpeg()))
    stranger = Browser.of(somebody("olga", Role.AGENT, ELSEWHERE))
    assert "TRX-4821" not in text(stranger.get(PAGE))
    for where in (f"{report.pk}/", f"{report.pk}/photo"):
        assert stranger.get(PAGE + where).status_code == 404
    assert act(stranger, report, "clore") == 404
    assert agent.get(f"{PAGE}999/").status_code == 404


def test_hostile_words_are_shown_as_text(kiosk: Kiosk, agent: Browser) -> None:
    report = sent(kiosk, text="<script>x</script>", place="<b>ici</b>")
    shown = text(agent.get(f"{PAGE}{report.pk}/")) + text(agent.get(PAGE))
    assert "<script" not in shown
    assert "<b>ici" not in shown


def test_without_anybody_to_treat_it_the_page_says_who_is_needed(kiosk: Kiosk) -> None:
    report = sent(kiosk)
    root = Browser.of(User.objects.create_superuser("root"))
    assert "il faut un agent" in text(root.get(f"{PAGE}{report.pk}/"))
