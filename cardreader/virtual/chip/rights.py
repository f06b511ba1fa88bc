"""Who may do what, and how the data then travel.

A right names a key, or is free, or never. Whoever is authenticated with a key that has the right
speaks in the file's mode; whoever only uses a free right speaks in plain. Without the right: an
authentication error for a stranger, permission denied for the wrong key.
"""

from __future__ import annotations

from cardreader.desfire.constants import FREE, NEVER, CommMode, KeySettings, Status
from cardreader.virtual.chip.memory import Application, File, Nak, ValueFile

MASTER = 0
SAME_KEY, FROZEN = 0xE, 0xF  # the high nibble of key settings 1, when it names no key


def mode_of(file: File, rights: tuple[int, ...], key: int | None) -> CommMode:
    """Give the mode that ``key`` (None: not authenticated) speaks in by one of ``rights``."""
    if key is not None and key in rights:
        return file.comm
    if FREE in rights:
        return CommMode.PLAIN
    raise Nak(_no(key, possible=any(one != NEVER for one in rights)))


def to_read(file: File, key: int | None) -> CommMode:
    """Give the mode of ReadData, ReadRecords."""
    return mode_of(file, (file.access.read, file.access.read_write), key)


def to_write(file: File, key: int | None) -> CommMode:
    """Give the mode of WriteData, WriteRecord, LimitedCredit."""
    return mode_of(file, (file.access.write, file.access.read_write), key)


def to_rule(file: File, key: int | None) -> CommMode:
    """Give the mode of Credit and ClearRecordFile."""
    return mode_of(file, (file.access.read_write,), key)


def to_take(file: File, key: int | None) -> CommMode:
    """Give the mode of GetValue and Debit: any right but that to change rights."""
    access = file.access
    if not isinstance(file, ValueFile):
        raise Nak(Status.PERMISSION_DENIED)
    return mode_of(file, (access.read, access.write, access.read_write), key)


def to_change(file: File, key: int | None) -> CommMode:
    """Give the mode of ChangeFileSettings: enciphered, or plain when it is free."""
    right = file.access.change
    if key is not None and key == right:
        return CommMode.FULL
    if right == FREE:
        return CommMode.PLAIN
    raise Nak(_no(key, possible=right != NEVER))


def may_list(app: Application, key: int | None) -> None:
    """Pass for who may see files, applications and settings."""
    _by_setting(app, KeySettings.FREE_LISTING, key)


def may_create(app: Application, key: int | None) -> None:
    """Pass for who may create and delete."""
    _by_setting(app, KeySettings.FREE_CREATE, key)


def is_master(key: int | None) -> None:
    """Pass for the master key alone."""
    if key != MASTER:
        raise Nak(_no(key, possible=True))


def may_change_key(app: Application, number: int, key: int | None) -> None:
    """Pass for who may change key ``number``, by key settings 1."""
    rule = app.settings >> 4
    if MASTER in {number, rule}:
        frozen = number == MASTER and not app.settings & KeySettings.MASTER_CHANGEABLE
        wanted = MASTER
    elif rule in {SAME_KEY, FROZEN}:
        frozen, wanted = rule == FROZEN, number
    else:  # a change key changes all but itself, which the master changes
        frozen, wanted = False, MASTER if number == rule else rule
    if frozen or key != wanted:
        raise Nak(_no(key, possible=not frozen))


def _by_setting(app: Application, free: KeySettings, key: int | None) -> None:
    if not app.settings & free:
        is_master(key)


def _no(key: int | None, *, possible: bool) -> Status:
    stranger = key is None and possible
    return Status.AUTHENTICATION_ERROR if stranger else Status.PERMISSION_DENIED
