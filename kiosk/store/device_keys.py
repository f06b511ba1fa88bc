"""The territory's device keys: DIR/device-keys.json from the hub, and this device's own.

::

    {"version": 3, "keys": ["<32 bytes in hex>", …]}

A key that was struck from the list opens no gate any more. A file that can't be read names no key;
the device's own is always known.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from kiosk.domain.sealed import known
from kiosk.store.device_key import DeviceKey

FILE = "device-keys.json"
BYTES_MAX = 1_000_000
KEYS_MAX = 10_000

Key: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class KeysFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file holds."""

    version: Annotated[int, Meta(ge=1, le=2**53)]
    keys: Annotated[list[Key], Meta(max_length=KEYS_MAX)]


class DeviceKeys:
    """The keys of a data folder; a newer file is noticed at the next question."""

    def __init__(self, folder: Path) -> None:
        """Read this device's own key; raises InputRefused for one it can't trust."""
        self._path = folder / FILE
        self._own = DeviceKey(folder).public_key
        self._stamp: tuple[int, int] | None = None
        self._known = known((self._own,))

    def current(self) -> Mapping[bytes, bytes]:
        """Give the known public keys by their ids."""
        try:
            status = self._path.stat()
        except OSError:
            return known((self._own,))
        stamp = (status.st_mtime_ns, status.st_size)
        if stamp != self._stamp:
            self._stamp = stamp
            self._known = known((*_read(self._path), self._own))
        return self._known


def _read(path: Path) -> list[bytes]:
    try:
        if path.stat().st_size > BYTES_MAX:
            return []
        file = msgspec.json.decode(path.read_bytes(), type=KeysFile)
    except (OSError, msgspec.DecodeError, RecursionError):
        return []
    return [bytes.fromhex(key) for key in file.keys]
