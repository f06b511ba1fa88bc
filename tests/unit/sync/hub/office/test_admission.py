"""Letting kiosks in by a page: the words are shown, the answer is one person's."""

from __future__ import annotations

import pytest

from sync.hub.accounts.models import Role
from sync.hub.audit.models import Entry
from sync.hub.devices import enrolment
from sync.hub.devices.enrolment import Asking, Begun
from sync.hub.devices.models import Device, Enrolment
from sync.hub.here import Here
from tests.conftest import MovedClock
from tests.kiosks import Kiosk, enrolled
from tests.offices import ELSEWHERE, HERE, Browser, somebody, territory, text

ADMIT = "/gestion/bornes/admettre"


def asking(here: Here, name: str = "borne-1", place: str = HERE) -> Begun:
    territory(place)
    key = Kiosk(clock=here.clock, id="new").public_key
    return enrolment.begin(
        here, Asking(territory=place, name=name, algorithm="ed25519", public_key=key)
    )


@pytest.fixture
def technician(here: Here) -> Browser:
    return Browser.of(somebody("theo", Role.TECHNICIAN))


@pytest.fixture
def begun(here: Here) -> Begun:
    return asking(here)


@pytest.mark.parametrize("typed", ["{0}", "{0}".lower(), "  {0} "])
def test_a_code_shows_the_four_words(technician: Browser, begun: Begun, typed: str) -> None:
    code = enrolment.shown(begun.enrolment.user_code)
    shown = text(technician.get(f"{ADMIT}?code={typed.format(code)}"))
    for word in begun.words.split():
        assert f"<li>{word}</li>" in shown


def test_a_code_is_taken_in_small_letters_and_without_its_dash(
    technician: Browser, begun: Begun
) -> None:
    shown = text(technician.get(f"{ADMIT}?code={begun.enrolment.user_code.lower()}"))
    assert begun.words.split()[0] in shown


def test_an_approved_kiosk_is_in_and_noted(technician: Browser, begun: Begun) -> None:
    answer = technician.post(ADMIT, code=begun.enrolment.user_code, act="approve")
    device = Device.objects.get()
    assert answer["Location"] == f"/gestion/bornes/{device.id}/"
    assert device.approved_by is not None
    assert device.approved_by.username == "theo"
    assert Entry.objects.filter(action="device.approved", actor="theo").exists()


def test_a_refused_kiosk_stays_out(technician: Browser, begun: Begun) -> None:
    technician.post(ADMIT, code=begun.enrolment.user_code, act="refuse")
    assert not Device.objects.exists()
    assert Enrolment.objects.get().refused_at is not None


def test_a_name_that_is_taken_is_told(here: Here, technician: Browser) -> None:
    enrolled(here, "borne-1", HERE)
    begun = asking(here, "borne-1")
    technician.post(ADMIT, code=begun.enrolment.user_code, act="approve")
    assert "porte déjà le nom borne-1" in text(technician.get(ADMIT))
    assert Device.objects.count() == 1


def test_a_code_that_is_over_is_told(technician: Browser, begun: Begun, clock: MovedClock) -> None:
    clock.move(15 * 60 + 1)
    answer = technician.get(f"{ADMIT}?code={begun.enrolment.user_code}")
    assert answer.status_code == 422
    assert "Aucune borne" in text(answer)


def test_another_territory_s_code_doesn_t_exist_here(here: Here, technician: Browser) -> None:
    begun = asking(here, "borne-5", ELSEWHERE)
    assert "borne-5" not in text(technician.get(ADMIT))
    answer = technician.get(f"{ADMIT}?code={begun.enrolment.user_code}")
    assert begun.words.split()[0] not in text(answer)
    technician.post(ADMIT, code=begun.enrolment.user_code, act="approve")
    assert not Device.objects.exists()


@pytest.mark.parametrize("act", ["", "perhaps"])
def test_an_answer_that_is_neither_yes_nor_no_does_nothing(
    technician: Browser, begun: Begun, act: str
) -> None:
    technician.post(ADMIT, code=begun.enrolment.user_code, act=act)
    assert not Device.objects.exists()
    assert Enrolment.objects.get().refused_at is None


def test_an_agent_of_the_code_s_territory_who_admits_elsewhere_is_denied(
    here: Here, begun: Begun
) -> None:
    from sync.hub.accounts.models import Membership

    user = somebody("anna", Role.AGENT)
    elsewhere = territory(ELSEWHERE)
    Membership.objects.create(user=user, territory=elsewhere, role=Role.TECHNICIAN)
    answer = Browser.of(user).post(ADMIT, code=begun.enrolment.user_code, act="approve")
    assert answer.status_code == 403
    assert not Device.objects.exists()


def test_what_waits_is_listed(technician: Browser, begun: Begun) -> None:
    assert enrolment.shown(begun.enrolment.user_code) in text(technician.get(ADMIT))
