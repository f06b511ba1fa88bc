"""Paying while the kiosk is offline: its signed request, and the code that answers it.

Rules (MONEY.md, "Paying while the kiosk is offline"):

1. A request says who pays what, where: id, kiosk, card's tag, cents, the load's number on the card
   or a product, nonce, moment. Its bytes are spelled one way only (``request_body``) and signed by
   the kiosk (kiosk.domain.sealed): an edited one is refused by the hub.
2. It stands in the fragment of the page's address, which no browser sends: no access log has it.
3. The code is HMAC-SHA-256 (RFC 2104) under the kiosk's own key over CONTEXT and all of the
   request's bytes; its first 8 bytes as a big-endian number, modulo 10^12, are twelve digits. The
   signed value for a scanner carries the request's id and the same digits, under the hub's key.
4. A try is durable before it is compared (``tried``). TRIES_MAX wrong ones close the request for
   good; what was paid for it is then delivered by the hub, like any load that nobody redeemed.
5. A code is taken within REDEEM_MAX of the request, and paid for within PAY_MAX of it.
6. A kiosk asks for at most ``CodeLimits``: a sum a request, requests and a sum in 24 hours. Both
   sides check it, so that a stolen kiosk forges no more than that until it is revoked.
7. An accepted code is taken up by exactly one credit: a numbered load, a pending load where this
   kiosk may not credit offline (CARD.md), or an entry ticket. Typed again it gives the same one.

The request's bytes (kiosk.domain.packing): id, kiosk, 16 bytes of tag (zero without a card), cents,
load number, product, 8 bytes of nonce, seconds since 1970.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from kiosk.domain.errors import (
    AmountRefused,
    CodeClosed,
    CodeExpired,
    CodeForeign,
    CodeWrong,
    LimitReached,
)
from kiosk.domain.money import Money
from kiosk.domain.packing import Packer, Unpacker
from kiosk.domain.sealed import Kind, Signer, opened, sealed

BY_CODE = "code"  # the provider of a top-up that a code has paid
CODE_LEN = 12  # digits
KEY_BYTES, NONCE_BYTES, TAG_BYTES = 32, 8, 16
ID_MAX, KIOSK_MAX = 24, 8  # bytes
TRIES_MAX = 5
REQUEST_MOST, DAY_MOST = Money(5000), Money(50_000)  # CARD.md, "Who may credit offline"
PAY_MAX = timedelta(minutes=30)  # from the request until it is paid on the phone
EARLY_MAX = timedelta(minutes=5)  # a kiosk's clock may run ahead of the hub's by this much
REDEEM_MAX = timedelta(hours=24)  # from the request until the code is typed
DAY = timedelta(hours=24)
CONTEXT = b"alveole.reload-code.1\x00"  # a MAC made for anything else is none here
_MODULUS = 10**CODE_LEN
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: compared by eye on two screens
_DIGITS = re.compile(rf"[0-9]{{{CODE_LEN}}}")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_TAG = re.compile(r"|[0-9a-f]{32}")
_EPOCH, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_NO_TAG = bytes(TAG_BYTES)


class CodeState(StrEnum):
    """Where a request stands on its kiosk."""

    OPEN = "open"  # its code may still be typed
    ACCEPTED = "accepted"  # the code was right; its credit isn't taken up yet
    GIVEN = "given"  # taken up: a load under way, or a ticket
    PENDING = "pending"  # accepted, to be written once the hub has been reached


@dataclass(frozen=True, slots=True, kw_only=True)
class ReloadRequest:
    """What is to be paid: a numbered load of ``card`` (a tag), or a product without one.

    ``at`` is aware, in UTC, to the second; ``load_number`` is 0 for a product, ``product`` for a
    load; ``card`` is "" without a card.
    """

    id: str
    kiosk: str
    card: str
    amount: Money
    load_number: int = 0
    product: int = 0
    nonce: bytes
    at: datetime

    def __post_init__(self) -> None:
        named = (self.id, ID_MAX), (self.kiosk, KIOSK_MAX)
        loads = self.load_number > 0 and self.product == 0 and self.card != ""
        buys = self.product > 0 and self.load_number == 0
        fine = (
            all(len(name) <= most and _NAME.fullmatch(name) for name, most in named),
            _whole_second(self.at),
            loads or buys,
            self.amount > Money(0),
            _TAG.fullmatch(self.card) is not None,
            len(self.nonce) == NONCE_BYTES,
        )
        if not all(fine):
            raise ValueError("not a request")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeLimits:
    """What may be asked for: of one request, and of one kiosk in any 24 hours."""

    request_most: Money = REQUEST_MOST
    day_requests: int = 20
    day_most: Money = DAY_MOST

    def check(self, amount: Money, used: CodeUse) -> None:
        """Refuse what passes a ceiling; raises AmountRefused, LimitReached."""
        if not Money(0) < amount <= self.request_most:
            raise AmountRefused(f"{amount.cents} cents are not paid by a code")
        if used.requests >= self.day_requests or used.sum + amount > self.day_most:
            raise LimitReached("this kiosk has asked for all that it may in a day")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeUse:
    """What a kiosk has asked for in the last 24 hours."""

    requests: int
    sum: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """A request as its kiosk keeps it; ``tries`` counts the codes that were compared."""

    request: ReloadRequest
    state: CodeState = CodeState.OPEN
    tries: int = 0
    changed_at: datetime

    @property
    def left(self) -> int:
        """How many tries are left."""
        return max(TRIES_MAX - self.tries, 0)

    @property
    def until(self) -> datetime:
        """The moment after which its code isn't taken any more."""
        return self.request.at + REDEEM_MAX

    def usable(self, now: datetime) -> bool:
        """Say whether its code may still be typed."""
        return self.state is CodeState.OPEN and self.left > 0 and now < self.until


