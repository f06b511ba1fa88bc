"""The top-up's screen, stage by stage, as it is built from where the use case stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.domain.counter_code import grouped, load_code
from kiosk.domain.money import Money
from kiosk.domain.payment import CARD_MAX, PAY_MAX, TopupState
from kiosk.usecases.reload_progress import Progress, Stage
from tests.conftest import MovedClock
from tests.steps import NAMES, play
from tests.unit.ui.views.world import NOW
from ui.context import Context
from ui.qr import code_of, matrix_of, read_code
from ui.views.topup import AGAIN_MAX, build_topup
from ui.views.topup_frame import AGAIN, CANCEL, END, LATER, PAY, TELLINGS, TopupFrame
from ui.wallet import Given, Wallet

Orne = Callable[..., Context]


@pytest.fixture
def context(orne: Orne) -> Context:
    return orne()


def shown(context: Context, step: str, **changes: object) -> TopupFrame:
    play(step, context)
    context.wallet = replace(context.wallet, **changes)  # type: ignore[arg-type]  # real fields
    return build_topup(context)


def at_stage(context: Context, state: TopupState, stage: Stage, note: str = "") -> TopupFrame:
    """Show the demo's payment in another state, as only time or the bank bring it about."""
    play("topup-pay", context)
    progress = under_way(context)
    row = replace(progress.row, state=state, note=note)
    moved = replace(progress, row=row, stage=stage, message_key=note)
    context.wallet = replace(context.wallet.lifted(), progress=moved)
    return build_topup(context)


def under_way(context: Context) -> Progress:
    progress = context.wallet.progress
    assert progress is not None
    return progress


def later(context: Context, by: timedelta) -> TopupFrame:
    clock = context.clock
    assert isinstance(clock, MovedClock)
    clock.move(by.total_seconds())
    return build_topup(context)


def phases(frame: TopupFrame) -> list[str]:
    return [step.phase for step in frame.steps]


@pytest.mark.parametrize(
    ("step", "marks"),
    [
        ("topup-amount", ["now", "next", "next"]),
        ("topup-pay", ["done", "now", "next"]),
        ("topup-card", ["done", "done", "now"]),
        ("topup-torn", ["done", "done", "now"]),
        ("receipt", ["done", "done", "done"]),
    ],
)
def test_the_steps_tell_where_the_citizen_is(context: Context, step: str, marks: list[str]) -> None:
    assert phases(shown(context, step)) == marks


def test_a_sum_is_shown_in_figures_and_words_with_the_new_balance(context: Context) -> None:
    frame = shown(context, "topup-amount")
    assert frame.sum_text == "20,00\u00a0€"
    assert frame.sum_words == "vingt euros, nouveau solde\u00a0: 32,40\u00a0€"
    assert frame.action.title == "Payer 20,00\u00a0€"
    assert frame.does == PAY


def test_ten_twenty_fifty_and_a_free_sum_are_offered(context: Context) -> None:
    frame = shown(context, "topup-amount")
    assert [one.label for one in frame.choices] == [
        "10,00\u00a0€",
        "20,00\u00a0€",
        "50,00\u00a0€",
        "Autre montant",
    ]
    assert [one.chosen for one in frame.choices] == [False, True, False, False]


def test_the_limits_are_said(context: Context) -> None:
    assert shown(context, "topup-amount").limits == (
        "De 1,00\u00a0€ à 137,60\u00a0€. La carte contient au plus 150,00\u00a0€."
    )


def test_a_typed_sum_is_shown_as_it_is_typed(context: Context) -> None:
    frame = shown(context, "topup-typed")
    assert frame.pad
    assert frame.sum_text == "12,5\u00a0€"
    assert frame.action.title == "Payer 12,50\u00a0€"


def test_nothing_typed_can_t_be_paid(context: Context) -> None:
    frame = shown(context, "topup-typed", draft="")
    assert frame.sum_text == "0\u00a0€"
    assert (frame.does, frame.action.title) == (CANCEL, "Annuler")


@pytest.mark.parametrize(
    ("draft", "words"), [("0,5", "pas possible"), ("140", "dépasserait"), ("999", "pas possible")]
)
def test_a_sum_outside_the_limits_says_why_and_can_t_be_paid(
    context: Context, draft: str, words: str
) -> None:
    frame = shown(context, "topup-typed", draft=draft)
    assert words in frame.banner.text
    assert frame.does == CANCEL


def test_a_sum_that_doesn_t_fit_the_purse_can_t_be_chosen(context: Context) -> None:
    play("topup-amount", context)
    reading = context.wallet.reading
    assert reading is not None
    context.wallet = replace(context.wallet, reading=replace(reading, room=Money(1500)))
    frame = build_topup(context)
    assert [one.usable for one in frame.choices] == [True, False, False, True]


