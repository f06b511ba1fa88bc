"""The staff's till on screen: from the counted float to the signed closing, by two badges."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.demonstration import SECOND_PIN, STAFF_PIN
from kiosk.app.installed import Installed
from kiosk.app.tour_stage import in_role
from kiosk.domain.money import Money
from kiosk.domain.till import TillState
from kiosk.store.database import ContentReader
from kiosk.store.ledger_read import verify_file
from kiosk.usecases.reload_progress import Stage
from tests.conftest import MovedClock
from tests.ui.money import MoneyKiosk
from ui.till import TillView
from ui.viewmodels.pin import PinViewModel
from ui.viewmodels.till import TillsumViewModel
from ui.views.till_sum import TillSumFrame

OWN, BADGE, SECOND = 0, 4, 7


class Counter(MoneyKiosk):
    """A counter, driven as its agent would."""

    @property
    def view(self) -> TillView:
        return self.kiosk.context.till

    @property
    def state(self) -> str:
        assert self.view.known is not None
        return self.view.known.till.state.value

    @property
    def form(self) -> TillSumFrame:
        return cast("TillSumFrame", self.app.opened.frame)

    def enter(self, digits: str) -> None:
        """Type a code and confirm."""
        pad = self.app.opened
        assert isinstance(pad, PinViewModel)
        for digit in digits:
            pad.press(digit)
        pad.act()
        self.settle()

    def log_in(self) -> None:
        self.lay(BADGE)
        self.enter(STAFF_PIN)
        self.lift()
        self.show("till")

    def show(self, route: str, argument: str = "") -> None:
        self.app.show(route, argument)
        self.settle()

    def fill(self, purpose: str, *fields: str) -> None:
        """Type a form's fields; the last one isn't handed over yet."""
        self.show("till-sum", purpose)
        form = self.app.opened
        assert isinstance(form, TillsumViewModel)
        for place, field in enumerate(fields):
            if place:
                form.act()
                self.clock.move(1)
            for key in field:
                form.press(key)

    def give(self, purpose: str, *fields: str) -> None:
        """Type a form and hand it over."""
        self.fill(purpose, *fields)
        self.app.opened.act()
        self.settle()

    def tap_row(self, key: str) -> None:
        """Touch a row of the open screen."""
        row = next(row for row in self.app.opened.frame.rows if row.key == key)
        self.app.opened.open(row.route, row.argument)
        self.settle()

    def row_keys(self) -> list[str]:
        return [row.key for row in self.app.opened.frame.rows]

    def balance(self) -> Money:
        reading = self.wallet.reading
        assert reading is not None
        return reading.face.balance


@pytest.fixture
def boot(
    qtbot: QtBot, demo: Installed, clock: MovedClock, money: MoneyKiosk
) -> Iterator[Callable[[], Counter]]:
    """Start the counter's kiosk, on what the one before has left."""
    booted: list[MoneyKiosk] = [money]
    folder = money.path.parent

    def one() -> Counter:
        booted[-1].close()
        own = replace(in_role(demo, "counter"), content=ContentReader(folder / "content.db"))
        made = Counter(qtbot, own, clock, folder)
        booted.append(made)
        return made

    yield one
    booted[-1].close()


@pytest.fixture
def counter(boot: Callable[[], Counter]) -> Counter:
    return boot()


@pytest.fixture
def till(counter: Counter) -> Counter:
    counter.log_in()
    counter.give("open", "150")
    return counter


def test_the_counter_leads_to_a_closed_till(counter: Counter) -> None:
    counter.lay(BADGE)
    counter.enter(STAFF_PIN)
    assert "till" in [row.route for row in counter.app.opened.frame.rows]
    counter.show("till")
    assert counter.state == TillState.CLOSED
    assert counter.row_keys() == ["open", "drawer", "meter"]


def test_the_counted_float_opens_it(till: Counter) -> None:
    assert (till.route, till.state) == ("till", TillState.OPEN)
    assert "Reçu n° 1." in till.app.opened.frame.banner.text
    assert "tenue par vous" in till.app.opened.frame.lead


def test_a_form_shows_figures_words_and_the_change(till: Counter) -> None:
    till.lay(OWN)
    assert till.route == "till"
    till.fill("cash", "20", "50")
    assert till.form.figure == "50\u00a0€"
    assert till.form.said == "cinquante euros"
    assert till.form.change == "À rendre\u00a0: 30,00\u00a0€ (trente euros)."
    assert "Somme à recharger\u00a0: 20,00\u00a0€" in till.form.before
    assert any("trente euros" in said for said in till.form.spoken)


def test_too_little_cash_can_t_be_handed_over(till: Counter) -> None:
    till.lay(OWN)
    till.fill("cash", "20", "10")
    assert till.form.change == "Il manque 10,00\u00a0€ (dix euros)."
    assert not till.form.ready


