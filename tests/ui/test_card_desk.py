"""Card and top-up from the reader to the journal, through the view models."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.installed import Installed
from kiosk.domain.idle import Phase
from kiosk.store.ledger import Ledger
from kiosk.usecases.reload_progress import Stage
from tests.conftest import MovedClock
from tests.ui.money import BANK_CARD, CARD, NEW_CARD, MoneyKiosk
from ui.viewmodels.card import CardViewModel

EVERYWHERE = ["hive", "search", "comfort", "help", "attract", "card"]


# the whole way


def test_a_top_up_goes_from_the_sum_to_one_sound_entry(money: MoneyKiosk) -> None:
    money.ask()
    assert money.at(Stage.PAY)
    money.phone()
    assert money.at(Stage.DONE)
    assert money.frame.part == "receipt"
    assert money.frame.subtitle == "Carte ••••\u00a04821, solde 32,40\u00a0€"
    assert money.entries() == 1


def test_the_card_may_be_lifted_while_the_phone_pays(money: MoneyKiosk) -> None:
    money.ask()
    money.lift()
    money.phone()
    assert money.at(Stage.CARD)
    money.lay()
    assert money.at(Stage.DONE)
    assert money.route == "topup"
    assert money.entries() == 1


def test_a_typed_sum_is_loaded_to_the_cent(money: MoneyKiosk) -> None:
    money.choose("other")
    for key in ("1", "2", ",", "5", "erase", "4"):
        money.topup.press(key)
    assert money.shown("sumText") == "12,4\u00a0€"
    money.act()
    money.phone()
    assert money.frame.subtitle.endswith("24,80\u00a0€")
    assert money.entries() == 1


def test_two_top_ups_of_one_visit_are_two_entries(money: MoneyKiosk) -> None:
    money.ask()
    money.phone()
    money.topup.back()
    assert money.route == "card"
    money.act()
    money.topup.choose("1000")
    money.act()
    money.phone()
    assert money.frame.subtitle.endswith("42,40\u00a0€")
    assert money.entries() == 2


# laying and lifting


@pytest.mark.parametrize("route", EVERYWHERE)
def test_a_laid_card_opens_its_screen_from_anywhere(money: MoneyKiosk, route: str) -> None:
    money.app.show(route, "")
    money.lay()
    assert money.route == "card"
    assert money.shown("balance") == "12,40\u00a0€"


def test_a_laid_card_begins_a_visit_that_idle_wipes(money: MoneyKiosk) -> None:
    money.lay()
    assert money.app.property("phase") == Phase.ACTIVE
    money.clock.move(61)
    money.app.tick()
    assert money.route == "hive"
    assert money.wallet.reading is None


def test_a_lifted_card_hides_its_private_part_before_anything_runs(money: MoneyKiosk) -> None:
    money.lay()
    money.tray.lift()
    assert money.shown("known") is False
    assert money.shown("balance") == ""
    assert money.app.opened.frame.rows == ()


def test_something_else_than_a_card_is_refused_politely(money: MoneyKiosk) -> None:
    money.lay(BANK_CARD)
    assert money.route == "card"
    assert str(money.shown("headline")).startswith("Ce n’est pas une carte")


def test_another_card_shows_itself_and_forgets_the_choice(money: MoneyKiosk) -> None:
    money.choose()
    money.lay(NEW_CARD)
    assert money.frame.subtitle.startswith("Carte ••••\u00a07306")
    assert money.wallet.draft == ""


def test_the_same_card_laid_again_keeps_the_choice(money: MoneyKiosk) -> None:
    money.choose()
    money.lift()
    assert money.frame.headline == "Posez votre carte"
    money.lay()
    assert money.route == "topup"
    assert money.frame.sum_text == "20,00\u00a0€"


def test_the_screen_opened_over_a_lying_card_reads_it_again(money: MoneyKiosk) -> None:
    money.lay()
    money.app.end()
    assert money.wallet.reading is None
    money.app.show("card", "carte")
    money.settle()
    assert money.shown("balance") == "12,40\u00a0€"


def test_a_card_laid_after_a_receipt_shows_the_card(money: MoneyKiosk) -> None:
    money.ask()
    money.phone()
    money.lay(NEW_CARD)
    assert money.route == "card"
    assert money.shown("balance") == "0,00\u00a0€"


def test_the_kiosk_sees_a_card_that_lay_there_before_it_started(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    late = MoneyKiosk(qtbot, demo, clock, tmp_path, start=False)
    late.tray.lay(CARD)
    late.start()
    assert late.route == "card"
    late.close()


# what goes wrong


def test_another_card_can_t_take_a_running_payment(money: MoneyKiosk) -> None:
    money.ask()
    money.phone_without_card()
    money.lay(NEW_CARD)
    assert money.at(Stage.CARD)
    assert money.frame.banner.text.startswith("C’est une autre carte.")
    assert "7306" not in repr(money.frame)
    money.lay(CARD)
    assert money.at(Stage.DONE)


def test_a_bank_card_can_t_take_a_running_payment(money: MoneyKiosk) -> None:
    money.ask()
    money.phone_without_card()
    money.lay(BANK_CARD)
    assert money.route == "topup"
    assert money.frame.banner.text.startswith("Ce n’est pas une carte")


def test_a_refusing_phone_leaves_everything_as_it_was(money: MoneyKiosk) -> None:
    money.ask()
    money.phone(pays=False)
    assert money.frame.headline == "Le paiement a été refusé."
    money.act()
    assert money.frame.part == "amount"
    assert money.entries() == 0


def test_giving_up_takes_nothing(money: MoneyKiosk) -> None:
    money.ask()
    money.act()
    assert money.at(Stage.CANCELED)
    money.phone()
    assert money.at(Stage.CANCELED)
    assert money.entries() == 0


def test_back_gives_a_running_payment_up(money: MoneyKiosk) -> None:
    money.ask()
    money.clock.move(1)
    money.topup.back()
    money.settle()
    assert money.at(Stage.CANCELED)


def test_a_torn_card_ends_well_when_it_is_laid_again(money: MoneyKiosk) -> None:
    money.ask()
    money.tray.tear()
    money.phone()
    assert money.at(Stage.CARD_AGAIN)
    assert money.tray.property("lies") is False
    money.lay()
    assert money.at(Stage.DONE)
    assert money.wallet.reading is not None
    assert money.wallet.reading.face.balance.cents == 3240
    assert money.entries() == 1


def test_a_torn_card_that_leaves_is_settled_at_its_next_visit(money: MoneyKiosk) -> None:
    money.ask()
    money.tray.tear()
    money.phone()
    money.app.end()
    money.settle()
    money.lay(NEW_CARD)
    assert money.route == "card"
    money.app.end()
    money.lay(CARD)
    assert money.route == "topup"
    assert money.at(Stage.DONE)
    assert money.entries() == 1


def test_a_payment_made_while_the_kiosk_asks_is_seen_at_once(money: MoneyKiosk) -> None:
    money.ask()
    money.desk.poll()
    money.phone()
    money.settle()
    assert money.at(Stage.DONE)


def test_nobody_pays_in_time(money: MoneyKiosk) -> None:
    money.ask()
    money.poll(301)
    assert money.at(Stage.CANCELED)
    assert money.entries() == 0


@pytest.mark.parametrize("leave", ["end", "home"])
def test_leaving_gives_a_running_payment_up(money: MoneyKiosk, leave: str) -> None:
    money.ask()
    getattr(money.app, leave)()
    money.settle()
    money.phone()
    assert money.wallet.progress is None
    assert money.route == "hive"
    assert money.entries() == 0


def test_comfort_in_the_middle_of_a_payment_keeps_it(money: MoneyKiosk) -> None:
    money.ask()
    money.app.show("comfort", "")
    money.phone()
    money.app.back()
    assert money.route == "topup"
    assert money.frame.part == "receipt"


# a second tap, and time


def test_a_second_tap_on_pay_neither_pays_twice_nor_cancels(money: MoneyKiosk) -> None:
    money.choose()
    money.clock.move(1)
    money.app.opened.act()
    money.app.opened.act()
    money.settle()
    money.app.opened.act()
    money.settle()
    assert money.at(Stage.PAY)
    money.phone()
    assert money.entries() == 1


def test_a_second_tap_on_reload_doesn_t_leave_the_top_up(money: MoneyKiosk) -> None:
    money.lay()
    money.act()
    money.app.opened.act()
    assert money.route == "topup"


def test_a_second_tap_on_terminer_doesn_t_show_the_card_again(money: MoneyKiosk) -> None:
    money.lay()
    money.app.end()
    money.app.opened.act()
    money.settle()
    assert money.route == "hive"
    assert money.wallet.reading is None
    money.act()
    assert money.route == "card"


def test_idle_is_held_while_a_payment_is_in_flight(money: MoneyKiosk) -> None:
    money.app.touched()
    money.ask()
    money.clock.move(200)
    money.app.tick()
    assert money.app.property("phase") == Phase.ACTIVE
    money.act()
    money.clock.move(61)
    money.app.tick()
    assert money.route == "hive"


def test_the_visible_clock_runs(money: MoneyKiosk) -> None:
    money.ask()
    before = money.shown("ageText")
    money.poll(10)
    assert money.shown("ageText") != before


def test_a_result_that_comes_after_the_visit_changes_nothing(money: MoneyKiosk) -> None:
    money.choose()
    money.clock.move(1)
    money.app.opened.act()
    money.app.end()
    money.settle()
    assert money.wallet == money.wallet.forgotten()
    assert money.entries() == 0


# the rest of the screen


def test_masking_hides_the_figures_and_a_trembling_finger_doesn_t_undo_it(
    money: MoneyKiosk,
) -> None:
    money.lay()
    card = money.app.opened
    assert isinstance(card, CardViewModel)
    card.mask()
    card.mask()
    assert money.shown("masked") is True
    assert "12" not in str(money.shown("balance"))
    money.clock.move(1)
    card.mask()
    assert money.shown("balance") == "12,40\u00a0€"


def test_what_the_card_holds_is_not_spoken_aloud(money: MoneyKiosk) -> None:
    money.lay()
    money.app.listen()
    voice = money.app._voice
    assert "12,40" not in " ".join(getattr(voice, "transcript", ()))


def test_the_counter_s_code_is_shown_when_it_is_asked_for(money: MoneyKiosk) -> None:
    money.ask()
    money.topup.open("counter", "")
    assert money.frame.rows[0].heading == "Code du guichet\u00a0: 1020\u00a00048\u00a02115"


@pytest.mark.parametrize(("wish", "route"), [("print", "topup"), ("qr", "topup"), ("none", "hive")])
def test_the_receipt_is_taken_as_it_is_wished(money: MoneyKiosk, wish: str, route: str) -> None:
    money.ask()
    money.phone()
    money.clock.move(1)
    money.topup.receipt(wish)
    assert money.route == route
    assert money.wallet.receipt == ("" if wish == "none" else wish)


def test_a_receipt_of_nothing_is_no_receipt(money: MoneyKiosk) -> None:
    money.choose()
    money.topup.receipt("qr")
    money.topup.receipt("none")
    assert money.wallet.receipt == ""
    assert money.route == "topup"


def test_a_sum_that_isn_t_offered_can_t_be_chosen(money: MoneyKiosk) -> None:
    money.choose("999")
    assert money.wallet.draft == ""
    money.topup.press("5")
    assert money.wallet.draft == ""


def test_without_a_card_the_action_leaves(money: MoneyKiosk) -> None:
    money.app.show("card", "")
    money.app.show("topup", "")
    money.act()
    assert money.route == "card"
    money.act()
    assert money.route == "hive"


# the journal


def test_a_journal_that_another_process_writes_closes_money_not_the_card(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    with Ledger(tmp_path / "ledger.db"):
        second = MoneyKiosk(qtbot, demo, clock, tmp_path)
        second.lay()
        assert second.shown("balance") == "12,40\u00a0€"
        assert "Réessayez" in str(second.shown("bannerText"))
        assert second.app.opened.frame.action.title == "Terminer"
    for _ in range(60):
        second.desk.poll()
    second.settle()
    assert second.app.opened.frame.action.title == "Recharger"
    second.close()


def test_a_damaged_journal_closes_money_for_good(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    (tmp_path / "ledger.db").write_bytes(b"not a journal" * 100)
    broken = MoneyKiosk(qtbot, demo, clock, tmp_path)
    broken.lay()
    assert broken.wallet.closed == "ledger.tampered"
    assert "arrêtée" in str(broken.shown("bannerText"))
    broken.close()


def test_a_payment_left_by_a_crash_is_taken_up_when_the_kiosk_starts(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    first = MoneyKiosk(qtbot, demo, clock, tmp_path)
    first.ask()
    first.close()
    second = MoneyKiosk(qtbot, demo, clock, tmp_path)
    second.lay()
    assert second.route == "card"
    assert second.entries() == 0