def test_a_closed_journal_lets_nobody_pay(context: Context) -> None:
    frame = shown(context, "topup-amount", closed="ledger.busy")
    assert frame.does == CANCEL
    assert "Réessayez" in frame.banner.text


def test_without_its_card_no_sum_can_be_chosen(context: Context) -> None:
    play("topup-amount", context)
    context.wallet = context.wallet.lifted()
    frame = build_topup(context)
    assert frame.part == "told"
    assert frame.headline == "Posez votre carte"
    assert "12,40" not in repr(frame)


def test_masking_hides_the_new_balance_too(context: Context) -> None:
    frame = shown(context, "topup-amount", masked=True)
    assert "32,40" not in frame.sum_words
    assert "12,40" not in frame.subtitle


def test_paying_shows_the_code_the_domain_in_clear_and_the_short_code(context: Context) -> None:
    frame = shown(context, "topup-pay")
    assert frame.host == "paiement-simule.example"
    assert frame.code == "AB12-CD34"
    assert frame.qr == code_of(matrix_of("https://paiement-simule.example/p/AB12-CD34"))
    assert frame.waiting == "En attente du paiement"


def test_paying_is_marked_as_simulated(context: Context) -> None:
    frame = shown(context, "topup-pay")
    assert frame.simulated
    assert frame.age.demo


def test_paying_can_be_given_up_and_says_that_nothing_is_taken(context: Context) -> None:
    frame = shown(context, "topup-pay")
    assert (frame.action.title, frame.action.detail) == ("Annuler", "Rien n’est débité")
    assert frame.does == CANCEL


def test_only_ways_to_pay_that_exist_are_listed(context: Context) -> None:
    assert [row.heading for row in shown(context, "topup-pay").rows] == ["Payer au guichet"]


def test_the_counter_s_sentence_names_code_and_sum(context: Context) -> None:
    before = shown(context, "topup-pay").rows[0]
    after = shown(context, "topup-counter").rows[0]
    assert before.route == "counter"
    assert after.route == ""
    code = load_code(Money(2_000), context.wallet.last_four)
    assert after.heading == f"Code du guichet\u00a0: {grouped(code)}"
    assert "20,00\u00a0€" in after.detail


def test_the_clock_runs_down_to_nothing(context: Context) -> None:
    assert shown(context, "topup-pay").age.text == "5:00"
    assert later(context, timedelta(seconds=61)).age.text == "3:59"
    assert later(context, PAY_MAX).age.text == "0:00"


def test_before_the_bank_has_answered_there_is_nothing_to_scan(context: Context) -> None:
    play("topup-pay", context)
    context.wallet = replace(
        context.wallet, progress=replace(under_way(context), payment=None), counter=True
    )
    frame = build_topup(context)
    assert (frame.qr, frame.host, frame.code) == ("", "", "")
    assert frame.waiting == "Un instant…"
    assert frame.rows[0].route == ""
    assert "Donnez ce code" in frame.rows[0].detail  # it needs no network


def test_without_a_card_that_is_known_no_code_is_given(context: Context) -> None:
    play("topup-pay", context)
    context.wallet = replace(context.wallet, last_four="", counter=True)
    (row,) = build_topup(context).rows
    assert (row.route, row.detail) == ("", "En espèces\u00a0: un code vous est donné")


def test_a_lifted_card_takes_the_balances_with_it(context: Context) -> None:
    play("topup-pay", context)
    context.wallet = context.wallet.lifted()
    frame = build_topup(context)
    assert frame.subtitle == "Carte ••••\u00a04821"
    assert frame.sum_words == "vingt euros"


def test_an_accepted_payment_asks_for_the_card_and_never_says_paid(context: Context) -> None:
    frame = shown(context, "topup-card")
    assert frame.headline == "Paiement accepté. Posez la carte."
    assert frame.does == CANCEL
    left = int(CARD_MAX.total_seconds())
    assert frame.age.text == f"{left // 60}:{left % 60:02d}"


def test_another_card_is_told_to_be_another(context: Context) -> None:
    frame = shown(context, "topup-card", problem="card.other")
    assert frame.banner.text == "C’est une autre carte. Reposez celle du début."


def test_a_torn_card_is_asked_for_again_and_can_t_be_given_up(context: Context) -> None:
    frame = shown(context, "topup-torn")
    assert frame.headline == "Reposez la même carte."
    assert frame.does == END
    assert frame.banner.text == ""


def test_a_torn_card_that_doesn_t_come_back_may_come_later(context: Context) -> None:
    shown(context, "topup-torn")
    frame = later(context, AGAIN_MAX)
    assert frame.headline == LATER.headline
    assert frame.age.text == ""