def test_a_reload_waits_for_its_card(till: Counter) -> None:
    till.fill("cash", "20")
    assert (till.form.ready, till.form.headline) == (False, "Posez la carte de la personne")
    till.lay(OWN)
    assert (till.route, till.form.ready) == ("till-sum", True)


def test_cash_loads_the_card_and_staff_stay_at_their_counter(till: Counter) -> None:
    till.lay(OWN)
    before = till.balance()
    till.give("cash", "20", "50")
    assert till.route == "topup"
    till.poll(1)
    assert till.at(Stage.DONE)
    assert till.balance() == before + Money(2_000)
    till.act()
    assert till.route == "counter"
    assert till.kiosk.context.identity.staff is not None


def test_a_cheque_does_too(till: Counter) -> None:
    till.lay(OWN)
    till.give("cheque", "30")
    till.poll(1)
    assert till.at(Stage.DONE)
    till.act()
    till.show("till")
    till.give("slip", "77")
    assert "Reçu n° 3." in till.app.opened.frame.banner.text


def test_what_the_till_refuses_is_told_on_the_form(till: Counter) -> None:
    till.lay(OWN)
    till.give("cash", "301", "301")
    assert till.route == "till-sum"
    assert till.form.banner.text == "Ce montant n’est pas possible. Choisissez-en un autre."


def test_a_card_is_emptied_and_its_sum_told_in_words(till: Counter) -> None:
    till.lay(OWN)
    till.tap_row("empty")
    assert till.route == "till-case"
    till.act()
    assert till.route == "till"
    assert "Remettez 12,40\u00a0€ (douze euros quarante) à la personne." in (
        till.app.opened.frame.banner.text
    )
    assert till.balance() == Money(0)


def test_nothing_is_refunded_without_a_card(till: Counter) -> None:
    till.tap_row("empty")
    assert not till.app.opened.frame.action.honey
    till.act()
    assert till.route == "till"


def test_a_large_refund_asks_for_a_second_badge_then_for_the_card_again(till: Counter) -> None:
    till.lay(OWN)
    till.give("cash", "60", "60")
    till.poll(1)
    till.act()
    till.show("till")
    till.give("refund", "60")
    assert (till.route, till.app.opened.argument) == ("pin", "second")
    till.lay(SECOND)
    till.enter(SECOND_PIN)
    assert till.route == "till-card"
    assert not till.app.opened.frame.action.honey
    till.lay(OWN)
    till.app.opened.act()
    till.settle()
    assert till.route == "till"
    assert "60,00\u00a0€ (soixante euros)" in till.app.opened.frame.banner.text
    assert till.balance() == Money(1_240)


def test_the_same_badge_twice_is_one_person(till: Counter) -> None:
    till.give("deposit", "50", "12")
    till.give("reverse", "2")
    till.lay(BADGE)
    till.enter(STAFF_PIN)
    assert till.route == "pin"
    assert "Il faut deux personnes" in till.app.opened.frame.banner.text


def test_a_second_persons_wrong_code_counts(till: Counter) -> None:
    till.give("deposit", "50", "12")
    till.give("reverse", "2")
    till.lay(SECOND)
    till.enter("0000")
    assert "Il reste 4 essais." in till.app.opened.frame.banner.text
    till.enter(SECOND_PIN)
    assert "contre-passée" in till.app.opened.frame.banner.text


def test_a_second_person_who_walks_away_leaves_nothing_pending(till: Counter) -> None:
    till.give("deposit", "50", "12")
    till.give("reverse", "2")
    till.app.opened.back()
    assert till.view.pending is None
    till.app.opened.back()
    assert till.kiosk.context.tills is not None
    till.kiosk.context.tills.resume()
    till.settle()
    assert till.view.told is None


def test_the_till_is_handed_over_to_the_second_badge(till: Counter) -> None:
    till.give("handover", "150", "0")
    till.lay(SECOND)
    till.enter(SECOND_PIN)
    assert till.route == "till"
    assert "tenue par badge" in till.app.opened.frame.lead


def test_the_expected_sum_is_nowhere_before_the_count(till: Counter) -> None:
    till.lay(OWN)
    till.give("cash", "20", "20")
    till.poll(1)
    till.act()
    for route in ("till", "till-list", "till-paper"):
        till.show(route)
        frame = till.app.opened.frame
        told = " ".join([*frame.spoken, *(f"{row}" for row in frame.rows), f"{frame}"])
        assert "170,00" not in told
    till.show("till")
    till.tap_row("report")
    assert "Ce badge ne donne pas le droit" in till.app.opened.frame.banner.text


