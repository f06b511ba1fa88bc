"""The relay: the kiosk carries APDUs for a far side, which may be lost at any step."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Generic, TypeVar, cast

import pytest

from cardreader.authority import CardAuthority, Operation
from cardreader.opened import OpenCard
from cardreader.operations import ReadCard, TakeSpend
from cardreader.relay import STEPS_MAX, Dialogue, FarSide, RelayAuthority, SendApdu, Step
from cardreader.transport import GET_UID
from kiosk.domain.errors import AlveoleError, CardPulled, KeyAbsent, ReaderAbsent
from tests.unit.cardreader.cards import CardStand, debit, everything, issued, keep

T = TypeVar("T")
U = TypeVar("U")


@pytest.fixture
def stand() -> CardStand:
    return issued(cents=1500)


class Endless(Generic[T]):
    """A way to a far side that asks and asks."""

    def __init__(self) -> None:
        self.asked = 0
        self.closed = False

    def dialogue(self, operation: Operation[U]) -> Dialogue[U]:
        return cast("Dialogue[U]", self)

    def begin(self) -> Step:
        return SendApdu(apdu=GET_UID)

    def go_on(self, answer: bytes | AlveoleError) -> Step:
        self.asked += 1
        return self.begin()

    def outcome(self) -> T:
        raise AssertionError("it never ends")

    def close(self) -> None:
        self.closed = True


class Lossy:
    """A way to a good far side that is cut after some answers."""

    def __init__(self, authority: CardAuthority, *, answers_max: int) -> None:
        self._far = FarSide(authority)
        self._answers_max = answers_max

    def dialogue(self, operation: Operation[U]) -> Dialogue[U]:
        return Cut(self._far.dialogue(operation), self._answers_max)


class Cut(Generic[T]):
    def __init__(self, inner: Dialogue[T], answers_max: int) -> None:
        self._inner, self._left = inner, answers_max
        self.begin, self.outcome, self.close = inner.begin, inner.outcome, inner.close

    def go_on(self, answer: bytes | AlveoleError) -> Step:
        self._left -= 1
        if self._left < 0:
            raise KeyAbsent("the line is cut")
        return self._inner.go_on(answer)


def test_a_far_side_that_never_ends_is_left(stand: CardStand) -> None:
    way = Endless[object]()
    with pytest.raises(KeyAbsent, match=str(STEPS_MAX)):
        RelayAuthority(way).run(stand.transport, ReadCard())
    assert (way.asked, way.closed) == (STEPS_MAX, True)


@pytest.mark.parametrize("answers_max", range(15))
def test_a_line_that_is_cut_is_unknown_only_once_the_commit_was_near(
    stand: CardStand, answers_max: int
) -> None:
    image = everything().run(stand.lay(), ReadCard())
    told: list[object] = []
    authority = RelayAuthority(Lossy(everything(), answers_max=answers_max))
    spend = TakeSpend(image=image, spend=debit(0), kiosk=7)
    try:
        authority.run(stand.lay(), spend, told.append)
    except KeyAbsent:
        assert told == []
    except CardPulled:
        assert len(told) == 1
    after = stand.session().read()
    assert after.balance.cents == (1180 if after.sequence else 1500)


def test_a_reader_that_fails_in_the_commit_leaves_it_unknown(stand: CardStand) -> None:
    class Stuck:
        def transmit(self, apdu: bytes) -> bytes:
            if apdu[1] == 0xC7:
                raise ReaderAbsent("stuck")
            return stand.transport.transmit(apdu)

    image = everything().run(stand.lay(), ReadCard())
    authority = RelayAuthority(FarSide(everything()))
    with pytest.raises(CardPulled):
        authority.run(Stuck(), TakeSpend(image=image, spend=debit(0), kiosk=7), keep)


def test_a_slow_far_side_is_given_up(stand: CardStand) -> None:
    wake = threading.Event()

    class Asleep:
        uid = None

        def perform(self, card: OpenCard) -> None:
            wake.wait(5)

    dialogue = FarSide(everything(), step_seconds_max=0.05).dialogue(Asleep())
    assert isinstance(dialogue.begin(), SendApdu)
    assert isinstance(dialogue.go_on(stand.transport.transmit(GET_UID)), SendApdu)
    with pytest.raises(KeyAbsent, match="doesn't answer"):
        dialogue.go_on(b"\x91\x00")
    wake.set()
    dialogue.close()


def test_a_kiosk_that_leaves_ends_the_far_side() -> None:
    dialogue = FarSide(everything()).dialogue(ReadCard())
    assert isinstance(dialogue.begin(), SendApdu)
    dialogue.close()
    with pytest.raises(CardPulled):
        dialogue.outcome()


def test_a_bug_of_the_far_side_isnt_hidden(stand: CardStand) -> None:
    class Broken:
        uid = None

        def perform(self, card: OpenCard) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        RelayAuthority(FarSide(everything())).run(stand.transport, Broken())


def test_a_far_side_that_goes_on_after_the_kiosk_left_is_stopped() -> None:
    class Stubborn:
        uid = None

        def __init__(self) -> None:
            self.tries = 0

        def perform(self, card: OpenCard) -> None:
            for _ in range(2):
                with suppress(CardPulled):
                    self.tries += 1
                    card.commands.version()

    stubborn = Stubborn()
    stand = issued()
    dialogue = FarSide(everything()).dialogue(stubborn)
    step = dialogue.begin()
    while not stubborn.tries:
        assert isinstance(step, SendApdu)
        step = dialogue.go_on(stand.transport.transmit(step.apdu))
    dialogue.close()
    dialogue.outcome()
    assert stubborn.tries == 2
