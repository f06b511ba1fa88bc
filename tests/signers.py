"""Signers and receipts of the tests: fixed keys that sign for no kiosk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.domain.money import Money
from kiosk.domain.receipt import EntryTicket, Mark, Receipt, ReceiptKind, ReceiptLine

AT = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


@dataclass(frozen=True)
class SeededSigner:
    """Signs with the key of a seed (implements kiosk.domain.sealed.Signer)."""

    seed: bytes = bytes(range(32))
    _key: Ed25519PrivateKey = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_key", Ed25519PrivateKey.from_private_bytes(self.seed))

    @property
    def public_key(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


OURS = SeededSigner()
OTHER = SeededSigner(seed=bytes(range(1, 33)))


def a_receipt(marks: Mark = Mark.DEMO) -> Receipt:
    return Receipt(
        number="T-1042",
        kind=ReceiptKind.TOPUP,
        lines=(ReceiptLine(label="Recharge de la carte", amount=Money(2000)),),
        territory="L’Orne",
        kiosk="borne-demo",
        at=AT,
        entry=1,
        last_four="4821",
        marks=marks,
    )


def a_ticket() -> EntryTicket:
    """Give the longest ticket that the tests know: every field near its bound."""
    return EntryTicket(
        id=b"\xff" * 8,
        product="piscine-adulte-plein",
        quantity=100,
        amount=Money(100_00),
        first_day=date(2026, 11, 22),
        last_day=date(2027, 11, 22),
        kiosk="borne-01",
        at=AT,
        marks=Mark.DEMO,
    )
