"""Cards as the territory would issue them, made of software: the layout's table as a chip.

The keys are test keys, known to everybody who reads this file; nothing in production takes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cardreader import layout
from cardreader.desfire import crypto
from cardreader.desfire.constants import CommMode, KeySettings
from cardreader.virtual.chip.memory import (
    PICC,
    Application,
    DataFile,
    File,
    Generation,
    Key,
    MacFile,
    Memory,
    RecordFile,
    ValueFile,
)

TEST_UID = bytes.fromhex("04A17E57CA4D01")
KEY_VERSION = 1


def known_master(key: layout.Key) -> bytes:
    """Give the test master key, before diversification."""
    return hashlib.sha256(b"alveole test key %d" % key).digest()[:16]


def known_keys(uid: bytes) -> Mapping[layout.Key, bytes]:
    """Give the keys as they stand on the card with ``uid``."""
    diversifier = uid + layout.AID + layout.SYSTEM_ID
    return {key: crypto.diversify(known_master(key), diversifier) for key in layout.Key}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What stands on a card; ``records`` oldest first, ``slots`` at most eight."""

    identity: layout.Identity
    standing: layout.Standing
    records: tuple[layout.Record, ...]
    balance_cents: int = 0
    entries: int = 0
    last_load: int = 0
    slots: tuple[layout.Slot | None, ...] = ()
    commits: int = 0


def issued(uid: bytes, content: Content, *, generation: Generation = 2) -> Memory:
    """Give the memory of a card with its test keys; an EV1 has no transaction MAC."""
    keys = known_keys(uid)
    files = _files(content)
    if generation > 1:
        files[layout.PROOF] = MacFile(
            comm=CommMode.MAC,
            access=layout.ACCESS[layout.PROOF],
            key=Key(value=keys[layout.Key.PROOF], version=KEY_VERSION),
            counter=content.commits,
        )
    app = Application(
        keys=tuple(Key(value=keys[one], version=KEY_VERSION) for one in layout.CARD_KEYS),
        settings=KeySettings.MASTER_CHANGEABLE | KeySettings.SETTINGS_CHANGEABLE,
        files=files,
    )
    applications = {PICC: Application(keys=(Key(),)), layout.AID: app}
    return Memory(uid=uid, generation=generation, applications=applications)


def _files(content: Content) -> dict[int, File]:
    """Give the files of CARD.md's table."""
    slots = layout.pack_slots(content.slots)
    last_load = layout.pack_last_load(content.last_load).ljust(layout.LAST_LOAD_LEN, b"\x00")
    return {
        layout.IDENTITY: _data(layout.IDENTITY, content.identity.pack(), backup=False),
        layout.STATUS: _data(layout.STATUS, content.standing.pack()),
        layout.PURSE: _value(layout.PURSE, layout.PURSE_UPPER, content.balance_cents),
        layout.ENTRIES: _value(layout.ENTRIES, layout.ENTRIES_UPPER, content.entries),
        layout.ENTITLEMENTS: _data(layout.ENTITLEMENTS, slots),
        layout.LOG: RecordFile(
            comm=CommMode.FULL,
            access=layout.ACCESS[layout.LOG],
            size=layout.RECORD_LEN,
            places=layout.RECORDS,
            records=tuple(
                one.pack().ljust(layout.RECORD_LEN, b"\x00")
                for one in content.records[-layout.RECORDS_MAX :]
            ),
        ),
        layout.LAST_LOAD: _data(layout.LAST_LOAD, last_load),
    }


def _data(number: int, content: bytes, *, backup: bool = True) -> DataFile:
    access = layout.ACCESS[number]
    return DataFile(comm=CommMode.FULL, access=access, content=content, backup=backup)


def _value(number: int, upper: int, value: int) -> ValueFile:
    return ValueFile(
        comm=CommMode.FULL,
        access=layout.ACCESS[number],
        lower=0,
        upper=upper,
        value=value,
        limited=True,
    )