def tried(row: CodeRow, now: datetime) -> CodeRow:
    """Count one more try of an open request; to be made durable before it is compared.

    Raises CodeClosed, CodeExpired.
    """
    if not row.left:
        raise CodeClosed("too many wrong codes")
    if now >= row.until:
        raise CodeExpired("the code's time is over")
    return replace(row, tries=row.tries + 1, changed_at=now)


def judged(row: CodeRow, digits: str, key: bytes, now: datetime) -> CodeRow:
    """Compare a code, in constant time; gives the accepted row. Raises CodeWrong, CodeClosed.

    A right code that was accepted before stays so.
    """
    if not hmac.compare_digest(digits.encode(), code_for(row.request, key).encode()):
        if row.state is CodeState.OPEN and not row.left:
            raise CodeClosed("that was the last try")
        raise CodeWrong(row.left)
    return replace(row, state=CodeState.ACCEPTED, changed_at=now) if _open(row) else row


def _open(row: CodeRow) -> bool:
    return row.state is CodeState.OPEN


def _whole_second(at: datetime) -> bool:
    """Say whether a moment is a second of UTC that a request may hold."""
    whole = at.utcoffset() == timedelta(0) and at.microsecond == 0
    return whole and _EPOCH <= at < _LATEST


def check_age(request: ReloadRequest, now: datetime) -> None:
    """Refuse to begin paying a request that is too old or from the future; raises CodeExpired."""
    if not -EARLY_MAX <= now - request.at < PAY_MAX:
        raise CodeExpired("the request is too old, or from the future")


def code_for(request: ReloadRequest, key: bytes) -> str:
    """Give the twelve digits that answer a request (rule 3)."""
    mac = hmac.new(key, CONTEXT + request_body(request), hashlib.sha256).digest()
    return f"{int.from_bytes(mac[:8]) % _MODULUS:0{CODE_LEN}d}"


def short_of(request: ReloadRequest) -> str:
    """Give the short code that kiosk and phone both show, so that the two can be compared."""
    number = int.from_bytes(hashlib.sha256(request_body(request)).digest()[:5])
    letters = "".join(_LETTERS[number >> 5 * place & 31] for place in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def grouped(digits: str) -> str:
    """Give a code, or its beginning, in groups of four."""
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4))


def request_text(request: ReloadRequest, signer: Signer) -> str:
    """Give the signed request, as the page's address carries it behind its ``#``."""
    return sealed(Kind.CODE_REQUEST, request_body(request), signer)


def read_request(text: str, keys: Mapping[bytes, bytes]) -> tuple[ReloadRequest, bytes]:
    """Verify and read a request, with the id of the key that signed it.

    Raises CodeForeign, CodeTampered.
    """
    found = opened(text, keys)
    if found.kind is not Kind.CODE_REQUEST:
        raise CodeForeign("it is no request")
    try:
        return _request_of(found.body), found.key_id
    except ValueError as wrong:
        raise CodeForeign(str(wrong)) from wrong


def paid_text(request: ReloadRequest, key: bytes, hub: Signer) -> str:
    """Give the signed value that a scanner reads in the place of typed digits."""
    packer = Packer()
    packer.text(request.id)
    packer.text(code_for(request, key))
    return sealed(Kind.PAID_CODE, bytes(packer.data), hub)


def read_paid(text: str, keys: Mapping[bytes, bytes]) -> tuple[str, str]:
    """Verify a scanned value under the hub's keys; gives the request's id and its digits.

    Raises CodeForeign, CodeTampered.
    """
    found = opened(text, keys)
    if found.kind is not Kind.PAID_CODE:
        raise CodeForeign("it is no paid code")
    try:
        body = Unpacker(found.body)
        told = body.text(ID_MAX), body.text(CODE_LEN)
        body.end()
    except ValueError as wrong:
        raise CodeForeign(str(wrong)) from wrong
    if not _DIGITS.fullmatch(told[1]):
        raise CodeForeign("it carries no code")
    return told


def request_body(request: ReloadRequest) -> bytes:
    """Give the request's bytes."""
    packer = Packer()
    packer.text(request.id)
    packer.text(request.kiosk)
    packer.raw(bytes.fromhex(request.card) if request.card else _NO_TAG)
    packer.number(request.amount.cents)
    packer.number(request.load_number)
    packer.number(request.product)
    packer.raw(request.nonce)
    packer.number(int((request.at - _EPOCH).total_seconds()))
    return bytes(packer.data)


def _request_of(data: bytes) -> ReloadRequest:
    body = Unpacker(data)
    request_id, kiosk, tag = body.text(ID_MAX), body.text(KIOSK_MAX), body.raw(TAG_BYTES)
    amount, load_number, product = Money(body.number()), body.number(), body.number()
    nonce, seconds = body.raw(NONCE_BYTES), body.number()
    body.end()
    if seconds >= int((_LATEST - _EPOCH).total_seconds()):
        raise ValueError("a moment out of bounds")
    return ReloadRequest(
        id=request_id,
        kiosk=kiosk,
        card="" if tag == _NO_TAG else tag.hex(),
        amount=amount,
        load_number=load_number,
        product=product,
        nonce=nonce,
        at=_EPOCH + timedelta(seconds=seconds),
    )
