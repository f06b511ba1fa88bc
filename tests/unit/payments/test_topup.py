"""The top-up's pure machine: the table of MONEY.md, rule by rule, and then all of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.money import Money
from kiosk.domain.payment import (
    CARD_MAX,
    ENDED,
    PAY_MAX,
    PaymentStatus,
    PaymentView,
    TopupRow,
    TopupState,
)
from kiosk.domain.purse import CardFace, Operation
from payments.topup import (
    KEY_MAX,
    Abandoned,
    Act,
    CardRefused,
    CardSeen,
    Declined,
    Held,
    Missing,
    Observation,
    Told,
    Woken,
    idempotency_key,
    next_step,
)
from tests import tickets

S = TopupState
P = PaymentStatus
NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
SOON = NOW + timedelta(seconds=5)
TAG = "tag-of-4821"
LOAD = 4
NEVER = timedelta(days=4000)
OPEN = tuple(state for state in S if state not in ENDED)

ROW = TopupRow(
    id="T-1",
    state=S.CREATED,
    card=TAG,
    amount=Money(2000),
    provider="simulator",
    created_at=NOW,
    changed_at=NOW,
)


def row(state: TopupState) -> TopupRow:
    """Give the row as it stands in ``state`` on the way of a successful top-up."""
    paid = replace(ROW, state=state, payment_id="" if state is S.CREATED else "pay-1")
    numbered = state in {S.CARD_WRITING, S.CAPTURING}
    return replace(paid, load_number=LOAD if numbered else 0)


def face(*, last_load: int = LOAD - 1, carries: str = "", balance: int = 1240) -> CardFace:
    line = Operation(
        seq=1, kind="load", label="Recharge", at=NOW, amount=Money(1), transaction_id=carries
    )
    return CardFace(
        number="ALV61-0000-4821",
        kind="purse",
        balance=Money(balance),
        last_load=last_load,
        sequence=1,
        books=(),
        entitlements=(),
        log=(line,) if carries else (),
    )


def told(status: PaymentStatus, *, amount: int = 2000, id_: str = "pay-1") -> Told:
    return Told(view=PaymentView(id=id_, status=status, amount=Money(amount)), at=SOON)


def seen(card: CardFace, *, tag: str = TAG, at: datetime = SOON) -> CardSeen:
    return CardSeen(face=card, tag=tag, at=at)


def refused(last_load: int | None, *, tag: str = TAG) -> CardRefused:
    return CardRefused(tag=tag, last_load=last_load, note="card.blocked", at=SOON)


PAID_BACK = Told(
    view=PaymentView(id="pay-1", status=P.SUCCEEDED, amount=Money(2000), refunded=True), at=SOON
)
NOT_WRITTEN = face()
WRITTEN = face(last_load=LOAD, carries="T-1", balance=3240)
WRITTEN_AND_MORE = face(last_load=LOAD + 1, carries="T-1")
ANOTHERS_LOAD = face(last_load=LOAD, carries="T-9")
FORGOTTEN = face(last_load=LOAD + 3)
COUNTER_BACK = face(last_load=LOAD - 2)

# state, observation, state after, act: the table as the module's docstring tells it
TABLE: list[tuple[TopupState, Observation, TopupState, Act | None]] = [
    (S.CREATED, Woken(at=SOON), S.CREATED, Act.CREATE),
    (S.CREATED, Woken(at=NOW + KEY_MAX), S.CREATED, Act.FIND),
    (S.CREATED, told(P.PENDING), S.INTENT_CREATED, None),
    (S.CREATED, told(P.AUTHORIZED), S.AUTHORIZED, None),
    (S.CREATED, told(P.CANCELED), S.CANCELED, None),
    (S.CREATED, told(P.PENDING, amount=1), S.CANCELING, Act.CANCEL),
    (S.CREATED, Missing(at=SOON), S.CANCELED, None),
    (S.CREATED, Declined(at=SOON), S.CANCELED, None),
    (S.CREATED, Abandoned(at=SOON), S.CANCELING, Act.CREATE),
    (S.CREATED, Abandoned(at=NOW + KEY_MAX), S.CANCELING, Act.FIND),
    (S.CREATED, Held(at=SOON), S.CREATED, None),
    (S.CREATED, seen(NOT_WRITTEN), S.CREATED, None),
    (S.INTENT_CREATED, Woken(at=SOON), S.INTENT_CREATED, Act.RETRIEVE),
    (S.INTENT_CREATED, told(P.PENDING), S.INTENT_CREATED, None),
    (S.INTENT_CREATED, told(P.AUTHORIZED), S.AUTHORIZED, None),
    (S.INTENT_CREATED, told(P.SUCCEEDED), S.PAID, None),
    (S.INTENT_CREATED, told(P.CANCELED), S.CANCELED, None),
    (S.INTENT_CREATED, told(P.AUTHORIZED, amount=2001), S.CANCELING, Act.CANCEL),
    (S.INTENT_CREATED, Missing(at=SOON), S.MANUAL, None),
    (S.INTENT_CREATED, Declined(at=SOON), S.INTENT_CREATED, None),
    (S.INTENT_CREATED, Abandoned(at=SOON), S.CANCELING, Act.CANCEL),
    (S.INTENT_CREATED, seen(NOT_WRITTEN), S.INTENT_CREATED, None),
    (S.AUTHORIZED, Woken(at=SOON), S.AUTHORIZED, Act.RETRIEVE),
    (S.AUTHORIZED, Woken(at=NOW + CARD_MAX), S.CANCELING, Act.CANCEL),
    (S.AUTHORIZED, told(P.PENDING), S.AUTHORIZED, None),
    (S.AUTHORIZED, told(P.AUTHORIZED), S.AUTHORIZED, None),
    (S.AUTHORIZED, told(P.CANCELED), S.CANCELED, None),
    (S.AUTHORIZED, Missing(at=SOON), S.MANUAL, None),
    (S.AUTHORIZED, Abandoned(at=SOON), S.CANCELING, Act.CANCEL),
    (S.AUTHORIZED, seen(NOT_WRITTEN), S.AUTHORIZED, Act.HOLD),
    (S.AUTHORIZED, seen(NOT_WRITTEN, at=NOW + CARD_MAX), S.CANCELING, Act.CANCEL),
    (S.AUTHORIZED, seen(face(balance=13_001)), S.CANCELING, Act.CANCEL),
    (S.AUTHORIZED, seen(face(balance=13_000)), S.AUTHORIZED, Act.HOLD),
    (S.AUTHORIZED, refused(3), S.CANCELING, Act.CANCEL),
    (S.AUTHORIZED, Held(at=SOON), S.AUTHORIZED, None),  # no card was prepared
    (S.PAID, Woken(at=NOW + NEVER), S.PAID, Act.RETRIEVE),
    (S.PAID, told(P.SUCCEEDED), S.PAID, None),
    (S.PAID, told(P.CANCELED), S.MANUAL, None),
    (S.PAID, PAID_BACK, S.REFUNDED, None),
    (S.PAID, Missing(at=SOON), S.MANUAL, None),
    (S.PAID, Abandoned(at=SOON), S.PAID, None),
    (S.PAID, Held(at=SOON), S.PAID, None),
    (S.PAID, seen(NOT_WRITTEN, at=NOW + NEVER), S.PAID, Act.HOLD),
    (S.PAID, seen(face(balance=13_001)), S.REFUNDING, None),
    (S.PAID, refused(3), S.REFUNDING, None),
    (S.CARD_WRITING, Woken(at=NOW + NEVER), S.CARD_WRITING, Act.RETRIEVE),
    (S.CARD_WRITING, told(P.AUTHORIZED), S.CARD_WRITING, None),
    (S.CARD_WRITING, told(P.SUCCEEDED), S.CARD_WRITING, None),
    (S.CARD_WRITING, told(P.CANCELED), S.MANUAL, None),
    (S.CARD_WRITING, Missing(at=SOON), S.MANUAL, None),
    (S.CARD_WRITING, Abandoned(at=SOON), S.CARD_WRITING, None),
    (S.CARD_WRITING, Held(at=SOON), S.CARD_WRITING, None),
    (S.CARD_WRITING, seen(NOT_WRITTEN), S.CARD_WRITING, Act.WRITE_LOAD),
    (S.CARD_WRITING, seen(NOT_WRITTEN, at=NOW + NEVER), S.CARD_WRITING, Act.WRITE_LOAD),
    (S.CARD_WRITING, seen(WRITTEN), S.CAPTURING, Act.CAPTURE),
    (S.CARD_WRITING, seen(WRITTEN_AND_MORE), S.CAPTURING, Act.CAPTURE),
    (S.CARD_WRITING, seen(ANOTHERS_LOAD), S.MANUAL, None),
    (S.CARD_WRITING, seen(FORGOTTEN), S.MANUAL, None),
    (S.CARD_WRITING, seen(COUNTER_BACK), S.MANUAL, None),
    (S.CARD_WRITING, refused(LOAD - 1), S.CANCELING, Act.CANCEL),
    (S.CARD_WRITING, refused(LOAD), S.MANUAL, None),
    (S.CARD_WRITING, refused(None), S.MANUAL, None),
    (S.CAPTURING, Woken(at=SOON), S.CAPTURING, Act.RETRIEVE),
    (S.CAPTURING, told(P.PENDING), S.CAPTURING, None),
    (S.CAPTURING, told(P.AUTHORIZED), S.CAPTURING, Act.CAPTURE),
    (S.CAPTURING, told(P.SUCCEEDED), S.DONE, None),
    (S.CAPTURING, told(P.CANCELED), S.MANUAL, None),
    (S.CAPTURING, told(P.SUCCEEDED, amount=1), S.MANUAL, None),
    (S.CAPTURING, Missing(at=SOON), S.MANUAL, None),
    (S.CAPTURING, Abandoned(at=SOON), S.CAPTURING, None),
    (S.CAPTURING, seen(WRITTEN), S.CAPTURING, None),
    (S.CAPTURING, refused(LOAD), S.CAPTURING, None),
    (S.CANCELING, Woken(at=SOON), S.CANCELING, Act.CANCEL),
    (S.CANCELING, told(P.PENDING), S.CANCELING, Act.CANCEL),
    (S.CANCELING, told(P.AUTHORIZED), S.CANCELING, Act.CANCEL),
    (S.CANCELING, told(P.CANCELED), S.CANCELED, None),
    (S.CANCELING, told(P.SUCCEEDED), S.REFUNDING, None),
    (S.CANCELING, Missing(at=SOON), S.MANUAL, None),
    (S.CANCELING, Declined(at=SOON), S.CANCELING, None),
    (S.CANCELING, Abandoned(at=SOON), S.CANCELING, None),
    (S.REFUNDING, Woken(at=SOON), S.REFUNDING, Act.RETRIEVE),
    (S.REFUNDING, told(P.SUCCEEDED), S.REFUNDING, None),
    (S.REFUNDING, Missing(at=SOON), S.MANUAL, None),
]


@pytest.mark.parametrize(("before", "observation", "after", "act"), TABLE)
def test_the_machine_follows_its_table(
    before: TopupState, observation: Observation, after: TopupState, act: Act | None
) -> None:
    moved, acts = next_step(row(before), observation)
    assert moved.state is after
    assert acts == (() if act is None else (act,))


@pytest.mark.parametrize(
    ("said", "kept"), [("payfip", "payfip"), ("", ROW.provider)], ids=["named", "unnamed"]
)
def test_who_takes_the_money_is_what_the_far_side_says(said: str, kept: str) -> None:
    view = PaymentView(id="pay-1", status=PaymentStatus.PENDING, amount=ROW.amount, provider=said)
    for state in (S.CREATED, S.CANCELING):
        after, _ = next_step(replace(ROW, state=state), Told(view=view, at=SOON))
        assert after.provider == kept


def test_a_refund_that_was_made_ends_the_topup() -> None:
    view = PaymentView(id="pay-1", status=P.SUCCEEDED, amount=Money(2000), refunded=True)
    moved, acts = next_step(row(S.REFUNDING), Told(view=view, at=SOON))
    assert (moved.state, acts) == (S.REFUNDED, ())


def test_a_payment_nobody_pays_is_given_up_after_five_minutes() -> None:
    pending = PaymentView(id="pay-1", status=P.PENDING, amount=Money(2000))
    patient = next_step(
        row(S.INTENT_CREATED), Told(view=pending, at=NOW + PAY_MAX - timedelta(seconds=1))
    )
    late = next_step(row(S.INTENT_CREATED), Told(view=pending, at=NOW + PAY_MAX))
    assert patient[0].state is S.INTENT_CREATED
    assert (late[0].state, late[1]) == (S.CANCELING, (Act.CANCEL,))


def test_a_payment_that_lapsed_is_told_as_canceled_even_when_the_card_is_late() -> None:
    canceled = PaymentView(id="pay-1", status=P.CANCELED, amount=Money(2000))
    moved, acts = next_step(row(S.AUTHORIZED), Told(view=canceled, at=NOW + CARD_MAX))
    assert (moved.state, acts) == (S.CANCELED, ())


def test_the_card_that_was_read_gives_load_number_and_balance() -> None:
    moved, _ = next_step(row(S.AUTHORIZED), seen(NOT_WRITTEN))
    assert moved.load_number == NOT_WRITTEN.last_load + 1
    assert moved.balance_before == NOT_WRITTEN.balance


def test_an_acknowledged_hold_lets_the_card_be_written() -> None:
    prepared, _ = next_step(row(S.AUTHORIZED), seen(NOT_WRITTEN))
    moved, acts = next_step(prepared, Held(at=SOON))
    assert (moved.state, acts) == (S.CARD_WRITING, (Act.WRITE_LOAD,))


def test_an_acknowledgement_that_comes_too_late_writes_nothing() -> None:
    prepared, _ = next_step(row(S.AUTHORIZED), seen(NOT_WRITTEN))
    moved, acts = next_step(prepared, Held(at=NOW + CARD_MAX))
    assert (moved.state, acts) == (S.CANCELING, (Act.CANCEL,))


def test_a_payment_begun_before_the_crash_is_found_to_be_canceled() -> None:
    leaving, acts = next_step(row(S.CREATED), Abandoned(at=SOON))
    assert (leaving.payment_id, acts) == ("", (Act.CREATE,))
    known, acts = next_step(leaving, told(P.PENDING))
    assert (known.payment_id, acts) == ("pay-1", (Act.CANCEL,))
    assert next_step(known, told(P.CANCELED))[0].state is S.CANCELED


@pytest.mark.parametrize(
    ("observation", "note"), [(Missing(at=SOON), ""), (Declined(at=SOON), "payment.declined")]
)
def test_giving_up_what_never_began_ends_canceled(observation: Observation, note: str) -> None:
    leaving, _ = next_step(row(S.CREATED), Abandoned(at=SOON))
    assert next_step(leaving, observation) == (
        replace(leaving, state=S.CANCELED, changed_at=SOON, note=note),
        (),
    )


@pytest.mark.parametrize(
    ("before", "observation", "note"),
    [
        (S.INTENT_CREATED, told(P.CANCELED), "payment.declined"),
        (S.INTENT_CREATED, told(P.PENDING, amount=9), "amount.refused"),
        (S.AUTHORIZED, seen(face(balance=15_000)), "purse.full"),
        (S.AUTHORIZED, refused(3), "card.blocked"),
        (S.AUTHORIZED, Woken(at=NOW + CARD_MAX), ""),
        (S.CREATED, Missing(at=SOON), ""),
        (S.CARD_WRITING, told(P.CANCELED), "payment.unknown"),
        (S.CAPTURING, told(P.CANCELED), "payment.unknown"),
        (S.CAPTURING, told(P.SUCCEEDED, amount=1), "payment.unknown"),
        (S.CARD_WRITING, seen(FORGOTTEN), "card.tampered"),
        (S.CAPTURING, Missing(at=SOON), "payment.unknown"),
    ],
)
def test_the_row_says_why_it_left_its_way(
    before: TopupState, observation: Observation, note: str
) -> None:
    assert next_step(row(before), observation)[0].note == note


@pytest.mark.parametrize("state", OPEN)
def test_another_card_changes_nothing(state: TopupState) -> None:
    for other in (seen(WRITTEN, tag="tag-of-9999"), refused(3, tag="tag-of-9999")):
        assert next_step(row(state), other) == (row(state), ())


@pytest.mark.parametrize("state", [s for s in OPEN if s is not S.CREATED])
@pytest.mark.parametrize("status", P)
def test_anothers_payment_changes_nothing(state: TopupState, status: PaymentStatus) -> None:
    assert next_step(row(state), told(status, id_="pay-2")) == (row(state), ())


def test_keys_survive_a_crash_and_differ_by_act() -> None:
    keys = {idempotency_key(row(S.CARD_WRITING), act) for act in Act}
    assert len(keys) == len(Act)
    assert idempotency_key(row(S.CREATED), Act.CREATE) == "T-1:create"
    assert idempotency_key(row(S.CAPTURING), Act.CAPTURE) == "T-1:capture"
    assert idempotency_key(row(S.CARD_WRITING), Act.HOLD) == f"T-1:hold:{LOAD}"


# The whole space: every state that can be reached, met by every observation.

FACES = (NOT_WRITTEN, WRITTEN, WRITTEN_AND_MORE, ANOTHERS_LOAD, FORGOTTEN, COUNTER_BACK)
MOMENTS = (SOON, NOW + CARD_MAX, NOW + PAY_MAX, NOW + KEY_MAX)


def observations() -> Iterator[Observation]:
    for at in MOMENTS:
        yield from (Woken(at=at), Held(at=at), Missing(at=at), Declined(at=at), Abandoned(at=at))
        for card in (*FACES, face(balance=15_000)):
            yield from (seen(card, at=at), seen(card, tag="tag-of-9999", at=at))
        for last in (None, LOAD - 1, LOAD):
            yield replace(refused(last), at=at)
        for status in P:
            for amount in (2000, 1999):
                for id_ in ("pay-1", "pay-2"):
                    yield replace(told(status, amount=amount, id_=id_), at=at)
        yield replace(PAID_BACK, at=at)


ALL = tuple(observations())

ALLOWED = {
    S.CREATED: {S.INTENT_CREATED, S.AUTHORIZED, S.PAID, S.CANCELING, S.CANCELED},
    S.INTENT_CREATED: {S.AUTHORIZED, S.PAID, S.CANCELING, S.CANCELED, S.MANUAL},
    S.AUTHORIZED: {S.CARD_WRITING, S.CANCELING, S.CANCELED, S.MANUAL},
    S.PAID: {S.CARD_WRITING, S.REFUNDING, S.REFUNDED, S.MANUAL},
    S.CARD_WRITING: {S.CAPTURING, S.CANCELING, S.MANUAL},
    S.CAPTURING: {S.DONE, S.MANUAL},
    S.CANCELING: {S.CANCELED, S.REFUNDING, S.MANUAL},
    S.REFUNDING: {S.REFUNDED, S.MANUAL},
}


def reachable() -> set[TopupRow]:
    """Give every row that any order of any observations leads to."""
    found, fresh = {ROW}, [ROW]
    while fresh:
        one = fresh.pop()
        for observation in ALL:
            moved, _ = next_step(one, observation)
            if moved not in found and len(found) < 5000:
                found.add(moved)
                fresh.append(moved)
    return found


ROWS = reachable()


def test_every_state_can_be_reached_and_the_space_is_finite() -> None:
    assert {one.state for one in ROWS} == set(S)
    assert 50 < len(ROWS) < 5000


def test_no_observation_leads_out_of_the_table() -> None:
    for one in ROWS:
        for observation in ALL:
            moved, acts = next_step(one, observation)
            assert moved.state is one.state or moved.state in ALLOWED[one.state]
            assert len(acts) <= 1


def test_ended_topups_are_fixed_points() -> None:
    ended = [one for one in ROWS if one.ended]
    assert {one.state for one in ended} == ENDED
    for one in ended:
        for observation in ALL:
            assert next_step(one, observation) == (one, ())


def test_who_how_much_and_when_never_change() -> None:
    for one in ROWS:
        assert (one.id, one.card, one.amount, one.created_at) == (ROW.id, TAG, Money(2000), NOW)


def test_nothing_is_captured_before_the_card_says_that_it_was_written() -> None:
    for one in ROWS:
        for observation in ALL:
            moved, acts = next_step(one, observation)
            if moved.state is S.CAPTURING and one.state is not S.CAPTURING:
                assert isinstance(observation, CardSeen)
                assert observation.face.carries(one.id)
                assert one.state is S.CARD_WRITING
            if Act.CAPTURE in acts:
                assert moved.state is S.CAPTURING


def test_a_card_is_written_only_with_a_held_payment_and_its_saved_number() -> None:
    for one in ROWS:
        for observation in ALL:
            moved, acts = next_step(one, observation)
            if Act.WRITE_LOAD in acts:
                assert moved.state is S.CARD_WRITING
                assert moved.load_number > 0
                first = isinstance(observation, Held)
                unwritten = isinstance(observation, CardSeen) and (
                    observation.face.last_load == moved.load_number - 1
                )
                assert first or unwritten


def test_the_load_number_is_never_changed_once_the_card_may_be_written() -> None:
    for one in ROWS:
        for observation in ALL:
            moved, _ = next_step(one, observation)
            if one.state in {S.CARD_WRITING, S.CAPTURING}:
                assert moved.load_number == one.load_number


def test_a_card_that_may_be_written_is_never_voided_without_its_own_word() -> None:
    writing = [one for one in ROWS if one.state is S.CARD_WRITING]
    for one in writing:
        for observation in ALL:
            moved, acts = next_step(one, observation)
            if Act.CANCEL in acts or moved.state is S.CANCELING:
                assert isinstance(observation, CardRefused)
                assert observation.last_load == one.load_number - 1


def test_a_written_card_is_never_canceled() -> None:
    for one in (one for one in ROWS if one.state is S.CAPTURING):
        for observation in ALL:
            moved, acts = next_step(one, observation)
            assert moved.state in {S.CAPTURING, S.DONE, S.MANUAL}
            assert Act.CANCEL not in acts


def test_every_given_up_topup_has_a_reason_to_ask_the_far_side() -> None:
    for one in (one for one in ROWS if one.state is S.CANCELING):
        _, acts = next_step(one, Woken(at=SOON))
        assert acts == ((Act.CANCEL,) if one.payment_id else (Act.CREATE,))


@given(story=st.lists(st.sampled_from(ALL), max_size=40))
@settings(max_examples=200, deadline=None)
def test_no_story_credits_twice(story: list[Observation]) -> None:
    path = [ROW]
    for observation in story:
        path.append(next_step(path[-1], observation)[0])
    booked = [1 for a, b in pairwise(path) if a.state is not b.state and b.state is S.CAPTURING]
    assert len(booked) <= 1


@given(story=st.lists(st.sampled_from(ALL), max_size=25), twice=st.integers(1, 3))
@settings(max_examples=100, deadline=None)
def test_a_repeated_message_after_the_end_changes_nothing(
    story: list[Observation], twice: int
) -> None:
    one = ROW
    for observation in story:
        one, _ = next_step(one, observation)
    if one.ended:
        for observation in story * twice:
            assert next_step(one, observation) == (one, ())


ORDERED = replace(ROW, card="", order=tickets.ORDER)

# an order: the same table where no card is asked for
ORDERS: list[tuple[TopupState, Observation, TopupState, Act | None]] = [
    (S.CREATED, Woken(at=SOON), S.CREATED, Act.CREATE),
    (S.CREATED, told(P.AUTHORIZED), S.AUTHORIZED, Act.HOLD),
    (S.INTENT_CREATED, told(P.PENDING), S.INTENT_CREATED, None),
    (S.INTENT_CREATED, told(P.AUTHORIZED), S.AUTHORIZED, Act.HOLD),
    (S.INTENT_CREATED, told(P.SUCCEEDED), S.PAID, Act.HOLD),
    (S.PAID, Woken(at=NOW + CARD_MAX), S.PAID, Act.HOLD),
    (S.PAID, Abandoned(at=SOON), S.PAID, None),
    (S.PAID, Held(at=NOW + CARD_MAX), S.CAPTURING, Act.CAPTURE),
    (S.INTENT_CREATED, told(P.AUTHORIZED, amount=2001), S.CANCELING, Act.CANCEL),
    (S.AUTHORIZED, Woken(at=SOON), S.AUTHORIZED, Act.HOLD),
    (S.AUTHORIZED, Woken(at=NOW + CARD_MAX), S.CANCELING, Act.CANCEL),
    (S.AUTHORIZED, told(P.AUTHORIZED), S.AUTHORIZED, None),
    (S.AUTHORIZED, told(P.CANCELED), S.CANCELED, None),
    (S.AUTHORIZED, Held(at=SOON), S.CAPTURING, Act.CAPTURE),
    (S.AUTHORIZED, Held(at=NOW + CARD_MAX), S.CANCELING, Act.CANCEL),
    (S.AUTHORIZED, Abandoned(at=SOON), S.CANCELING, Act.CANCEL),
    (S.AUTHORIZED, seen(NOT_WRITTEN), S.AUTHORIZED, None),
    (S.AUTHORIZED, seen(NOT_WRITTEN, tag=""), S.AUTHORIZED, None),
    (S.AUTHORIZED, refused(LOAD, tag=""), S.AUTHORIZED, None),
    (S.CAPTURING, told(P.SUCCEEDED), S.DONE, None),
    (S.CAPTURING, told(P.CANCELED), S.MANUAL, None),
]


@pytest.mark.parametrize(("state", "observation", "after", "act"), ORDERS)
def test_an_order_runs_through_the_same_table_without_a_card(
    state: TopupState, observation: Observation, after: TopupState, act: Act | None
) -> None:
    paid = replace(ORDERED, state=state, payment_id="" if state is S.CREATED else "pay-1")
    moved, acts = next_step(paid, observation)
    assert (moved.state, acts) == (after, () if act is None else (act,))
    assert moved.order == tickets.ORDER


@pytest.mark.parametrize("provider", ["cash", "cheque"])
@pytest.mark.parametrize("observation", [Abandoned(at=SOON), Woken(at=NOW + CARD_MAX)])
def test_money_over_the_counter_is_owed_back_when_no_card_takes_it(
    provider: str, observation: Observation
) -> None:
    taken = replace(ROW, state=S.PAID, provider=provider, payment_id="pay-1")
    moved, acts = next_step(taken, observation)
    assert (moved.state, acts) == (S.REFUNDING, ())
