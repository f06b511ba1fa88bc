"""The ticket of an order, and the rules of the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import CodeForeign, CodeTampered, LimitReached
from kiosk.domain.receipt import TICKET_PAYLOAD_MAX, EntryTicket, Mark, read_ticket, ticket_code
from kiosk.domain.sealed import PREFIX, SIGNATURE_BYTES, known
from kiosk.domain.ticket import (
    AGAIN_MAX,
    Answer,
    GateRules,
    answer_again,
    check_cap,
    redemption_of,
    refusal_of,
    ticket_of,
)
from tests.signers import OTHER, OURS
from tests.tickets import NOW, ORDER, ROW, TICKET, TODAY
from ui.qr import matrix_of

KEYS = known((OURS.public_key,))
RULES = GateRules(product=101, marks=Mark.DEMO)
VERSION_8 = 49  # modules a side (ISO/IEC 18004)


def test_the_same_order_gives_the_same_ticket_byte_for_byte() -> None:
    later = replace(ROW, changed_at=NOW + timedelta(minutes=3), note="card.pulled")
    codes = {
        ticket_code(ticket_of(row, ORDER, kiosk="borne", marks=Mark.NONE), OURS)
        for row in (ROW, later)
    }
    assert len(codes) == 1


def test_another_order_gives_another_ticket() -> None:
    one, other = (
        ticket_of(row, ORDER, kiosk="borne", marks=Mark.NONE).id
        for row in (ROW, replace(ROW, id="T-0123456789ac"))
    )
    assert one != other


def test_a_ticket_says_what_was_paid_for() -> None:
    ticket = ticket_of(ROW, ORDER, kiosk="borne", marks=Mark.DEMO)
    assert (ticket.product, ticket.quantity, ticket.amount) == ("101", 2, ROW.amount)
    assert (ticket.first_day, ticket.last_day, ticket.marks) == (TODAY, TODAY, Mark.DEMO)


def test_a_ticket_fits_a_small_code() -> None:
    code = ticket_code(replace(TICKET, product="65535", kiosk="borne-01", quantity=9), OURS)
    assert len(matrix_of(code)) <= VERSION_8
    assert len(code) < 2 * (TICKET_PAYLOAD_MAX + SIGNATURE_BYTES)


def test_a_good_ticket_is_refused_by_no_rule() -> None:
    assert refusal_of(TICKET, RULES, TODAY) is None


@pytest.mark.parametrize(
    ("ticket", "day", "answer"),
    [
        (TICKET, date(2026, 11, 23), Answer.EXPIRED),
        (TICKET, date(2026, 11, 21), Answer.EARLY),
        (replace(TICKET, product="102"), TODAY, Answer.ELSEWHERE),
        (replace(TICKET, marks=Mark.NONE), TODAY, Answer.WORTHLESS),
        (replace(TICKET, marks=Mark.TRAINING), TODAY, Answer.WORTHLESS),
    ],
    ids=["yesterday's", "tomorrow's", "another product", "real at a demo", "training at a demo"],
)
def test_a_ticket_that_isn_t_for_this_gate_today_says_why(
    ticket: EntryTicket, day: date, answer: Answer
) -> None:
    assert refusal_of(ticket, RULES, day) is answer
    assert not answer.lets_in


@pytest.mark.parametrize("mark", [Mark.DEMO, Mark.TRAINING])
def test_a_worthless_ticket_opens_no_real_gate(mark: Mark) -> None:
    real = GateRules(product=101)
    assert refusal_of(replace(TICKET, marks=mark), real, TODAY) is Answer.WORTHLESS
    assert refusal_of(replace(TICKET, marks=Mark.NONE), real, TODAY) is None


def test_a_duplicate_is_as_good_as_the_first_copy() -> None:
    copy = replace(TICKET, marks=Mark.DEMO | Mark.DUPLICATE)
    assert refusal_of(copy, RULES, TODAY) is None


@pytest.mark.parametrize(
    ("after_s", "again", "answer"),
    [
        (0, False, Answer.COUNTED),
        (30, False, Answer.COUNTED),
        (30.001, False, Answer.USED),
        (5, True, Answer.USED),
        (-1, False, Answer.USED),
    ],
    ids=["at once", "in time", "too late", "a third time", "a clock set back"],
)
def test_one_more_scan_within_half_a_minute_is_counted_already(
    after_s: float, again: bool, answer: Answer
) -> None:
    kept = replace(redemption_of(TICKET, NOW), again_at=NOW if again else None)
    assert answer_again(kept, NOW + timedelta(seconds=after_s)) is answer
    assert timedelta(seconds=30) == AGAIN_MAX


def test_unheard_of_people_of_one_kiosk_are_capped() -> None:
    rules = replace(RULES, persons_max=10)
    check_cap(8, TICKET, rules)
    with pytest.raises(LimitReached):
        check_cap(9, TICKET, rules)


def test_a_ticket_of_an_unknown_key_is_foreign() -> None:
    with pytest.raises(CodeForeign):
        read_ticket(ticket_code(TICKET, OTHER), KEYS)


def test_an_edited_ticket_is_found() -> None:
    code = ticket_code(TICKET, OURS)
    edited = code[:30] + ("0" if code[30] != "0" else "1") + code[31:]
    with pytest.raises((CodeTampered, CodeForeign)):
        read_ticket(edited, KEYS)


@given(
    st.integers(len(PREFIX), 400), st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
)
def test_no_single_changed_character_is_believed(place: int, character: str) -> None:
    code = ticket_code(TICKET, OURS)
    place %= len(code)
    edited = code[:place] + character + code[place + 1 :]
    if edited == code:
        return
    with pytest.raises((CodeTampered, CodeForeign)):
        read_ticket(edited, KEYS)


@given(st.one_of(st.text(max_size=200), st.text(max_size=200).map(lambda text: PREFIX + text)))
def test_nothing_that_is_scanned_does_more_than_being_refused(text: str) -> None:
    with pytest.raises((CodeTampered, CodeForeign)):
        read_ticket(text, KEYS)


@given(
    st.binary(min_size=8, max_size=8),
    st.integers(1, 9),
    st.integers(1, 65_535),
    st.integers(0, 3650),
    st.sampled_from([Mark.NONE, Mark.DEMO, Mark.TRAINING | Mark.DUPLICATE]),
)
def test_every_ticket_is_read_back_as_it_was_signed(
    id_: bytes, persons: int, product: int, days: int, marks: Mark
) -> None:
    ticket = replace(
        TICKET,
        id=id_,
        quantity=persons,
        product=str(product),
        last_day=TODAY + timedelta(days=days),
        marks=marks,
    )
    assert read_ticket(ticket_code(ticket, OURS), KEYS) == ticket
