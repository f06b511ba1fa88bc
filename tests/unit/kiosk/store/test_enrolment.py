"""What a kiosk keeps of its hub: whole or not at all, and never more than a signature says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.errors import DataAbsent
from kiosk.domain.standing import Standing
from kiosk.store.device_key import DeviceKey
from kiosk.store.enrolment import FILE, LICENCE_FILE, EnrolmentStore, LetIn
from sync.licence import Licence, sign_licence
from tests.alv1 import HUB, ROOT, STRANGER

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
UNTIL = datetime(2026, 12, 22, 10, tzinfo=UTC)
LET_IN = LetIn(
    hub="https://hub.example.fr",
    territory="orne",
    name="borne-1",
    kiosk="kabc234",
    root=ROOT.public_key.hex(),
    key=HUB.public_key.hex(),
    epoch=1,
)


@pytest.fixture
def store(tmp_path: Path) -> EnrolmentStore:
    store = EnrolmentStore(tmp_path)
    store.keep(LET_IN)
    return store


def licence(folder: Path, kiosk: str = "kabc234", key: str = "") -> str:
    own = key or DeviceKey(folder).public_key.hex()
    until = int(UNTIL.timestamp())
    return sign_licence(Licence(kiosk=kiosk, territory="orne", key=own, until=until), HUB)


def test_a_kiosk_that_no_hub_has_let_in_has_no_standing(tmp_path: Path) -> None:
    assert EnrolmentStore(tmp_path).standing() is None


def test_the_licence_says_until_when(tmp_path: Path, store: EnrolmentStore) -> None:
    store.keep_licence(licence(tmp_path), HUB.public_key)
    assert store.standing() == Standing(until=UNTIL)


def test_without_a_licence_nothing_is_sold(store: EnrolmentStore) -> None:
    assert store.standing() == Standing()


def test_a_licence_of_another_kiosk_or_key_is_none(tmp_path: Path, store: EnrolmentStore) -> None:
    for text in (licence(tmp_path, kiosk="kother"), licence(tmp_path, key="0" * 64), "x"):
        store.keep_licence(text, HUB.public_key)
        assert store.standing() == Standing()
    store.keep_licence(licence(tmp_path), STRANGER.public_key)
    assert store.standing() == Standing()


def test_what_a_hub_shut_out_stays_so_when_a_licence_comes(
    tmp_path: Path, store: EnrolmentStore
) -> None:
    store.revoke(NOW)
    store.revoke(UNTIL)
    store.keep_licence(licence(tmp_path), HUB.public_key)
    assert store.standing() == Standing(until=UNTIL, revoked=True)
    file = store.licence()
    assert file is not None
    assert file.revoked_at == NOW


@pytest.mark.parametrize("name", [FILE, LICENCE_FILE])
@pytest.mark.parametrize("damage", [b"", b"{", b'{"type":"let_in"}', b"\xff" * 30_000])
def test_a_damaged_file_is_as_if_it_weren_t_there(
    tmp_path: Path, store: EnrolmentStore, name: str, damage: bytes
) -> None:
    store.keep_licence(licence(tmp_path), HUB.public_key)
    (tmp_path / name).write_bytes(damage)
    assert store.standing() in (None, Standing())


def test_a_folder_that_takes_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataAbsent):
        EnrolmentStore(tmp_path / "file").keep(LET_IN)
