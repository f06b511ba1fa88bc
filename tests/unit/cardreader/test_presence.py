from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardreader.presence import Happening, Laid, Lifted, Presence, Slot, Stage

ATR = b"\x3b\x81"


def slot(name: str = "A", *, card: bool = False, events: int = 0) -> Slot:
    return Slot(name=name, flags=events << 16 | (0x20 if card else 0x10), atr=ATR if card else b"")


def told(before: tuple[Slot, ...] | None, after: tuple[Slot, ...] | None) -> tuple[Happening, ...]:
    return Presence(slots=before).happenings(after)


LAID, LIFTED = Laid(reader="A", atr=ATR), Lifted(reader="A")


@pytest.mark.parametrize(
    ("slots", "stage"),
    [
        (None, Stage.SERVICE),
        ((), Stage.READER),
        ((slot(),), Stage.CARD),
        ((slot(), slot("B", card=True)), Stage.PRESENT),
    ],
)
def test_the_four_stages(slots: tuple[Slot, ...] | None, stage: Stage) -> None:
    assert Presence(slots=slots).stage is stage


def test_a_card_that_comes_is_laid() -> None:
    assert told((slot(),), (slot(card=True, events=1),)) == (LAID,)


def test_a_card_that_goes_is_lifted() -> None:
    assert told((slot(card=True, events=1),), (slot(events=2),)) == (LIFTED,)


def test_nothing_is_told_while_nothing_changes() -> None:
    assert told((slot(card=True, events=1),), (slot(card=True, events=1),)) == ()
    assert told((slot(events=2),), (slot(events=2),)) == ()


def test_a_swap_between_two_looks_is_told_as_two_events() -> None:
    assert told((slot(card=True, events=1),), (slot(card=True, events=3),)) == (LIFTED, LAID)


def test_a_card_too_quick_to_be_seen_is_laid_and_lifted() -> None:
    after = (slot(events=2),)
    assert told((slot(),), after) == (Laid(reader="A", atr=b""), LIFTED)


def test_several_cards_between_two_looks_are_told_as_the_last_one() -> None:
    assert told((slot(),), (slot(card=True, events=3),)) == (LAID,)
    assert told((slot(card=True, events=1),), (slot(events=4),)) == (LIFTED,)


def test_the_counter_turns_over() -> None:
    before = (slot(card=True, events=0xFFFF),)
    assert told(before, (slot(card=True, events=1),)) == (LIFTED, LAID)


def test_a_card_that_lies_on_a_reader_that_comes_is_laid() -> None:
    assert told((), (slot(card=True, events=1),)) == (LAID,)


def test_a_reader_that_goes_takes_its_card_along() -> None:
    assert told((slot(card=True, events=1), slot("B")), (slot("B"),)) == (LIFTED,)
    assert told((slot(), slot("B")), (slot("B"),)) == ()


def test_the_loss_of_the_service_lifts_every_card() -> None:
    before = (slot(card=True), slot("B", card=True))
    assert told(before, None) == (LIFTED, Lifted(reader="B"))


def test_what_lies_there_when_the_service_returns_is_laid() -> None:
    assert told(None, (slot(card=True, events=1),)) == (LAID,)


@given(
    st.lists(
        st.none()
        | st.dictionaries(
            st.sampled_from("AB"), st.tuples(st.booleans(), st.integers(0, 0xFFFF)), max_size=2
        )
    )
)
def test_laid_and_lifted_always_alternate_and_end_with_what_is_there(
    looks: list[dict[str, tuple[bool, int]] | None],
) -> None:
    presence, lying = Presence(), set[str]()
    for look in looks:
        slots = (
            None
            if look is None
            else tuple(slot(name, card=card, events=n) for name, (card, n) in look.items())
        )
        for one in presence.happenings(slots):
            assert (one.reader in lying) is isinstance(one, Lifted)
            lying ^= {one.reader}
        presence = Presence(slots=slots)
        assert lying == {one.name for one in slots or () if one.present}
