"""codes.db as a file: kept to its owner, refused when damaged, full disks told."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.domain.errors import InputRefused, LedgerTampered, StorageFull
from kiosk.store.code_requests import CodeStore
from kiosk.store.device_key import CODE_FILE, HUB_FILE, DeviceKey, code_key
from tests.code_requests import a_row


def test_the_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    with CodeStore(tmp_path / "new" / "codes.db"):
        assert (tmp_path / "new" / "codes.db").stat().st_mode & 0o777 == 0o600


def test_it_is_written_as_durably_as_the_journal(tmp_path: Path) -> None:
    with CodeStore(tmp_path / "codes.db") as store:
        told = store._connection.execute("PRAGMA synchronous").fetchone()[0]
        mode = store._connection.execute("PRAGMA journal_mode").fetchone()[0]
    assert (told, mode) == (2, "wal")


def test_a_damaged_file_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "codes.db").write_bytes(b"no database, " * 200)
    with pytest.raises(LedgerTampered):
        CodeStore(tmp_path / "codes.db")
    assert (tmp_path / "codes.db").read_bytes().startswith(b"no database")


def test_a_folder_that_is_a_file_is_no_room(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StorageFull):
        CodeStore(tmp_path / "data" / "codes.db")


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    with CodeStore(tmp_path / "codes.db") as store:
        store._connection.execute("PRAGMA query_only = ON")  # SQLITE_READONLY: no room either
        with pytest.raises(StorageFull):
            store.save_code(a_row())


def test_a_request_is_never_deleted(tmp_path: Path) -> None:
    with CodeStore(tmp_path / "codes.db") as store:
        store.save_code(a_row())
    refused = pytest.raises(sqlite3.IntegrityError, match="never deleted")
    with closing(sqlite3.connect(tmp_path / "codes.db")) as other, refused:
        other.execute("DELETE FROM code_request")


def test_the_code_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = code_key(tmp_path)
    assert code_key(tmp_path) == first
    assert len(first) == 32
    assert (tmp_path / CODE_FILE).stat().st_mode & 0o777 == 0o600


def test_a_code_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    code_key(tmp_path)
    (tmp_path / CODE_FILE).chmod(0o644)
    with pytest.raises(InputRefused):
        code_key(tmp_path)


def test_the_hub_signs_with_a_key_of_its_own(tmp_path: Path) -> None:
    hub, kiosk = DeviceKey(tmp_path, HUB_FILE), DeviceKey(tmp_path)
    assert hub.public_key != kiosk.public_key
    assert DeviceKey(tmp_path, HUB_FILE).public_key == hub.public_key
