"""PcscReader through pyscard, pcscd and vpcd."""

from __future__ import annotations

import pytest

from cardreader.layout import AID
from cardreader.presence import Stage
from cardreader.reader import PcscReader
from cardreader.virtual.things import Badge
from kiosk.domain.errors import CardForeign, CardPulled, CardsTwo, ReaderAbsent
from tests.stand.ear import Ear
from tests.stand.pcscd import SLOTS, Pcscd, wait_for
from tests.stand.things import ANSWER_S, PACE, Hands, Thing, UidPurse, purse_thing

ONE, OTHER = bytes.fromhex("04000000000001"), bytes.fromhex("04000000000002")


def test_a_laid_card_is_told_and_read(hands: Hands, ear: Ear) -> None:
    hands.lay(purse_thing(ONE))
    assert ear.laid().read().number == ONE.hex()


def test_a_lifted_card_is_told_and_answers_no_more(hands: Hands, ear: Ear) -> None:
    hands.lay(purse_thing())
    session = ear.laid()
    hands.lift()
    ear.wait(2)
    assert ear.told == [session, None]
    with pytest.raises(CardPulled):
        session.read()


def test_a_card_that_is_pulled_during_a_call_says_so(hands: Hands, ear: Ear) -> None:
    hands.lay(purse_thing())
    session = ear.laid()
    hands.lift()
    with pytest.raises(CardPulled):
        session.read()


def test_a_hundred_cards_laid_and_lifted_are_all_told(hands: Hands, ear: Ear) -> None:
    for turn in range(100):
        hands.lay(purse_thing(turn.to_bytes(7, "big")))
        assert ear.laid(2 * turn + 1).read().number == turn.to_bytes(7, "big").hex()
        hands.lift()
        ear.wait(2 * turn + 2)
        assert ear.told[-1] is None
    assert len(ear.told) == 200


def test_a_card_swapped_inside_a_poll_is_another_session(hands: Hands, ear: Ear) -> None:
    hands.lay(purse_thing(ONE))
    first = ear.laid()
    assert first.read().number == ONE.hex()
    hands.lay(purse_thing(OTHER))
    second = ear.laid(3)
    assert ear.told == [first, None, second]
    assert second.read().number == OTHER.hex()
    with pytest.raises(CardPulled):
        first.read()


def test_a_session_never_reaches_the_card_that_was_swapped_in(hands: Hands, ear: Ear) -> None:
    hands.lay(purse_thing(ONE))
    first = ear.laid()
    hands.lay(purse_thing(OTHER))
    with pytest.raises(CardPulled):
        first.read()


def test_a_card_is_read_again_after_pcscd_was_killed_and_came_back(
    hands: Hands, ear: Ear, daemon: Pcscd, reader: PcscReader
) -> None:
    hands.lay(purse_thing(ONE))
    before = ear.laid()
    daemon.kill()
    ear.wait(2)
    assert ear.told == [before, None]
    with pytest.raises((CardPulled, ReaderAbsent)):
        before.read()
    wait_for(lambda: reader.stage is Stage.SERVICE)
    daemon.start()
    hands.lay(purse_thing(ONE))
    assert ear.laid(3).read().number == ONE.hex()


def test_a_call_under_way_ends_when_pcscd_is_killed(hands: Hands, ear: Ear, daemon: Pcscd) -> None:
    hands.lay(purse_thing(ONE))
    session = ear.laid()
    daemon.kill()
    with pytest.raises((CardPulled, ReaderAbsent)):
        session.read()
    daemon.start()


def test_a_reader_without_pcscd_starts_and_tells_once_it_is_there(daemon: Pcscd) -> None:
    daemon.kill()
    reader, ear, hands = PcscReader(UidPurse, aid=AID, pace=PACE), Ear(), Hands()
    reader.watch(ear.on_laid, ear.on_lifted)
    assert reader.stage is Stage.SERVICE
    daemon.start()
    hands.lay(purse_thing(ONE))
    assert ear.laid().read().number == ONE.hex()
    hands.empty()
    reader.close()


def test_a_silent_card_makes_the_reader_stuck_and_that_is_said(hands: Hands, ear: Ear) -> None:
    thing = purse_thing()
    hands.lay(thing)
    session = ear.laid()
    thing.mute = True
    with pytest.raises(ReaderAbsent):
        session.read()
    with pytest.raises(ReaderAbsent):
        session.read()


def test_a_card_that_is_silent_from_the_start_is_told_as_a_stuck_reader(
    hands: Hands, ear: Ear
) -> None:
    hands.lay(Thing(mute=True))
    with pytest.raises(ReaderAbsent):
        ear.laid().read()


def test_a_stuck_reader_works_again_after_the_silent_card_was_lifted(
    hands: Hands, ear: Ear
) -> None:
    hands.lay(Thing(mute=True))
    ear.laid()
    hands.lift()
    ear.wait(2)
    hands.lay(purse_thing(ONE))
    assert ear.laid(3).read().number == ONE.hex()


def test_two_cards_at_once_are_refused_with_words(hands: Hands, ear: Ear) -> None:
    hands.lay(purse_thing(ONE))
    one = ear.laid()
    hands.lay(purse_thing(OTHER), slot=1)
    two = ear.laid(3)
    with pytest.raises(CardsTwo):
        two.read()
    hands.lift()
    left = ear.laid(5)
    assert ear.told == [one, None, two, None, left]
    assert left.read().number == OTHER.hex()


def test_two_readers_work_side_by_side_while_one_is_stuck(hands: Hands, daemon: Pcscd) -> None:
    ears = [Ear(), Ear()]
    readers = [
        PcscReader(UidPurse, aid=AID, pattern=name, pace=PACE, answer_s=ANSWER_S) for name in SLOTS
    ]
    for reader, ear in zip(readers, ears, strict=True):
        reader.watch(ear.on_laid, ear.on_lifted)
    silent = purse_thing(ONE)
    hands.lay(silent, slot=0)
    hands.lay(purse_thing(OTHER), slot=1)
    sessions = [ear.laid() for ear in ears]
    assert [session.read().number for session in sessions] == [ONE.hex(), OTHER.hex()]
    silent.mute = True
    with pytest.raises(ReaderAbsent):
        sessions[0].read()
    assert sessions[1].read().number == OTHER.hex()
    for reader in readers:
        reader.close()


def test_a_bank_card_is_refused_and_asked_nothing_of_its_own(hands: Hands, ear: Ear) -> None:
    bank = Thing(atr=bytes.fromhex("3B8880010000000000B7717100CD"))
    hands.lay(bank)
    with pytest.raises(CardForeign):
        ear.laid().read()
    assert {apdu[:5].hex() for apdu in bank.asked} <= {"ffca000000", "905a000003", "00a4040007"}


def test_a_tag_is_a_badge(hands: Hands, ear: Ear) -> None:
    hands.lay(Badge(uid=ONE))
    face = ear.laid().read()
    assert (face.kind, face.number) == ("badge", ONE.hex())


def test_a_second_watcher_is_told_at_once_what_lies_there(
    hands: Hands, ear: Ear, reader: PcscReader
) -> None:
    hands.lay(purse_thing())
    session, late = ear.laid(), Ear()
    reader.watch(late.on_laid, late.on_lifted)
    assert late.told == [session]
