"""The delivered card keys: sealed to this device, noticed when they change, and wiped."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardreader.layout import Key
from cardreader.operations import ReadCard
from kiosk.domain.errors import CardKeysAwaited
from kiosk.store.card_keys import FILE, CardKeyStore
from sync.protocol.card_keys import Delivered, DeliveredSet
from tests.unit.cardreader.cards import NUMBER, issued, key_set

TAGS = bytes(range(32))


def delivered(edition: int = 1, *versions: int) -> Delivered:
    sets = [key_set(version) for version in versions or (1,)]
    return Delivered(
        edition=edition,
        territory="orne",
        kiosk="k1",
        tags=TAGS,
        sets=tuple(
            DeliveredSet(
                version=one.version,
                identify=one.masters[Key.IDENTIFY],
                debit=one.masters[Key.DEBIT],
            )
            for one in sets
        ),
    )


@pytest.fixture
def store(tmp_path: Path) -> CardKeyStore:
    return CardKeyStore(tmp_path)


def test_a_kiosk_that_was_given_none_holds_none(store: CardKeyStore) -> None:
    assert store.edition == 0
    for ask in (lambda: store.authority, lambda: store.tags):
        with pytest.raises(CardKeysAwaited):
            ask()


def test_delivered_keys_read_a_card(store: CardKeyStore) -> None:
    store.keep(delivered(4))
    assert (store.edition, store.tags) == (4, TAGS)
    image = store.authority.run(issued().transport, ReadCard())
    assert image.identity.number == NUMBER


def test_a_card_of_an_older_version_is_read_too(store: CardKeyStore) -> None:
    store.keep(delivered(5, 1, 2))
    assert store.authority.run(issued().transport, ReadCard()).identity.number == NUMBER


def test_the_file_is_this_user_s_and_holds_no_key_in_clear(
    store: CardKeyStore, tmp_path: Path
) -> None:
    store.keep(delivered())
    file = tmp_path / FILE
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes()
    for secret in (TAGS, *key_set().masters.values()):
        assert secret not in content
        assert secret.hex().encode() not in content


def test_nothing_shows_a_key_when_it_is_printed() -> None:
    told = delivered()
    for secret in (TAGS, told.sets[0].identify, told.sets[0].debit):
        assert repr(secret) not in repr(told)
        assert repr(secret) not in str(told)


def test_another_device_opens_none_of_it(store: CardKeyStore, tmp_path: Path) -> None:
    store.keep(delivered())
    (tmp_path / "device.key").unlink()
    again = CardKeyStore(tmp_path)
    assert again.edition == 0
    with pytest.raises(CardKeysAwaited, match="device"):
        again.tags.hex()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"edition":1,"tags":"","sets":[]}',
        b'{"edition":1,"tags":"AAAA","sets":["AAAA"]}',
    ],
)
def test_a_file_that_can_t_be_read_holds_none(
    store: CardKeyStore, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert store.edition == 0


def test_a_new_edition_counts_from_the_next_look_on(store: CardKeyStore, tmp_path: Path) -> None:
    store.keep(delivered(1))
    before = store.authority
    assert store.authority is before
    CardKeyStore(tmp_path).keep(delivered(2, 1, 2))
    assert store.authority is not before
    assert store.edition == 2


def test_wiped_keys_are_gone(store: CardKeyStore, tmp_path: Path) -> None:
    store.keep(delivered())
    assert store.wipe()
    assert not store.wipe()
    assert not (tmp_path / FILE).exists()
    assert store.edition == 0
