"""The territory's device keys: whose tickets a gate believes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kiosk.domain.sealed import known
from kiosk.store.device_key import DeviceKey
from kiosk.store.device_keys import BYTES_MAX, FILE, DeviceKeys
from tests.signers import OTHER, OURS


def write(folder: Path, *keys: bytes, **changed: object) -> None:
    content = {"version": 1, "keys": [key.hex() for key in keys], **changed}
    (folder / FILE).write_text(json.dumps(content), encoding="utf-8")


def own(folder: Path) -> bytes:
    return DeviceKey(folder).public_key


def test_without_a_list_only_the_device_s_own_key_is_known(tmp_path: Path) -> None:
    assert DeviceKeys(tmp_path).current() == known((own(tmp_path),))


def test_the_list_s_keys_are_known_beside_its_own(tmp_path: Path) -> None:
    write(tmp_path, OURS.public_key)
    assert DeviceKeys(tmp_path).current() == known((OURS.public_key, own(tmp_path)))


def test_a_newer_list_is_noticed_and_a_struck_key_is_gone(tmp_path: Path) -> None:
    write(tmp_path, OURS.public_key)
    keys = DeviceKeys(tmp_path)
    keys.current()
    write(tmp_path, OTHER.public_key, version=20)
    assert keys.current() == known((OTHER.public_key, own(tmp_path)))


def test_a_list_that_is_gone_names_nobody(tmp_path: Path) -> None:
    write(tmp_path, OURS.public_key)
    keys = DeviceKeys(tmp_path)
    keys.current()
    (tmp_path / FILE).unlink()
    assert keys.current() == known((own(tmp_path),))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 5000,
        '{"version": 0, "keys": []}',
        '{"version": 1, "keys": ["00"]}',
        '{"version": 1, "keys": ["' + "G" * 64 + '"]}',
        '{"version": 1, "keys": [], "more": 1}',
        " " * (BYTES_MAX + 1),
    ],
    ids=["empty", "deep", "version 0", "short", "not hex", "unknown field", "huge"],
)
def test_a_list_that_can_t_be_read_names_nobody(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert DeviceKeys(tmp_path).current() == known((own(tmp_path),))
