"""The virtual card beyond the port's contract: status, tearing, threads."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.card_limits import PURSE_MAX, SLOTS_MAX
from kiosk.domain.errors import CardBlocked, CardExpired, CardFull, CardPulled, PurseFull
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Entitlement, Grant, Load, Spend
from kiosk.ports import CardSession
from tests.plain.cards import VirtualCard, VirtualReader
from tests.plain.faces import empty_card, used_card

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


def load(number: int, cents: int = 2000) -> Load:
    return Load(
        number=number,
        amount=Money(cents),
        transaction_id=f"T-{number}",
        label="Recharge",
        at=NOW,
    )


def card(**change: object) -> VirtualCard:
    face: CardFace = replace(used_card(NOW).face, **change)  # type: ignore[arg-type]  # by name
    return VirtualCard(face)


def test_a_blocked_card_takes_no_load() -> None:
    blocked = card(blocked=True)
    with pytest.raises(CardBlocked):
        blocked.write(load(4))
    assert blocked.face.balance == Money(1240)


@pytest.mark.parametrize(
    ("until", "good"), [(date(2026, 11, 22), True), (date(2026, 11, 21), False)]
)
def test_a_card_takes_loads_through_its_last_day(until: date, *, good: bool) -> None:
    one = card(valid_until=until)
    if good:
        assert one.write(load(4)).balance == Money(3240)
        return
    with pytest.raises(CardExpired):
        one.write(load(4))


def test_a_delivered_load_answers_as_written_even_on_a_blocked_card() -> None:
    one = card()
    one.write(load(4))
    blocked = VirtualCard(replace(one.face, blocked=True))
    assert blocked.write(load(4)) == blocked.face


def test_a_refused_load_leaves_the_tear_for_the_next_write() -> None:
    one = card()
    one.tear("before")
    with pytest.raises(PurseFull):
        one.write(load(4, 15_000))
    with pytest.raises(CardPulled):
        one.write(load(4))
    assert one.write(load(4)).last_load == 4


def test_a_tear_can_be_taken_back() -> None:
    one = card()
    one.tear("after")
    one.tear(None)
    assert one.write(load(4)).balance == Money(3240)


def test_a_reader_that_nobody_watches_can_be_used() -> None:
    reader = VirtualReader()
    session = reader.lay(used_card(NOW))
    assert session.read().last_four == "4821"
    reader.lift()
    reader.lift()


def test_a_callback_may_lift_the_card() -> None:
    reader = VirtualReader()
    told: list[str] = []

    def on_laid(session: CardSession) -> None:
        told.append(session.read().last_four)
        reader.lift()

    reader.watch(on_laid, lambda: told.append("lifted"))
    reader.lay(used_card(NOW))
    assert told == ["4821", "lifted"]


def test_cards_laid_from_many_threads_leave_one_session_alive() -> None:
    reader = VirtualReader()
    sessions: list[CardSession] = []
    reader.watch(sessions.append, lambda: None)
    threads = [
        threading.Thread(target=reader.lay, args=(one,))
        for one in (used_card(NOW), empty_card(NOW)) * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(alive(session) for session in sessions) == 1


def alive(session: CardSession) -> bool:
    try:
        session.read()
    except CardPulled:
        return False
    return True


@given(
    loads=st.lists(
        st.tuples(
            st.integers(1, 12), st.integers(1, 9000), st.sampled_from([None, "before", "after"])
        ),
        max_size=30,
    )
)
def test_no_order_of_loads_credits_a_number_twice(
    loads: list[tuple[int, int, str | None]],
) -> None:
    one = empty_card(NOW)
    credited = dict[int, int]()
    for number, cents, torn in loads:
        before = one.face
        one.tear("before" if torn == "before" else "after" if torn == "after" else None)
        _try(one, load(number, cents))
        if one.face != before:
            assert number == before.last_load + 1
            assert number not in credited
            credited[number] = cents
    assert one.face.balance == Money(sum(credited.values()))
    assert one.face.balance <= PURSE_MAX
    assert one.face.last_load == len(credited)


def _try(one: VirtualCard, wanted: Load) -> None:
    from kiosk.domain.errors import CardTampered

    try:
        one.write(wanted)
    except (CardPulled, CardTampered, PurseFull):
        return


def spend(face: CardFace, **change: object) -> Spend:
    plain = Spend(
        transaction_id="M-1",
        kind="purchase",
        product=104,
        amount=Money(100),
        sequence=face.sequence,
        at=NOW,
    )
    return replace(plain, **change)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("change", "error"),
    [({"blocked": True}, CardBlocked), ({"valid_until": date(2026, 11, 21)}, CardExpired)],
)
def test_a_card_that_may_not_be_used_takes_no_spend(
    change: dict[str, object], error: type[Exception]
) -> None:
    one = card(**change)
    with pytest.raises(error):
        one.spend(spend(one.face), lambda _: None)
    assert one.face.balance == Money(1240)


def test_a_book_of_another_number_is_begun() -> None:
    one = card(books=())
    after = one.spend(spend(one.face, book=3, entries=10), lambda _: None).face
    assert [(book.number, book.entries) for book in after.books] == [(3, 10)]


def test_a_ninth_pass_has_no_slot() -> None:
    held = tuple(Entitlement(product="", service="", code=n) for n in range(1, SLOTS_MAX + 1))
    one = card(entitlements=held)
    grant = Grant(product=104, valid_from=NOW.date(), valid_until=NOW.date())
    with pytest.raises(CardFull):
        one.spend(spend(one.face, grant=grant), lambda _: None)
    assert one.face.entitlements == held
