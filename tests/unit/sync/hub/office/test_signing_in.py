"""Signing in: two factors, few tries, no hint about who has an account."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from sync.hub.accounts.models import Role, User
from sync.hub.audit.models import Entry
from sync.hub.here import Here
from sync.hub.office import tries
from sync.hub.office.models import Tries
from tests.conftest import MovedClock
from tests.offices import PASSWORD, SIGN_IN, Browser, code_of, factor, somebody, text

CODE = "/gestion/code"


@pytest.fixture
def claire(here: Here) -> User:
    return somebody("claire", Role.TECHNICIAN, password=PASSWORD)


def wrong_code(device: TOTPDevice) -> str:
    """Give a code of none of the steps that are taken now."""
    near = {totp(device.bin_key, drift=step) for step in range(-3, 4)}
    return next(f"{one:06}" for one in range(10) if one not in near)


def test_the_first_sign_in_enrols_a_phone(here: Here, claire: User) -> None:
    browser = Browser()
    assert browser.sign_in("claire")["Location"] == CODE
    page = text(browser.get(CODE))
    device = TOTPDevice.objects.get(user=claire)
    assert not device.confirmed
    assert '<svg class="qr" role="img"' in page
    assert re.search(r"<code>[A-Z2-7]{32}</code>", page)
    assert browser.post(CODE, code=code_of(device))["Location"] == "/gestion/"
    assert TOTPDevice.objects.get(user=claire).confirmed
    assert browser.get("/gestion/").status_code == 200
    acts = set(Entry.objects.values_list("action", flat=True))
    assert acts == {"account.factor", "account.signed_in"}


def test_a_known_phone_s_key_is_shown_to_nobody_again(here: Here, claire: User) -> None:
    factor(claire)
    browser = Browser()
    browser.sign_in("claire")
    page = text(browser.get(CODE))
    assert "<svg" not in page
    assert "<code>" not in page


def test_the_password_alone_opens_no_page(here: Here, claire: User) -> None:
    browser = Browser()
    browser.sign_in("claire")
    assert browser.get("/gestion/")["Location"].startswith(SIGN_IN)
    answer = browser.get("/v1/staff/orne/kiosks")
    assert answer.status_code == 401


def test_a_code_is_taken_once(here: Here, claire: User) -> None:
    code = code_of(factor(claire))
    first, second = Browser(), Browser()
    for browser, status in ((first, 302), (second, 422)):
        browser.sign_in("claire")
        assert browser.post(CODE, code=code).status_code == status


def test_a_wrong_code_is_told_in_a_sentence(here: Here, claire: User) -> None:
    device = factor(claire)
    browser = Browser()
    browser.sign_in("claire")
    answer = browser.post(CODE, code=wrong_code(device))
    assert answer.status_code == 422
    assert "n’est pas le bon" in text(answer)


@pytest.mark.parametrize("name", ["claire", "inconnue"])
def test_a_wrong_password_is_told_alike_for_all_names(here: Here, claire: User, name: str) -> None:
    answer = Browser().sign_in(name, "faux mot de passe")
    assert answer.status_code == 422
    assert "ne vont pas ensemble" in text(answer)
    assert CODE not in text(answer)


@pytest.mark.parametrize("name", ["claire", "inconnue"])
def test_a_name_is_locked_after_its_tries_whoever_bears_it(
    here: Here, claire: User, name: str, clock: MovedClock
) -> None:
    for _ in range(tries.TRIES_MAX):
        assert tries.taken(here, name)
    assert "Trop d’essais" in text(Browser().sign_in(name))
    clock.move(tries.PAUSE.total_seconds())
    assert "Trop d’essais" not in text(Browser().sign_in(name))


def test_codes_take_tries_too(here: Here, claire: User) -> None:
    device = factor(claire)
    browser = Browser()
    browser.sign_in("claire")
    browser.post(CODE, code=wrong_code(device))
    for _ in range(tries.TRIES_MAX - 2):
        assert tries.taken(here, "claire")
    assert "Trop d’essais" in text(browser.post(CODE, code=code_of(device)))


def test_a_whole_sign_in_clears_the_tries(here: Here, claire: User) -> None:
    browser = Browser()
    browser.sign_in("claire", "faux mot de passe")
    browser.sign_in("claire")
    browser.post(CODE, code=code_of(TOTPDevice.objects.get(user=claire)))
    assert not Tries.objects.exists()


def test_strangers_names_fill_no_more_than_the_buckets(here: Here) -> None:
    for number in range(50):
        tries.taken(here, f"n{number}")
    assert all(len(one.bucket) == 4 for one in Tries.objects.all())


def test_the_pause_between_the_factors_is_bounded(
    here: Here, claire: User, clock: MovedClock
) -> None:
    browser = Browser()
    browser.sign_in("claire")
    clock.move(601)
    device = TOTPDevice.objects.get(user=claire)
    assert browser.post(CODE, code=code_of(device))["Location"] == SIGN_IN


def test_an_account_that_was_closed_doesn_t_sign_in(here: Here, claire: User) -> None:
    browser = Browser()
    browser.sign_in("claire")
    User.objects.filter(pk=claire.pk).update(is_active=False)
    assert browser.get(CODE)["Location"] == SIGN_IN
    assert Browser().sign_in("claire").status_code == 422


def test_an_enrolment_that_wasn_t_ended_begins_anew(here: Here, claire: User) -> None:
    Browser().sign_in("claire")
    first = TOTPDevice.objects.get(user=claire).key
    Browser().sign_in("claire")
    assert TOTPDevice.objects.get(user=claire).key != first


@pytest.mark.parametrize(
    ("wanted", "led"),
    [
        ("/gestion/bornes/admettre?code=BCDF-GHJK", "/gestion/bornes/admettre?code=BCDF-GHJK"),
        ("https://evil.example/", "/gestion/"),
        ("//evil.example/gestion/", "/gestion/"),
        ("/gestion/" + "x" * 600, "/gestion/"),
    ],
)
def test_one_is_led_where_one_wanted_to_go_and_never_away(
    here: Here, claire: User, wanted: str, led: str
) -> None:
    browser = Browser()
    browser.sign_in("claire", wanted=wanted)
    device = TOTPDevice.objects.get(user=claire)
    assert browser.post(CODE, code=code_of(device))["Location"] == led


def test_a_visit_alone_leaves_nothing_in_the_database(here: Here) -> None:
    Browser().get(SIGN_IN)
    Browser().sign_in("inconnue")
    assert not Session.objects.exists()


def test_signing_out_ends_the_session(here: Here, claire: User) -> None:
    browser = Browser.of(claire)
    assert browser.get("/gestion/").status_code == 200
    browser.post("/gestion/deconnexion")
    assert browser.get("/gestion/").status_code == 302
