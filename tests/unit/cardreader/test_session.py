from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from cardreader.badge import BadgeIdentity, BadgeSession
from cardreader.session import Answering, Guarded
from kiosk.domain.errors import CardForeign, CardPulled, CardsTwo, ReaderAbsent
from kiosk.domain.money import Money
from kiosk.domain.purse import Load, Spend

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
LOAD = Load(number=1, amount=Money(100), transaction_id="T-1", label="", at=NOW)
SPEND = Spend(transaction_id="S-1", kind="debit", product=1, amount=Money(1), sequence=0, at=NOW)
IDENTITY = BadgeIdentity(uid=bytes.fromhex("04A1B2C3D4E5F6"))


def pulled() -> BadgeIdentity:
    raise CardPulled("gone")


def test_a_session_of_what_cant_be_used_says_why_at_each_call() -> None:
    session = Answering(CardsTwo("two"))
    with pytest.raises(CardsTwo, match="two"):
        session.read()
    with pytest.raises(CardsTwo):
        session.write_load(LOAD)
    with pytest.raises(CardsTwo):
        session.spend(SPEND, lambda _: None)


def test_a_guarded_session_answers_as_the_one_inside() -> None:
    inner = BadgeSession(lambda: IDENTITY)
    guarded = Guarded(inner)
    assert guarded.read() == inner.read()
    with pytest.raises(CardForeign):
        guarded.write_load(LOAD)
    with pytest.raises(CardForeign):
        guarded.spend(SPEND, lambda _: None)
    assert guarded.over is None


def test_a_pulled_card_ends_the_session_for_ever() -> None:
    reads: list[str] = []

    def once() -> BadgeIdentity:
        reads.append("read")
        return pulled() if len(reads) == 1 else IDENTITY

    guarded = Guarded(BadgeSession(once))
    with pytest.raises(CardPulled):
        guarded.read()
    with pytest.raises(CardPulled):
        guarded.read()
    assert guarded.over is CardPulled


def test_a_session_that_was_ended_says_why_and_keeps_the_first_reason() -> None:
    guarded = Guarded(BadgeSession(lambda: IDENTITY))
    guarded.end(ReaderAbsent("stuck"))
    guarded.end(CardPulled("lifted"))
    with pytest.raises(ReaderAbsent, match="stuck"):
        guarded.read()


def test_an_idle_session_may_be_looked_after() -> None:
    guarded, done = Guarded(BadgeSession(lambda: IDENTITY)), list[str]()
    guarded.idle(lambda: done.append("looked"))
    assert done == ["looked"]


def test_what_goes_wrong_while_idle_ends_the_session() -> None:
    guarded = Guarded(BadgeSession(lambda: IDENTITY))

    def look() -> None:
        pulled()

    guarded.idle(look)
    with pytest.raises(CardPulled):
        guarded.read()


def test_a_session_that_is_over_or_busy_is_left_alone() -> None:
    begun, free, done = threading.Event(), threading.Event(), list[str]()

    def slow() -> BadgeIdentity:
        begun.set()
        free.wait(10)
        return IDENTITY

    guarded = Guarded(BadgeSession(slow))
    thread = threading.Thread(target=guarded.read)
    thread.start()
    begun.wait(10)
    guarded.idle(lambda: done.append("disturbed"))
    free.set()
    thread.join(10)
    guarded.end(CardPulled("lifted"))
    guarded.idle(lambda: done.append("disturbed"))
    assert done == []
