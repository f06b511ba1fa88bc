"""PINs: how they are kept, and how often they may be tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.errors import InputRefused, PinLocked
from kiosk.domain.pin import LOCK, TRIES_MAX, PinRecord, forgiven, matches, new_pin, tried

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
SALT = bytes(range(16))
RECORD = new_pin("tag", "agent", "493817", salt=SALT)


def failed(times: int, at: datetime = NOW) -> PinRecord:
    record = RECORD
    for _ in range(times):
        record = tried(record, at)
    return record


def test_the_right_pin_matches_and_others_do_not() -> None:
    assert matches(RECORD, "493817")
    for wrong in ("493818", "", "49381", "4938170", "\ud800", "4938177777777777777"):
        assert not matches(RECORD, wrong)


def test_the_hash_is_scrypts_own() -> None:
    # python3 -c of hashlib.scrypt, N=16384 r=8 p=1, over the published vector's inputs (RFC 7914,
    # chapter 12): its first 32 bytes
    from kiosk.domain import pin

    vector = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    assert pin._hashed("pleaseletmein", b"SodiumChloride").hex() == vector


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "١٢٣٤", "12 34"])
def test_a_pin_is_of_4_to_12_digits(pin: str) -> None:
    with pytest.raises(InputRefused):
        new_pin("tag", "holder", pin, salt=SALT)


def test_a_salt_has_its_length() -> None:
    with pytest.raises(ValueError, match="salt"):
        new_pin("tag", "holder", "1234", salt=b"short")


def test_each_try_is_counted() -> None:
    assert [failed(n).left for n in range(TRIES_MAX + 1)] == [5, 4, 3, 2, 1, 0]


def test_the_last_try_locks_for_a_while() -> None:
    locked = failed(TRIES_MAX)
    for wait in (timedelta(0), LOCK - timedelta(seconds=1)):
        with pytest.raises(PinLocked):
            tried(locked, NOW + wait)


def test_after_the_lock_one_more_wrong_try_locks_again() -> None:
    again = tried(failed(TRIES_MAX), NOW + LOCK)
    with pytest.raises(PinLocked):
        tried(again, NOW + LOCK)


def test_a_right_pin_forgets_the_failures() -> None:
    assert forgiven(failed(4)) == RECORD


def test_neither_salt_nor_hash_show_in_a_log_or_a_trace() -> None:
    assert SALT.hex() not in repr(RECORD)
    assert "hash" not in repr(RECORD)
