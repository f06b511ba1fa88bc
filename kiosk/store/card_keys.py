"""The card keys that the hub gave this kiosk: DIR/card-keys.json, mode 0600, each piece sealed.

::

    {"edition": 3, "tags": "<base64>", "sets": ["<base64>", …]}

The sync process writes it, the kiosk reads it. What is sealed can be opened with this device's key
alone: a copy of the file is worth nothing elsewhere. A file that can't be opened holds no keys, and
the hub is asked anew. It is deleted when the hub shuts the kiosk out.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from cardreader.at_rest import unwrap_secret, wrap_secret
from cardreader.authority import HolderAuthority, seal, sealed_authority
from cardreader.keys import KeySet
from cardreader.layout import Key
from kiosk.domain.errors import CardKeysAwaited, DataAbsent, InputRefused
from kiosk.store.device_key import DeviceKey
from kiosk.store.durable import sync_folder
from kiosk.store.private_file import read_private_file, write_private_file
from sync.protocol.card_keys import SETS_MAX, Delivered

FILE = "card-keys.json"
BYTES_MAX = 20_000
_WRAPPING, _TAGS = b"alveole card keys at rest 1", b"alveole card tags 1"


class KeysFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file holds."""

    edition: int
    tags: bytes
    sets: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class _Opened:
    """The keys as they were last opened, and the stamp by which newer ones are noticed."""

    stamp: tuple[int, int, int]
    authority: HolderAuthority
    tags: bytes


_DECODER = msgspec.json.Decoder(KeysFile)


class CardKeyStore:
    """The file of a data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last: _Opened | None = None

    @property
    def edition(self) -> int:
        """The edition that is held and can be opened, 0 for none."""
        try:
            self._opened()
        except CardKeysAwaited:
            return 0
        found = self._file()
        return 0 if found is None else found.edition

    @property
    def authority(self) -> HolderAuthority:
        """The authority over the keys as they stand now; raises CardKeysAwaited."""
        return self._opened().authority

    @property
    def tags(self) -> bytes:
        """The territory's key of card tags; raises CardKeysAwaited."""
        return self._opened().tags

    def keep(self, told: Delivered) -> None:
        """Keep what the hub gave, sealed, whole or not at all; raises DataAbsent, InputRefused."""
        wrapping = self._wrapping_key()
        sets = [
            KeySet(version=one.version, masters={Key.IDENTIFY: one.identify, Key.DEBIT: one.debit})
            for one in told.sets
        ]
        file = KeysFile(
            edition=told.edition,
            tags=wrap_secret(told.tags, wrapping, _TAGS),
            sets=tuple(seal(one, wrapping) for one in sets),
        )
        write_private_file(self._folder / FILE, msgspec.json.encode(file))

    def wipe(self) -> bool:
        """Delete the file; gives whether there was one. Raises DataAbsent."""
        self._last = None
        try:
            (self._folder / FILE).unlink()
            sync_folder(self._folder)
        except FileNotFoundError:
            return False
        except OSError as wrong:
            raise DataAbsent(f"{FILE}: {wrong}") from wrong
        return True

    def _opened(self) -> _Opened:
        try:
            status = (self._folder / FILE).stat()
        except OSError:
            self._last = None
            raise CardKeysAwaited("the hub has given this kiosk no card keys") from None
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if self._last is None or self._last.stamp != stamp:
            self._last = self._read(stamp)
        return self._last

    def _read(self, stamp: tuple[int, int, int]) -> _Opened:
        found = self._file()
        if found is None or not 1 <= len(found.sets) <= SETS_MAX:
            raise CardKeysAwaited(f"{FILE} can't be read")
        try:
            wrapping = self._wrapping_key()
            tags = unwrap_secret(found.tags, wrapping, _TAGS)
            authority = sealed_authority(wrapping, *found.sets)
        except InputRefused as wrong:
            raise CardKeysAwaited(f"{FILE} can't be opened with this device's key") from wrong
        return _Opened(stamp, authority, tags)

    def _file(self) -> KeysFile | None:
        return read_private_file(self._folder / FILE, _DECODER, bytes_max=BYTES_MAX)

    def _wrapping_key(self) -> bytes:
        return DeviceKey(self._folder).derived(_WRAPPING)
