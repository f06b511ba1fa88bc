"""A receipt's words, on the screen, on paper and in its code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

import pytest

from kiosk.domain.printing import Setting, Slip
from kiosk.domain.receipt import Mark, Receipt, read_receipt, receipt_code
from kiosk.domain.sealed import PREFIX, known
from tests.signers import OURS, a_receipt
from tests.steps import play
from ui.context import Context
from ui.qr import matrix_of
from ui.views.receipt import carried, fitted, receipt_lines, receipt_of, slip_of

Orne = Callable[..., Context]
MATRIX = matrix_of("x")


@pytest.fixture
def context(orne: Orne) -> Context:
    made = orne()
    play("receipt", made)
    return made


def made(context: Context, copies: int = 0) -> Receipt:
    assert context.wallet.progress is not None
    return receipt_of(context, context.wallet.progress, kiosk="borne", copies=copies)


def rows(slip: Slip) -> list[tuple[str, str]]:
    return [(line.text, line.right) for line in slip.lines]


def test_the_receipt_says_what_was_booked(context: Context) -> None:
    receipt = made(context)
    assert (receipt.number, receipt.entry, receipt.total.cents) == ("T-1042", 1, 2000)
    assert (receipt.territory, receipt.kiosk, receipt.last_four) == ("L’Orne", "borne", "4821")
    assert receipt.marks == Mark.DEMO


def test_a_later_copy_is_a_duplicate_and_says_so_first(context: Context) -> None:
    receipt = made(context, copies=1)
    assert receipt.duplicate
    assert receipt_lines(context, receipt)[1:3] == (
        "SIMULATION\u00a0: aucune somme réelle",
        "DUPLICATA",
    )


def test_a_real_receipt_has_no_word_of_simulation(context: Context) -> None:
    context.wallet = replace(context.wallet, simulated=False, last_four="")
    lines = receipt_lines(context, made(context))
    assert not any("SIMULATION" in line or "Carte" in line for line in lines)


def test_paper_tells_the_sum_in_figures_and_in_words(context: Context) -> None:
    slip = slip_of(context, made(context), MATRIX)
    assert slip.lines[0].setting is Setting.TITLE
    assert rows(slip) == [
        ("L’Orne", ""),
        ("SIMULATION\u00a0: aucune somme réelle", ""),
        ("Reçu de recharge", ""),
        ("22/11/2026", "10:42"),
        ("Recharge de la carte", "20,00\u00a0€"),
        ("Total", "20,00\u00a0€"),
        ("vingt euros", ""),
        ("Carte ••••\u00a04821", ""),
        ("Borne", "borne"),
        ("Numéro", "T-1042"),
        ("Écriture n°\u00a01", ""),
    ]
    assert len(slip.matrix) == len(MATRIX)


def test_training_has_a_head_of_its_own(context: Context) -> None:
    slip = slip_of(context, a_receipt(Mark.TRAINING), ())
    assert ("FORMATION — sans valeur", "") in rows(slip)


def test_the_receipt_speaks_the_citizen_s_language(orne: Orne) -> None:
    context = orne(language="en")
    play("receipt", context)
    assert ("Card top-up", "€20.00") in rows(slip_of(context, made(context), MATRIX))


def test_without_a_page_the_words_come_before_the_code() -> None:
    code = receipt_code(a_receipt(), OURS)
    assert carried(("Reçu", "L’Orne"), code, "") == ("Reçu\nL’Orne\n", code)


def test_with_a_page_the_code_stands_in_the_address_s_fragment() -> None:
    code = receipt_code(a_receipt(), OURS)
    (address,) = carried(("Reçu",), code, "https://orne.example/r")
    page, _, fragment = address.partition("#")
    assert page == "https://orne.example/r"
    assert fragment.startswith(PREFIX)
    assert read_receipt(unquote(fragment), known((OURS.public_key,))) == a_receipt()


@pytest.mark.parametrize(("text", "told"), [("é" * 30, "é" * 20), ("a" + "é" * 30, "a" + "é" * 19)])
def test_a_long_name_is_cut_at_a_whole_character(text: str, told: str) -> None:
    assert fitted(text) == told
