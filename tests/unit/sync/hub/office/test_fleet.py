"""The fleet's pages: how a kiosk stands, in words; shutting one out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sync.hub.accounts.models import Role
from sync.hub.audit.models import Entry
from sync.hub.devices.models import Device
from sync.hub.events.models import Fork
from sync.hub.here import Here
from sync.hub.office.fleet import age, standing_of
from tests.conftest import MovedClock
from tests.kiosks import Kiosk, enrolled
from tests.offices import HERE, Browser, somebody, text

FLEET = "/gestion/bornes/"


@pytest.fixture
def kiosk(here: Here) -> Kiosk:
    return enrolled(here, "borne-1", HERE)


@pytest.fixture
def technician(kiosk: Kiosk) -> Browser:
    return Browser.of(somebody("theo", Role.TECHNICIAN))


STANDINGS = [
    ("En service", "good", {"seen_at": 0, "licence_until": 20}),
    ("Licence bientôt échue", "warn", {"seen_at": 0, "licence_until": 3}),
    ("Silencieuse", "warn", {"seen_at": -2, "licence_until": 20}),
    ("Jamais vue", "warn", {"licence_until": 20}),
    ("Licence échue", "bad", {"seen_at": 0, "licence_until": 0}),
    ("Révoquée", "bad", {"seen_at": 0, "licence_until": 20, "revoked_at": 0}),
]


@pytest.mark.parametrize(("words", "tone", "days"), STANDINGS)
def test_how_a_kiosk_stands_is_said_in_words(
    clock: MovedClock, words: str, tone: str, days: dict[str, int]
) -> None:
    now = clock.now()
    device = Device(**{name: now + timedelta(days=number) for name, number in days.items()})
    found = standing_of(device, 0, now)
    assert (found.words, found.tone) == (words, tone)


def test_an_alarm_goes_before_all_but_the_revocation(clock: MovedClock) -> None:
    now = clock.now()
    device = Device(licence_until=now, seen_at=now)
    assert "copiée" in standing_of(device, 1, now).words
    device.revoked_at = now
    assert standing_of(device, 1, now).words == "Révoquée"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "à l’instant"),
        (59, "à l’instant"),
        (60, "il y a 1 minute"),
        (7_199, "il y a 119 minutes"),
        (7_200, "il y a 2 heures"),
        (200_000, "il y a 2 jours"),
    ],
)
def test_an_age_is_said_in_words(clock: MovedClock, seconds: int, words: str) -> None:
    now = clock.now()
    assert age(now - timedelta(seconds=seconds), now) == words
    assert age(None, now) == "jamais"


def test_the_fleet_shows_each_kiosk_s_state(
    here: Here, kiosk: Kiosk, technician: Browser, clock: MovedClock
) -> None:
    Device.objects.filter(id=kiosk.id).update(seen_at=clock.now() - timedelta(days=3))
    shown = text(technician.get(FLEET))
    assert "Silencieuse" in shown
    assert "il y a 3 jours" in shown
    assert "1 à voir" in shown


def test_a_kiosk_s_page_shows_its_alarms_and_what_it_says(
    here: Here, kiosk: Kiosk, technician: Browser, clock: MovedClock
) -> None:
    Fork.objects.create(device_id=kiosk.id, epoch="e", seq=7, digest="0" * 64, seen_at=clock.now())
    Device.objects.filter(id=kiosk.id).update(health={"paper": "<b>low</b>" + "x" * 500})
    shown = text(technician.get(f"{FLEET}{kiosk.id}/"))
    assert "événement n° 7" in shown
    assert "&lt;b&gt;low" in shown
    assert "x" * 100 not in shown


def test_a_kiosk_is_revoked_after_one_more_question(kiosk: Kiosk, technician: Browser) -> None:
    path = f"{FLEET}{kiosk.id}/revoquer"
    assert "pour toujours" in text(technician.get(path))
    assert Device.objects.get(id=kiosk.id).revoked_at is None
    technician.post(path)
    assert Device.objects.get(id=kiosk.id).revoked_at is not None
    assert "est révoquée" in text(technician.get(FLEET))
    assert Entry.objects.filter(action="device.revoked", actor="theo").count() == 1
    assert kiosk.ask("GET", f"/v1/k/{kiosk.id}/private").status_code == 403


def test_an_agent_is_offered_no_revocation(kiosk: Kiosk) -> None:
    agent = Browser.of(somebody("anna", Role.AGENT))
    assert "Révoquer" not in text(agent.get(f"{FLEET}{kiosk.id}/"))


def test_a_kiosk_that_isn_t_there_is_a_page_with_a_sentence(technician: Browser) -> None:
    answer = technician.get(f"{FLEET}knobody/")
    assert answer.status_code == 404
    assert "n’existe pas" in text(answer)
