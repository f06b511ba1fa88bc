"""Keys: one per card, derived; never shown, never given out."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cardreader.authority import (
    SEALED_KEYS,
    authority_for_tests,
    no_journal,
    seal,
    sealed_authority,
)
from cardreader.desfire.crypto import SessionKeys
from cardreader.desfire.ev2 import Ev2Session
from cardreader.keys import KeyChange, KeyRing, KeySet, diversifier
from cardreader.layout import AID, SYSTEM_ID, Key
from cardreader.opened import OpenCard, StaleKey
from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import CardTampered, InputRefused, KeyAbsent
from kiosk.domain.money import Money
from kiosk.domain.purse import Prepared
from tests.unit.cardreader.cards import UID, issued, key_set

WRAPPING_KEY = bytes(range(32))


def test_a_cards_keys_follow_from_its_uid() -> None:
    assert diversifier(UID) == UID + AID + SYSTEM_ID
    with pytest.raises(ValueError, match="UID"):
        diversifier(UID[:4])


def test_masters_are_never_shown() -> None:
    assert key_set().masters[Key.DEBIT].hex() not in repr(key_set())
    assert "masters" not in repr(key_set())


@pytest.mark.parametrize("version", [0, 256])
def test_a_version_that_no_key_can_have_is_a_mistake_of_ours(version: int) -> None:
    with pytest.raises(ValueError, match="version"):
        KeySet(version=version, masters={})


def test_a_master_of_another_length_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        KeySet(version=1, masters={Key.DEBIT: b"short"})


def test_the_newest_version_is_the_current_one() -> None:
    assert KeyRing([key_set(1), key_set(3), key_set(2)]).version == 3


@pytest.mark.parametrize(("key", "version"), [(Key.RELOAD, 1), (Key.DEBIT, 2)])
def test_a_key_that_isnt_held_is_told(key: Key, version: int) -> None:
    ring = KeyRing([KeySet(version=1, masters={Key.DEBIT: bytes(16)})])
    with pytest.raises(KeyAbsent, match=key.name):
        ring.handshake(key, UID, version, None)


def test_a_changed_key_leaves_its_holder_only_enciphered() -> None:
    session = Ev2Session(SessionKeys(enc=bytes(16), mac=bytes(16)), bytes(4))
    change = KeyChange(uid=UID, key=Key.DEBIT, from_version=0, to_version=1)
    command, body = KeyRing([key_set()]).wrap_key_change(session, change)
    assert (command.data, command.trailer) == (b"", b"")
    assert len(body) == 1 + 32 + 8


def test_test_keys_are_refused_in_production() -> None:
    with pytest.raises(InputRefused, match="production"):
        authority_for_tests(key_set(), environment=PRODUCTION)


def test_sealed_keys_hold_no_reload_key() -> None:
    assert set(SEALED_KEYS) == {Key.IDENTIFY, Key.DEBIT, Key.SERVICES}
    blob = seal(key_set(), WRAPPING_KEY)
    assert len(blob) == 12 + 1 + 3 * (1 + 16) + 16


def test_sealed_keys_show_nothing() -> None:
    blob = seal(key_set(), WRAPPING_KEY)
    assert all(master not in blob for master in key_set().masters.values())
    assert seal(key_set(), WRAPPING_KEY) != blob


@pytest.mark.parametrize("at", [0, 12, 40, -1])
def test_sealed_keys_that_were_touched_arent_opened(at: int) -> None:
    blob = bytearray(seal(key_set(), WRAPPING_KEY))
    blob[at] ^= 1
    with pytest.raises(InputRefused, match="can't be opened"):
        sealed_authority(WRAPPING_KEY, bytes(blob))


@pytest.mark.parametrize("blob", [b"", bytes(12), bytes(40)])
def test_what_isnt_sealed_isnt_opened(blob: bytes) -> None:
    with pytest.raises(InputRefused):
        sealed_authority(WRAPPING_KEY, blob)


def test_another_device_cant_open_sealed_keys() -> None:
    with pytest.raises(InputRefused):
        sealed_authority(bytes(32), seal(key_set(), WRAPPING_KEY))


@pytest.mark.parametrize("plain", [bytes(5), b"\x01", b"\x01" + bytes([Key.RELOAD]) + bytes(16)])
def test_sealed_keys_of_another_shape_arent_opened(plain: bytes) -> None:
    nonce = bytes(12)
    label = b"alveole sealed keys 2"
    blob = nonce + AESGCM(WRAPPING_KEY).encrypt(nonce, plain, label)
    with pytest.raises(InputRefused, match="another shape"):
        sealed_authority(WRAPPING_KEY, blob)


def test_a_spend_without_a_journal_is_a_bug() -> None:
    prepared = Prepared(
        number="",
        transaction_id="D-000000000001",
        sequence=0,
        commits=0,
        balance_before=Money(0),
        balance_after=Money(0),
    )
    with pytest.raises(AssertionError, match="no journal"):
        no_journal(prepared)


def test_a_card_whose_key_versions_never_hold_still_is_tampered() -> None:
    class Restless:
        uid = None

        def perform(self, card: OpenCard) -> None:
            raise StaleKey(Key.DEBIT, 1)

    with pytest.raises(CardTampered, match="hold still"):
        authority_for_tests(key_set(), environment="test").run(issued().transport, Restless())
