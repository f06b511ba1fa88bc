"""Personalising cards, and moving them to newer keys."""

from __future__ import annotations

from datetime import date
from typing import Literal

import pytest

from cardreader import layout
from cardreader.authority import HolderAuthority, authority_for_tests, seal, sealed_authority
from cardreader.desfire.constants import CommMode
from cardreader.issue import APPLICATION_SETTINGS, MoveKeys, NewCard, personalise
from cardreader.keys import KeyRing
from cardreader.layout import AID, CARD_KEYS, Identity, Key
from cardreader.operations import ReadCard
from cardreader.virtual.issue import known_keys
from cardreader.virtual.link import InMemoryTransport
from cardreader.virtual.mischief import At
from cardreader.virtual.things import bank_card
from kiosk.domain.errors import CardForeign, CardPulled, CardTampered, KeyAbsent
from tests.unit.cardreader.cards import (
    NOW,
    NUMBER,
    STANDING,
    UID,
    CardStand,
    blank,
    counted,
    debit,
    everything,
    issued,
    keep,
    key_set,
    load,
)

ISSUE_APDUS, MOVE_APDUS = 42, 22


def new_card() -> NewCard:
    identity = Identity(number=NUMBER, territory=61, issued=date(2026, 1, 5))
    return NewCard(identity=identity, standing=STANDING, at=NOW)


def moving() -> HolderAuthority:
    return authority_for_tests(key_set(2), key_set(1), environment="test")


def test_a_personalised_card_has_the_layout_of_the_design() -> None:
    files = issued().chip.memory.applications[AID].files
    assert set(files) == {0, 1, 2, 3, 4, 5, 6, 0xF}
    assert {number: one.access for number, one in files.items()} == layout.ACCESS
    modes = {number: one.comm for number, one in files.items()}
    assert modes.pop(layout.PROOF) is CommMode.MAC
    assert set(modes.values()) == {CommMode.FULL}


def test_a_personalised_card_has_diversified_keys() -> None:
    application = issued().chip.memory.applications[AID]
    wanted = known_keys(UID)
    assert [one.value for one in application.keys] == [wanted[key] for key in CARD_KEYS]
    assert {one.version for one in application.keys} == {1}
    assert application.settings == APPLICATION_SETTINGS


def test_a_new_card_has_its_counter_at_zero() -> None:
    image = everything().run(issued().lay(), ReadCard())
    assert (image.commits, image.sequence, image.last_load) == (0, 0, 0)
    assert image.identity == new_card().identity


def test_the_number_of_a_card_is_never_rewritten() -> None:
    stand = issued()
    with pytest.raises(CardTampered, match="PERMISSION_DENIED"):
        _rewrite(stand)


def _rewrite(stand: CardStand) -> None:
    class Rewrite:
        uid = UID

        def perform(self, card: object) -> None:
            from cardreader.opened import OpenCard

            assert isinstance(card, OpenCard)
            card.use(Key.MASTER).write_data(layout.IDENTITY, bytes(32))

    everything().run(stand.lay(), Rewrite())


def test_an_issued_card_isnt_personalised_again() -> None:
    stand = issued(cents=1500)
    with pytest.raises(CardForeign, match="issued already"):
        personalise(stand.lay(), everything(), new_card())
    assert stand.session().read().balance.cents == 1500


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, ISSUE_APDUS + 1))
def test_a_card_torn_while_it_is_made_is_made_at_the_next_try(
    number: int, when: Literal["before", "after"]
) -> None:
    stand = blank()
    stand.torn.tear(At(when=when, number=number))
    with pytest.raises(CardPulled):
        personalise(stand.transport, everything(), new_card())
    if (when, number) != ("after", ISSUE_APDUS):
        personalise(stand.lay(), everything(), new_card())
    assert stand.session().read().number == NUMBER


def test_a_bank_card_isnt_personalised() -> None:
    with pytest.raises(CardForeign):
        personalise(InMemoryTransport(bank_card()), everything(), new_card())


def test_a_kiosks_own_keys_issue_no_card() -> None:
    wrapping = bytes(32)
    sealed = sealed_authority(wrapping, seal(key_set(), wrapping))
    with pytest.raises(KeyAbsent):
        personalise(blank().transport, sealed, new_card())


def test_a_card_moves_to_the_next_keys_and_works_on() -> None:
    stand = issued(cents=1500)
    authority = moving()
    assert counted(stand, lambda: authority.run(stand.transport, MoveKeys(uid=UID))) == MOVE_APDUS
    versions = {one.version for one in stand.chip.memory.applications[AID].keys}
    assert versions == {2}
    assert stand.session(authority).spend(debit(0), keep).face.balance.cents == 1180
    assert stand.session(authority).write_load(load(1)).balance.cents == 3180


def test_a_card_with_the_newest_keys_is_left_alone() -> None:
    stand = issued()
    assert moving().run(stand.lay(), MoveKeys()) == len(CARD_KEYS)
    assert moving().run(stand.lay(), MoveKeys()) == 0


def test_the_leaked_keys_open_a_moved_card_no_more() -> None:
    stand = issued(cents=1500)
    moving().run(stand.lay(), MoveKeys())
    with pytest.raises(KeyAbsent, match="version 2"):
        stand.session(everything()).spend(debit(0), keep)


@pytest.mark.parametrize("number", range(1, MOVE_APDUS + 1))
def test_a_move_that_was_torn_goes_on_at_the_next_tap(number: int) -> None:
    stand = issued(cents=1500)
    stand.torn.tear(At(when="after", number=stand.torn.count + number))
    with pytest.raises(CardPulled):
        moving().run(stand.transport, MoveKeys())
    assert stand.session(moving()).read().balance.cents == 1500
    moving().run(stand.lay(), MoveKeys())
    only_new = HolderAuthority(KeyRing([key_set(2)]))
    assert stand.session(only_new).spend(debit(0), keep).face.balance.cents == 1180
