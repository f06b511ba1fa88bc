"""PINs of staff badges and account holders: how they are kept, and how often they may be tried.

Rules:

1. A PIN is 4 to 12 digits. What is kept is its scrypt hash under a salt of its own (RFC 7914,
   N = 2**14, r = 8, p = 1: 16 MB a try).
2. A try is counted, durably, BEFORE it is compared: pulling the plug gains nothing.
3. After TRIES_MAX wrong ones the PIN is locked for LOCK; each further wrong one locks it again.
4. A right one forgets the failures. Nothing here is ever logged, and no error tells the PIN.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from kiosk.domain.errors import InputRefused, PinLocked

Role = Literal["holder", "agent", "manager"]  # an account's holder, or staff
TRIES_MAX = 5
LOCK = timedelta(minutes=15)
SALT_BYTES = 16
DIGITS = range(4, 13)
NEVER = datetime.min.replace(tzinfo=UTC)
_COST, _BLOCK, _PARALLEL, _HASH_BYTES = 2**14, 8, 1, 32
_MEMORY_MAX = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRecord:
    """A PIN as it is kept; ``subject`` is the badge's or card's tag."""

    subject: str
    role: Role
    salt: bytes = field(repr=False)
    hash: bytes = field(repr=False)
    failures: int = 0
    locked_until: datetime = NEVER

    @property
    def left(self) -> int:
        """How many tries are left before it is locked."""
        return max(0, TRIES_MAX - self.failures)


def new_pin(subject: str, role: Role, pin: str, *, salt: bytes) -> PinRecord:
    """Give the record of a new PIN; raises InputRefused for one that isn't 4 to 12 digits."""
    if len(pin) not in DIGITS or not (pin.isascii() and pin.isdigit()):
        raise InputRefused("a PIN has 4 to 12 digits")
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt is of sixteen bytes")
    return PinRecord(subject=subject, role=role, salt=salt, hash=_hashed(pin, salt))


def tried(record: PinRecord, now: datetime) -> PinRecord:
    """Count a try before it is compared (rule 2); raises PinLocked."""
    if now < record.locked_until:
        raise PinLocked("too many wrong PINs")
    failures = min(record.failures + 1, TRIES_MAX)
    locked = now + LOCK if failures == TRIES_MAX else NEVER
    return replace(record, failures=failures, locked_until=locked)


def matches(record: PinRecord, pin: str) -> bool:
    """Compare in constant time; anything but a PIN is a wrong one."""
    return hmac.compare_digest(record.hash, _hashed(pin[: DIGITS.stop], record.salt))


def forgiven(record: PinRecord) -> PinRecord:
    """Forget the failures after a right PIN (rule 4)."""
    return replace(record, failures=0, locked_until=NEVER)


def _hashed(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        pin.encode("utf-8", "surrogatepass"),
        salt=salt,
        n=_COST,
        r=_BLOCK,
        p=_PARALLEL,
        dklen=_HASH_BYTES,
        maxmem=_MEMORY_MAX,
    )