def test_a_count_shows_the_difference_and_closing_signs_the_day(till: Counter) -> None:
    till.give("count", "147,50", "0")
    assert (till.route, till.state) == ("till-paper", TillState.COUNTED)
    papers = {row.heading: row.trailing for row in till.app.opened.frame.rows}
    assert papers["Écart au comptage (constaté) (n° 2), espèces"] == "-2,50\u00a0€"
    till.app.opened.act()
    till.settle()
    assert till.state == TillState.COUNTED  # a second tap meant the first one
    till.act()
    assert till.state == TillState.CLOSED
    assert "clôturée" in till.app.opened.frame.banner.text
    till.close()
    verdict = verify_file(till.path)
    assert (verdict.sound, verdict.closings, verdict.entries) == (True, 1, 3)


def test_a_large_difference_closes_with_two_people(till: Counter) -> None:
    till.give("count", "100", "0")
    till.act()
    assert till.route == "pin"
    till.lay(SECOND)
    till.enter(SECOND_PIN)
    assert till.state == TillState.CLOSED


def test_a_surprise_check_stops_the_till_until_it_is_counted(till: Counter) -> None:
    till.tap_row("freeze")
    till.act()
    assert till.state == TillState.FROZEN
    assert till.row_keys()[0] == "check"
    till.give("check", "150", "0")
    assert till.route == "till-paper"
    assert till.app.opened.frame.rows[-1].heading == "Aucun écart"
    assert till.state == TillState.OPEN


def test_a_torn_card_is_loaded_when_it_lies_there_again(till: Counter) -> None:
    till.lay(OWN)
    reading = till.wallet.reading
    assert reading is not None
    till.fill("cash", "20", "20")
    till.tray.tear()
    till.app.opened.act()
    till.settle()
    till.poll(1)
    assert till.at(Stage.CARD_AGAIN)
    till.lay(OWN)
    till.poll(1)
    assert till.at(Stage.DONE)
    till.app.home()
    till.show("till")
    assert "list" not in till.row_keys()


def test_codes_are_in_no_file(till: Counter, tmp_path: Path) -> None:
    till.give("deposit", "50", "12")
    till.give("reverse", "2")
    till.lay(SECOND)
    till.enter(SECOND_PIN)
    till.close()
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.name == "ledger.db" for file in files)
    codes = (STAFF_PIN.encode(), SECOND_PIN.encode())
    held = [f.name for f in files if f.suffix != ".bin" and any(c in f.read_bytes() for c in codes)]
    assert [name for name in held if not name.startswith("content")] == []


def test_the_end_of_the_visit_forgets_the_till(till: Counter) -> None:
    till.app.end()
    assert till.view.known is None


def test_a_double_tap_on_next_stays_on_the_form(till: Counter) -> None:
    till.show("till-sum", "count")
    form = till.app.opened
    assert isinstance(form, TillsumViewModel)
    form.press("1")
    form.act()
    form.act()
    assert (till.route, till.form.headline) == ("till-sum", "Chèques comptés")


def leave_a_case(till: Counter) -> None:
    """Take cash for a card that is lifted before it is written."""
    till.lay(OWN)
    till.give("cash", "20", "20")
    till.lift()
    till.poll(100)
    till.app.home()
    till.show("till")


def test_money_for_a_card_that_left_waits_on_the_list_and_is_given_back(till: Counter) -> None:
    leave_a_case(till)
    till.tap_row("list")
    (row,) = till.app.opened.frame.rows
    assert (row.heading, row.trailing) == ("Somme à rendre", "20,00\u00a0€")
    till.tap_row(row.key)
    assert "Rendez la somme" in till.app.opened.frame.rows[0].detail
    till.tap_row("back")
    assert "Remettez 20,00\u00a0€ (vingt euros)" in till.app.opened.frame.banner.text
    assert "list" not in till.row_keys()


def manual(till: Counter, state: str) -> None:
    """Leave a top-up as a bug or a broken card would: nobody but staff can judge it."""
    till.lay(OWN)
    till.give("cash", "20", "20")
    till.lift()
    till.app.home()
    till.close()
    with closing(sqlite3.connect(till.path)) as connection, connection:
        connection.execute("UPDATE topup SET state = ?", (state,))


@pytest.mark.parametrize(("way", "told"), [("loaded", "rechargée"), ("unloaded", "à rendre")])
def test_a_manager_settles_what_only_staff_can_judge(
    till: Counter, boot: Callable[[], Counter], way: str, told: str
) -> None:
    manual(till, "manual")
    again = boot()
    again.log_in()
    again.tap_row("list")
    again.tap_row(again.row_keys()[0])
    assert "Lisez la carte" in again.app.opened.frame.rows[0].detail
    again.tap_row(way)
    assert told in again.app.opened.frame.banner.text
    again.show("till-case", "gone")
    assert again.app.opened.frame.empty == "C’est réglé."
