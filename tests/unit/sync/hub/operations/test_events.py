"""Quarantine and alarms: judged again, set aside, and noted; nobody waves a bad event through."""

from __future__ import annotations

import pytest

from sync.hub.accounts.models import Role
from sync.hub.audit.models import Entry
from sync.hub.events.models import Event, Fork
from sync.hub.here import Here
from sync.hub.operations.models import Settled
from tests.kiosks import Kiosk, enrolled, event
from tests.offices import ELSEWHERE, Browser, somebody, text

PAGE = "/gestion/evenements/"


@pytest.fixture
def kiosk(here: Here) -> Kiosk:
    return enrolled(here)


@pytest.fixture
def technician(here: Here, kiosk: Kiosk) -> Browser:
    return Browser.of(somebody("tess", Role.TECHNICIAN))


def path(kiosk: Kiosk, seq: int, step: str) -> str:
    return f"{PAGE}{kiosk.id}/e1/{seq}/{step}"


def acts() -> list[str]:
    return list(Entry.objects.values_list("action", flat=True))


def test_a_quiet_fleet_says_so(technician: Browser) -> None:
    shown = text(technician.get(PAGE))
    assert "La quarantaine est vide." in shown
    assert "Aucune alarme." in shown
    assert "Aucun événement." in shown


def test_the_page_shows_why_an_event_waits_and_what_it_holds(
    kiosk: Kiosk, technician: Browser
) -> None:
    kiosk.tell([event(1), event(2, payload="[1]")])
    shown = text(technician.get(PAGE))
    assert "Contenu illisible" in shown
    assert "till.opened [1]" in shown


def test_an_event_that_is_still_bad_is_not_released(kiosk: Kiosk, technician: Browser) -> None:
    kiosk.tell([event(1, payload="[]")])
    technician.post(path(kiosk, 1, "reprendre"))
    assert "reste inutilisable" in text(technician.get(PAGE))
    assert Event.objects.get().code == "event.payload"
    assert acts() == []


def test_an_event_that_today_s_programme_can_use_is_released(
    kiosk: Kiosk, technician: Browser
) -> None:
    kiosk.tell([event(1)])
    Event.objects.update(code="event.kind", kind="")  # as a hub that didn't know the kind judged
    technician.post(path(kiosk, 1, "reprendre"))
    assert (Event.objects.get().code, Event.objects.get().kind) == ("", "till.opened")
    assert acts() == ["event.released"]
    assert "La quarantaine est vide." in text(technician.get(PAGE))


def test_what_is_set_aside_asks_for_nobody_and_is_kept(kiosk: Kiosk, technician: Browser) -> None:
    kiosk.tell([event(1, payload="[]")])
    for _ in range(2):
        technician.post(path(kiosk, 1, "classer"))
    assert "La quarantaine est vide." in text(technician.get(PAGE))
    assert Event.objects.get().code == "event.payload"
    assert Settled.objects.count() == 1
    assert acts() == ["event.settled"]


def test_a_sound_event_is_nothing_to_act_on(kiosk: Kiosk, technician: Browser) -> None:
    kiosk.tell([event(1)])
    for step in ("reprendre", "classer"):
        assert technician.post(path(kiosk, 1, step)).status_code == 404
    assert technician.post(path(kiosk, 9, "classer")).status_code == 404


def test_a_fork_marks_its_kiosk_until_somebody_sets_it_aside(
    kiosk: Kiosk, technician: Browser
) -> None:
    kiosk.tell([event(1)])
    kiosk.tell([event(1, payload='{"a":2}')])
    assert "peut-être copiée" in text(technician.get("/gestion/bornes/"))
    assert "Alarmes" in text(technician.get(f"/gestion/bornes/{kiosk.id}/"))
    fork = Fork.objects.get()
    technician.post(f"{PAGE}divergences/{fork.pk}/classer")
    assert acts() == ["fork.settled"]
    assert "peut-être copiée" not in text(technician.get("/gestion/bornes/"))
    assert "Aucune alarme." in text(technician.get(PAGE))
    assert Fork.objects.exists()
    kiosk.tell([event(1, payload='{"a":3}')])  # another body is another alarm
    assert "peut-être copiée" in text(technician.get("/gestion/bornes/"))
    assert technician.post(f"{PAGE}divergences/999/classer").status_code == 404


def test_another_territory_s_events_are_neither_seen_nor_touched(here: Here, kiosk: Kiosk) -> None:
    kiosk.tell([event(1, payload="[]")])
    kiosk.tell([event(2)])
    kiosk.tell([event(2, payload='{"a":2}')])
    stranger = Browser.of(somebody("sam", Role.TECHNICIAN, ELSEWHERE))
    assert "borne-1" not in text(stranger.get(PAGE))
    assert stranger.post(path(kiosk, 1, "classer")).status_code == 404
    fork = Fork.objects.get()
    assert stranger.post(f"{PAGE}divergences/{fork.pk}/classer").status_code == 404
    assert not Settled.objects.exists()


def test_hostile_content_is_shown_as_text(kiosk: Kiosk, technician: Browser) -> None:
    kiosk.tell([event(1, payload="<script>alert(1)</script>")])
    assert "<script" not in text(technician.get(PAGE))
