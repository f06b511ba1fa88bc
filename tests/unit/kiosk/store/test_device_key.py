"""The device's key: made once, kept to its owner, and refused when it can't be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.sealed import holds
from kiosk.store.device_key import FILE, DeviceKey


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = DeviceKey(tmp_path / "new").public_key
    file = tmp_path / "new" / FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert DeviceKey(tmp_path / "new").public_key == first
    assert [one.name for one in file.parent.iterdir()] == [FILE]


def test_two_kiosks_have_two_keys(tmp_path: Path) -> None:
    assert DeviceKey(tmp_path / "a").public_key != DeviceKey(tmp_path / "b").public_key


def test_what_it_signs_holds_under_its_public_key(tmp_path: Path) -> None:
    key = DeviceKey(tmp_path)
    assert holds(key.public_key, key.sign(b"message"), b"message")
    assert not holds(key.public_key, key.sign(b"message"), b"another")


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    DeviceKey(tmp_path)
    (tmp_path / FILE).chmod(0o640)
    with pytest.raises(InputRefused, match="others may read it"):
        DeviceKey(tmp_path)


def test_a_damaged_key_is_refused_and_kept(tmp_path: Path) -> None:
    DeviceKey(tmp_path)
    (tmp_path / FILE).write_bytes(b"short")
    with pytest.raises(InputRefused, match="not a device key"):
        DeviceKey(tmp_path)
    assert (tmp_path / FILE).read_bytes() == b"short"


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(InputRefused, match="can't be used"):
        DeviceKey(tmp_path / "data")
