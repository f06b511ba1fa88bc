"""The transport in memory, and what goes wrong with what lies on it."""

from __future__ import annotations

import threading

import pytest

from cardreader.apdu import wrap
from cardreader.desfire.constants import Ins
from cardreader.transport import GET_UID
from cardreader.virtual.link import InMemoryTransport
from cardreader.virtual.mischief import At, Corrupting, Rewindable, Silent, Slow, Torn
from kiosk.domain.errors import AlveoleError, CardPulled, ReaderAbsent
from tests.unit.cardreader.virtual.chips import UID, VALUE, Bench, chip

UID_TOLD = UID + b"\x90\x00"
COMMIT_NUMBER = 5  # SELECT, two frames of the authentication, debit, commit


def debited(bench: Bench[Torn]) -> None:
    bench.enter(3).debit(VALUE, 300)
    bench.card.commit_silently()


def balance(bench: Bench[Torn]) -> int:
    bench.lay()
    return bench.enter(3).value(VALUE)


def test_a_thing_answers_until_it_is_lifted() -> None:
    transport = InMemoryTransport(chip())
    assert transport.transmit(GET_UID) == UID_TOLD
    transport.lift()
    transport.lift()
    assert not transport.lies
    with pytest.raises(CardPulled):
        transport.transmit(GET_UID)


def test_a_lifted_transport_stays_dead_when_the_thing_comes_back() -> None:
    card = chip()
    first = InMemoryTransport(card)
    first.lift()
    second = InMemoryTransport(card)
    with pytest.raises(CardPulled):
        first.transmit(GET_UID)
    assert second.transmit(GET_UID) == UID_TOLD


def test_an_apdu_that_is_under_way_is_answered_before_the_lifting() -> None:
    reached, go_on = threading.Event(), threading.Event()

    def sleep(seconds: float) -> None:
        reached.set()
        go_on.wait(10)

    transport = InMemoryTransport(Slow(chip(), 15, sleep=sleep))
    answers: list[bytes] = []
    asking = threading.Thread(target=lambda: answers.append(transport.transmit(GET_UID)))
    asking.start()
    reached.wait(10)
    lifting = threading.Thread(target=transport.lift)
    lifting.start()
    go_on.set()
    asking.join(10)
    lifting.join(10)
    assert answers == [UID_TOLD]
    assert not transport.lies


@pytest.mark.parametrize(
    ("at", "left"),
    [
        (At(when="before", number=COMMIT_NUMBER), 1000),
        (At(when="after", number=COMMIT_NUMBER), 700),
        (At(when="before", ins=Ins.COMMIT_TRANSACTION), 1000),
        (At(when="after", ins=Ins.COMMIT_TRANSACTION), 700),
        (At(when="after", ins=Ins.DEBIT), 1000),
        (At(when="before", number=1), 1000),
    ],
)
def test_a_torn_card_has_all_of_the_commit_or_nothing(at: At, left: int) -> None:
    bench = Bench(Torn(chip(), at))
    with pytest.raises(CardPulled):
        debited(bench)
    with pytest.raises(CardPulled):
        bench.transport.transmit(GET_UID)
    assert balance(bench) == left
    debited(bench)
    assert balance(bench) == left - 300


def test_a_torn_card_answers_nothing_even_without_a_transport() -> None:
    torn = Torn(chip(), At(when="before", number=1))
    for _ in range(2):
        with pytest.raises(CardPulled):
            torn.answer(GET_UID)
    torn.power_off()
    torn.power_on()
    assert torn.answer(GET_UID) == UID_TOLD
    assert torn.atr == chip().atr


def test_a_tear_can_be_set_later_and_taken_back() -> None:
    bench = Bench(Torn(chip()))
    bench.chip.tear(At(when="before", number=1))
    bench.chip.tear(None)
    debited(bench)
    assert balance(bench) == 700


def test_a_slow_card_waits_before_each_answer_but_the_readers_own() -> None:
    waited: list[float] = []
    transport = InMemoryTransport(Slow(chip(), 15, sleep=waited.append))
    transport.transmit(GET_UID)
    assert waited == []
    transport.transmit(wrap(Ins.GET_VERSION))
    transport.transmit(wrap(Ins.ADDITIONAL_FRAME))
    assert waited == [0.015, 0.015]


@pytest.mark.parametrize(("when", "left"), [("before", 1000), ("after", 700)])
def test_a_silent_card_is_an_absent_reader_until_it_is_laid_again(when: str, left: int) -> None:
    at = At(when="after" if when == "after" else "before", ins=Ins.COMMIT_TRANSACTION)
    bench = Bench(Silent(chip(), at))
    bench.enter(3).debit(VALUE, 300)
    for _ in range(2):
        with pytest.raises(ReaderAbsent):
            bench.card.commit_silently()
    bench.lay()
    assert bench.enter(3).value(VALUE) == left


def test_noise_is_the_same_for_a_seed_and_yields_no_wrong_value() -> None:
    found: list[list[int]] = []
    for _ in range(2):
        noisy = Corrupting(chip(), 5, rate=0.2)
        values: list[int] = []
        for _ in range(40):
            bench = Bench(noisy)
            try:
                values.append(bench.enter(3).value(VALUE))
            except (AlveoleError, AssertionError):
                values.append(-1)
        assert noisy.flips > 0
        found.append(values)
    assert found[0] == found[1]
    assert set(found[0]) == {1000, -1}


def test_without_noise_nothing_is_flipped_and_silence_stays_silent() -> None:
    quiet = Corrupting(Silent(chip(), At(when="before", number=1)), 1, rate=0)
    assert quiet.answer(GET_UID) is None
    assert quiet.flips == 0


def test_a_card_is_put_back_to_an_older_state() -> None:
    card = chip()
    bench = Bench(Rewindable(card))
    for _ in range(3):
        bench.enter(3).debit(VALUE, 100)
        bench.card.commit_silently()
    bench.chip.rewind(2)
    bench.lay()
    assert bench.enter(3).value(VALUE) == 900
    bench.chip.rewind(50)
    assert bench.enter(3).value(VALUE) == 1000
    assert card.answer(GET_UID) == UID_TOLD
