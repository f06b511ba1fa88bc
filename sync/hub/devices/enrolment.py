"""Enrolment in the shape of the OAuth 2.0 device flow (RFC 8628).

Rules:
1. The kiosk makes its key pair, asks, and shows a code, a QR text and four words of its key.
2. People compare the four words on both screens; who holds the right approves or refuses.
3. The kiosk polls with its device code, signing with the key that it asked with: who has seen
   the code on the screen gets nothing by it.
4. A code lives CODE_LIVES; at most WAITING_MAX wait in a territory; polls come INTERVAL_S apart.
5. A name that a living device of the territory bears is refused at the approval.
6. A key that was let in already, and proves itself again, gets its answer again: a kiosk that died
   before it kept it, or lost it, asks nobody twice. A key that was shut out stays out.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction

from kiosk.domain.errors import InputRefused, LimitReached, NothingThere
from kiosk.domain.fingerprint import fingerprint
from sync.hub.accounts.models import User
from sync.hub.audit.record import note
from sync.hub.devices.models import Device, Enrolment
from sync.hub.devices.signatures import DeviceKey, public_key_of
from sync.hub.here import Here
from sync.hub.territories.models import Territory
from sync.licence import Licence, sign_licence

CODE_LIVES: Final = timedelta(minutes=15)
INTERVAL_S: Final = 5
WAITING_MAX: Final = 50
LICENCE_LASTS: Final = timedelta(days=30)
LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"  # RFC 8628, 6.1: no vowels, no words by chance
ID_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH, ID_LENGTH = 8, 12
TRIES_MAX = 20  # for a code that nobody has


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A kiosk that asks: its territory, the name it wants, its public key (hex)."""

    territory: str
    name: str
    algorithm: str
    public_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What a kiosk that asked is told; the device code is told to nobody else."""

    device_code: str
    enrolment: Enrolment
    words: str


def begin(hub: Here, asking: Asking) -> Begun:
    """Note a request; raises InputRefused, NothingThere (no such territory), LimitReached."""
    raw = _sound_key(asking)
    now = hub.clock.now()
    if not Territory.objects.filter(slug=asking.territory).exists():
        raise NothingThere("no such territory")
    device = Device.objects.filter(public_key=asking.public_key).first()
    if device is not None and (device.revoked_at or device.territory_id != asking.territory):
        raise InputRefused("a key is enrolled once")
    Enrolment.objects.filter(expires_at__lt=now).delete()
    waiting = Enrolment.objects.filter(territory=asking.territory).count()
    if waiting >= WAITING_MAX:
        raise LimitReached("too many kiosks wait already")
    device_code = secrets.token_urlsafe(32)
    enrolment = Enrolment.objects.create(
        device_code=_hashed(device_code),
        user_code=_free_code(),
        territory_id=asking.territory,
        name=asking.name,
        algorithm=asking.algorithm,
        public_key=asking.public_key,
        created_at=now,
        expires_at=now + CODE_LIVES,
        device=device,
    )
    return Begun(device_code=device_code, enrolment=enrolment, words=fingerprint(raw))


def find(hub: Here, device_code: str) -> Enrolment | None:
    """Find what a device code stands for, None when it is unknown or over."""
    now = hub.clock.now()
    return Enrolment.objects.filter(device_code=_hashed(device_code), expires_at__gte=now).first()


def too_soon(hub: Here, enrolment: Enrolment) -> bool:
    """Say whether this poll comes too soon after the last one, and note it."""
    now, last = hub.clock.now(), enrolment.polled_at
    enrolment.polled_at = now
    enrolment.save(update_fields=["polled_at"])
    return last is not None and now - last < timedelta(seconds=INTERVAL_S)


def waiting(hub: Here, user_code: str) -> Enrolment:
    """Find the request of a code that waits for an answer; raises NothingThere."""
    code = user_code.upper().replace("-", "").replace(" ", "")
    found = Enrolment.objects.filter(
        user_code=code, expires_at__gte=hub.clock.now(), device=None, refused_at=None
    ).first()
    if found is None:
        raise NothingThere("no kiosk waits under this code")
    return found


def words_of(enrolment: Enrolment) -> str:
    """Give the four words that the kiosk shows too."""
    return fingerprint(bytes.fromhex(enrolment.public_key))


def approve(hub: Here, enrolment: Enrolment, by: User | None) -> Device:
    """Let a kiosk in; raises InputRefused when its name is taken. Without ``by``: the console."""
    now = hub.clock.now()
    try:
        with transaction.atomic():
            device = Device.objects.create(
                id=_new_id(),
                territory_id=enrolment.territory_id,
                name=enrolment.name,
                algorithm=enrolment.algorithm,
                public_key=enrolment.public_key,
                approved_at=now,
                approved_by=by,
                licence_until=now + LICENCE_LASTS,
            )
            enrolment.device = device
            enrolment.save(update_fields=["device"])
            details = {"name": device.name, "words": words_of(enrolment)}
            note(hub, by, ("device.approved", enrolment.territory_id), device.id, details)
    except IntegrityError as taken:
        raise InputRefused(
            "a living kiosk has this name or this key", todo="revoke it first"
        ) from taken
    return device


def refuse(hub: Here, enrolment: Enrolment, by: User | None) -> None:
    """Refuse a kiosk."""
    with transaction.atomic():
        enrolment.refused_at = hub.clock.now()
        enrolment.save(update_fields=["refused_at"])
        note(hub, by, ("device.refused", enrolment.territory_id), enrolment.name)


def revoke(hub: Here, device: Device, by: User | None) -> None:
    """Shut a device out for good; what it has sent stays."""
    with transaction.atomic():
        if device.revoked_at is None:
            device.revoked_at = hub.clock.now()
            device.save(update_fields=["revoked_at"])
            note(hub, by, ("device.revoked", device.territory_id), device.id)


def licence_of(hub: Here, device: Device) -> str:
    """Give a living device's signed licence, prolonged once half of it has passed."""
    now = hub.clock.now()
    if device.licence_until - now < LICENCE_LASTS / 2:
        device.licence_until = now + LICENCE_LASTS
        device.save(update_fields=["licence_until"])
    licence = Licence(
        kiosk=device.id,
        territory=device.territory_id,
        key=device.public_key,
        until=int(device.licence_until.timestamp()),
    )
    return sign_licence(licence, hub.key)


def shown(user_code: str) -> str:
    """Give a code as people read it: in two halves."""
    half = CODE_LENGTH // 2
    return f"{user_code[:half]}-{user_code[half:]}"


def _sound_key(asking: Asking) -> bytes:
    try:
        public_key_of(DeviceKey(id="", algorithm=asking.algorithm, public_key=asking.public_key))
        return bytes.fromhex(asking.public_key)
    except (ValueError, TypeError) as wrong:
        raise InputRefused("not a public key of that algorithm") from wrong


def _free_code() -> str:
    for _ in range(TRIES_MAX):
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        if not Enrolment.objects.filter(user_code=code).exists():
            return code
    raise LimitReached("no code is free")


def _new_id() -> str:
    return "k" + "".join(secrets.choice(ID_LETTERS) for _ in range(ID_LENGTH))


def _hashed(device_code: str) -> str:
    return hashlib.sha256(device_code.encode()).hexdigest()
