"""Paying while the kiosk is offline, as a citizen meets it: request, pad, card, receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from kiosk.domain.money import Money
from kiosk.domain.reload_code import CODE_LEN, REDEEM_MAX
from kiosk.usecases.reload_progress import Stage
from tests.ui.kiosks import Kiosk
from tests.ui.money import SETTLED_S, MoneyKiosk
from ui.views.topup_code import AWAITED, OFFLINE
from ui.wallet import CodeWait

KEPT_S = 301


class Offline:
    """The demo's kiosk whose network is cut, and a phone whose own isn't."""

    def __init__(self, money: MoneyKiosk) -> None:
        self.money = money
        money.tray.cutNetwork()

    @property
    def code(self) -> CodeWait:
        assert self.money.wallet.code is not None
        return self.money.wallet.code

    def ask(self) -> None:
        """Choose a sum, find no network, take the other way."""
        self.money.ask()
        self.money.topup.open(OFFLINE, "")
        self.money.settle()
        self.money.settle()  # the request is asked for once the payment was given up

    def phone(self) -> str:
        """Let the phone pay; gives the digits that it shows."""
        self.money.phone()
        return str(self.money.tray.property("phoneShows")).replace(" ", "")

    def type(self, digits: str) -> None:
        if not self.code.typing:
            self.money.act()
        for digit in digits:
            self.money.topup.press(digit)

    def enter(self, digits: str) -> None:
        """Type digits and confirm them."""
        self.type(digits)
        self.money.act()
        self.money.settle()


@pytest.fixture
def offline(money: MoneyKiosk) -> Offline:
    return Offline(money)


def wrong(digits: str) -> str:
    return f"{(int(digits) + 1) % 10**CODE_LEN:012d}"


def test_the_way_by_code_is_offered_only_when_the_payment_does_not_answer(
    money: MoneyKiosk,
) -> None:
    money.ask()
    assert OFFLINE not in [row.key for row in money.frame.rows]
    money.tray.cutNetwork()
    money.poll()
    assert OFFLINE not in [row.key for row in money.frame.rows]  # its QR is there to be paid


def test_a_kiosk_without_codes_offers_none(offline: Offline) -> None:
    offline.money.desk._become(replace(offline.money.wallet, codes=False))
    offline.money.ask()
    assert OFFLINE not in [row.key for row in offline.money.frame.rows]


def test_the_request_shows_domain_short_code_sum_and_clock(offline: Offline) -> None:
    offline.ask()
    frame = offline.money.frame
    assert (frame.part, frame.host, frame.sum_text) == ("pay", "127.0.0.1", "20,00\u00a0€")
    assert frame.code == offline.code.short
    assert frame.age.text == "5:00"
    assert offline.code.url.split("#")[0].endswith("/code")
    assert "12 chiffres" in " ".join(frame.spoken)


def test_a_code_from_the_phone_loads_the_card(offline: Offline) -> None:
    offline.ask()
    offline.enter(offline.phone())
    assert offline.money.at(Stage.DONE)
    assert offline.money.frame.part == "receipt"
    reading = offline.money.wallet.reading
    assert reading is not None
    assert reading.face.balance == Money(3240)
    assert offline.money.entries() == 1


def test_a_card_that_was_lifted_is_asked_for(offline: Offline) -> None:
    offline.ask()
    digits = offline.phone()
    offline.money.lift()
    offline.enter(digits)
    assert offline.money.frame.headline == "Code accepté. Posez la carte."
    offline.money.lay()
    assert offline.money.at(Stage.DONE)


def test_typed_digits_are_shown_in_groups(offline: Offline) -> None:
    offline.ask()
    offline.type("123456")
    assert offline.money.frame.code == "1234 56·· ····"
    offline.money.topup.press("erase")
    offline.money.topup.press(",")
    assert offline.money.frame.code == "1234 5··· ····"


def test_a_wrong_code_is_told_with_the_tries_left(offline: Offline) -> None:
    offline.ask()
    offline.enter(wrong(offline.phone()))
    frame = offline.money.frame
    assert frame.banner.text == "Ce code n’est pas le bon. Comparez-le avec votre téléphone."
    assert frame.limits == "Essais restants\u00a0: 4"
    assert offline.code.digits == ""


def test_five_wrong_codes_close_it_and_say_that_nothing_is_lost(offline: Offline) -> None:
    offline.ask()
    digits = wrong(offline.phone())
    for _ in range(5):
        offline.enter(digits)
    assert offline.money.frame.headline == "Ce code ne peut plus servir."
    assert "rien n’est perdu" in offline.money.frame.detail
    offline.money.act()
    assert offline.money.frame.part == "amount"


def test_nothing_is_wiped_while_the_request_is_shown_and_then_it_is(offline: Offline) -> None:
    offline.ask()
    assert offline.money.wallet.in_flight
    offline.money.poll(KEPT_S)
    assert not offline.money.wallet.in_flight
    assert offline.money.frame.headline == "Le temps est écoulé."


def test_a_paid_code_may_be_typed_later_with_the_same_card(offline: Offline) -> None:
    offline.ask()
    digits = offline.phone()
    offline.money.lift()
    offline.money.app.end()
    offline.money.settle()
    offline.money.clock.move(3600)
    offline.money.lay()
    offline.money.act()
    offline.money.settle()
    assert [row.key for row in offline.money.frame.rows] == [AWAITED]
    offline.money.topup.open(AWAITED, "")
    offline.enter(digits)
    assert offline.money.at(Stage.DONE)


def test_a_code_whose_time_is_over_is_not_offered(offline: Offline) -> None:
    offline.ask()
    offline.money.lift()
    offline.money.app.end()
    offline.money.settle()
    offline.money.clock.move(REDEEM_MAX / timedelta(seconds=1))
    offline.money.lay()
    offline.money.act()
    assert offline.money.frame.rows == ()


def test_leaving_forgets_digits_and_request(offline: Offline) -> None:
    offline.ask()
    offline.type("1234")
    offline.money.app.end()
    offline.money.settle()
    assert offline.money.wallet.code is None


def test_back_leads_from_the_pad_to_the_request_and_from_there_away(offline: Offline) -> None:
    offline.ask()
    offline.type("12")
    offline.money.topup.back()
    assert (offline.money.frame.part, offline.code.digits) == ("pay", "")
    offline.money.topup.back()
    assert offline.money.frame.part == "amount"


def test_cancelling_says_that_a_paid_code_stays_valid(offline: Offline) -> None:
    offline.ask()
    offline.money.act()
    assert offline.money.frame.action.detail == "Un code payé reste valable"
    offline.money.act()
    assert offline.money.wallet.code is None


def test_a_load_that_waits_for_the_network_is_not_called_paid(offline: Offline) -> None:
    offline.ask()
    offline.money.desk._become(
        replace(offline.money.wallet, code=replace(offline.code, end="pending"))
    )
    assert offline.money.frame.headline == "Code accepté, à confirmer."
    assert not offline.money.wallet.in_flight


def test_a_phone_that_reaches_no_bank_shows_no_code(offline: Offline) -> None:
    offline.ask()
    gone = replace(offline.code, url="http://127.0.0.1:9/code#ALV1:0")
    offline.money.desk._become(replace(offline.money.wallet, code=gone))
    assert offline.phone() == ""


class Citizen(Kiosk):
    """Somebody in front of the window."""

    def __init__(self, qtbot: QtBot, money: MoneyKiosk) -> None:
        self.money = money
        self.open_over(qtbot, money.app, money.kiosk.context, money.clock)

    def touch(self, name: str) -> None:
        self.clock.move(SETTLED_S)
        self.tap(name)
        self.money.settle()
        self.money.settle()
        self.settle()


@pytest.fixture
def citizen(qtbot: QtBot, money: MoneyKiosk) -> Iterator[Citizen]:
    made = Citizen(qtbot, money)
    yield made
    made.close()


def test_a_citizen_pays_by_code_by_touch_alone(citizen: Citizen) -> None:
    offline = Offline(citizen.money)
    citizen.money.lay()
    citizen.settle()
    for name in ("Recharger", "20,00\u00a0€", "Payer 20,00\u00a0€"):
        citizen.touch(name)
    citizen.touch("Avec votre téléphone, puis un code")
    assert "127.0.0.1" in citizen.texts()
    assert offline.code.short in citizen.texts()
    digits = offline.phone()
    citizen.touch("Taper le code")
    for digit in digits:
        citizen.touch(digit)
    citizen.touch("Valider le code")
    assert "C’est fait." in citizen.texts()


def test_the_tray_shows_what_the_phone_shows(offline: Offline) -> None:
    offline.ask()
    assert cast("bool", offline.money.tray.property("canPay"))
    assert len(offline.phone()) == CODE_LEN
    assert cast("bool", offline.money.tray.property("cutOff"))
    offline.money.tray.cutNetwork()
    assert not cast("bool", offline.money.tray.property("cutOff"))