def test_a_declined_payment_says_so_once(context: Context) -> None:
    frame = shown(context, "topup-declined")
    assert frame.headline == "Le paiement a été refusé."
    assert "Rien n’est débité" in frame.detail
    assert frame.banner.text == ""
    assert frame.does == AGAIN


@pytest.mark.parametrize(
    ("state", "stage", "does"),
    [
        (TopupState.CAPTURING, Stage.CONFIRMING, END),
        (TopupState.CANCELING, Stage.LEAVING, END),
        (TopupState.CANCELED, Stage.CANCELED, AGAIN),
        (TopupState.REFUNDING, Stage.REFUND, END),
        (TopupState.MANUAL, Stage.STAFF, END),
    ],
)
def test_every_other_end_has_its_own_words(
    context: Context, state: TopupState, stage: Stage, does: str
) -> None:
    frame = at_stage(context, state, stage)
    assert frame.headline == TELLINGS[stage].headline
    assert frame.does == does
    assert frame.spoken[0] == frame.headline


def test_every_stage_but_paying_is_told(context: Context) -> None:
    assert set(TELLINGS) == set(Stage) - {Stage.PAY}


def test_what_is_accepted_is_to_be_confirmed_not_paid(context: Context) -> None:
    frame = at_stage(context, TopupState.CAPTURING, Stage.CONFIRMING)
    assert "à confirmer" in frame.headline
    assert "payé" not in f"{frame.headline} {frame.detail}".lower()


def test_staff_are_given_the_number_to_look_for(context: Context) -> None:
    frame = at_stage(context, TopupState.MANUAL, Stage.STAFF, "payment.unknown")
    assert "T-1042" in frame.detail


def test_a_top_up_given_up_for_its_card_says_why(context: Context) -> None:
    frame = at_stage(context, TopupState.CANCELED, Stage.CANCELED, "card.blocked")
    assert "bloquée" in frame.banner.text


def test_the_receipt_is_asked_for_once_it_is_done(context: Context) -> None:
    frame = shown(context, "receipt")
    assert frame.part == "receipt"
    assert frame.headline == "C’est fait."
    assert frame.sum_words == "vingt euros, nouveau solde\u00a0: 32,40\u00a0€"
    assert frame.qr == ""


def test_the_receipt_s_code_carries_its_lines(context: Context) -> None:
    frame = shown(context, "receipt-qr")
    assert frame.lines == (
        "Reçu de recharge",
        "SIMULATION\u00a0: aucune somme réelle",
        "L’Orne",
        "22/11/2026 10:42",
        "Carte ••••\u00a04821",
        "Montant\u00a0: 20,00\u00a0€",
        "Écriture n°\u00a01",
    )
    assert read_code(frame.qr) is not None


def told_with(context: Context, given: Given, **changes: object) -> TopupFrame:
    return shown(context, "receipt", given_receipt=given, **changes)


GIVEN = Given(entry=1)


def test_a_kiosk_without_a_printer_says_so(context: Context) -> None:
    given = replace(GIVEN, problem="printer.unavailable")
    assert told_with(context, given, receipt="print").waiting == "Cette borne n’a pas d’imprimante."


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (GIVEN, ""),
        (replace(GIVEN, busy=True), "Un instant…"),
        (replace(GIVEN, problem="printer.paper"), "Il n’y a plus de papier."),
        (replace(GIVEN, problem="printer.unavailable"), "L’imprimante ne répond pas."),
        (replace(GIVEN, copies=1, printed=True), "Prenez votre reçu."),
        (replace(GIVEN, copies=2, printed=True), "Prenez votre duplicata."),
    ],
    ids=["nothing yet", "busy", "no paper", "no answer", "printed", "printed again"],
)
def test_how_the_receipt_stands_is_told(context: Context, given: Given, words: str) -> None:
    frame = told_with(context, given, receipt="print", printer=True)
    assert frame.waiting.startswith(words)
    assert bool(frame.waiting) is bool(words)


def test_the_receipt_of_another_top_up_is_not_shown(context: Context) -> None:
    given = Given(entry=99, copies=1, printed=True, lines=("another",), qr="21/0")
    frame = told_with(context, given, receipt="qr")
    assert (frame.qr, frame.lines, frame.waiting, frame.wish) == ("", (), "", "")


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("card")])
def test_every_step_speaks_and_never_names_the_whole_card(orne: Orne, name: str) -> None:
    for language in ("fr", "en"):
        context = orne(NOW, language)
        assert play(name, context) == "topup"
        frame = build_topup(context)
        assert all(frame.spoken)
        assert "ALV61" not in repr(frame)


def test_before_any_card_the_top_up_asks_for_one(context: Context) -> None:
    context.wallet = Wallet(problem="card.foreign", lying=True)
    assert build_topup(context).headline.startswith("Ce n’est pas une carte")
