"""The hub's payment calls and payments, psp.db: every write is durable on return.

``synchronous=FULL`` like the journal: a key that a power cut forgets is a payment made twice. The
kiosk's process never opens this file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from kiosk.domain.errors import BillBusy, BillPaid, InputRefused
from kiosk.domain.ledger import moment
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from kiosk.domain.psp import FINAL, Op, PspCall, PspPayment
from kiosk.store.durable import DurableFile

REFUNDS_MAX = 1000  # refunds of every kiosk that none has heard of, read at once
OPEN_MAX = 500  # open payments or calls looked at in one sweep
_SCHEMA = """
CREATE TABLE IF NOT EXISTS psp_call (
    key TEXT PRIMARY KEY, op TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
    asked_at TEXT NOT NULL, created_at TEXT NOT NULL, attempt INTEGER NOT NULL,
    failed INTEGER NOT NULL, done INTEGER NOT NULL, payment TEXT NOT NULL, refusal TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS psp_payment (
    id TEXT PRIMARY KEY, topup TEXT NOT NULL, provider TEXT NOT NULL, status TEXT NOT NULL,
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0), created_at TEXT NOT NULL,
    url TEXT NOT NULL, code TEXT NOT NULL UNIQUE, expires_at TEXT, authorized_at TEXT,
    held INTEGER NOT NULL, voiding INTEGER NOT NULL, load_number INTEGER NOT NULL,
    refunded_cents INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS psp_payment_topup ON psp_payment (topup);
CREATE TABLE IF NOT EXISTS psp_bill (topup TEXT PRIMARY KEY, bill TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS psp_bill_bill ON psp_bill (bill);
CREATE INDEX IF NOT EXISTS psp_payment_refunded ON psp_payment (topup) WHERE refunded_cents > 0;
CREATE TABLE IF NOT EXISTS psp_refund_heard (
    payment TEXT PRIMARY KEY, cents INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS psp_event (
    id TEXT PRIMARY KEY, type TEXT NOT NULL, received_at TEXT NOT NULL
) STRICT;
"""
_SAVE_CALL = """
    INSERT INTO psp_call VALUES (:key, :op, :subject, :body, :asked_at, :created_at, :attempt,
        :failed, :done, :payment, :refusal)
    ON CONFLICT (key) DO UPDATE SET asked_at = excluded.asked_at, attempt = excluded.attempt,
        failed = excluded.failed, done = excluded.done, payment = excluded.payment,
        refusal = excluded.refusal
"""
_SAVE_PAYMENT = """
    INSERT INTO psp_payment VALUES (:id, :topup, :provider, :status, :amount_cents, :created_at,
        :url, :code, :expires_at, :authorized_at, :held, :voiding, :load_number, :refunded_cents)
    ON CONFLICT (id) DO UPDATE SET status = excluded.status, url = excluded.url,
        authorized_at = excluded.authorized_at, held = excluded.held, voiding = excluded.voiding,
        load_number = excluded.load_number, refunded_cents = excluded.refunded_cents
"""
# what other top-ups have done about a bill: each creation with its payment, if it has one
_OTHERS = """
    SELECT c.refusal, p.status, p.amount_cents, p.refunded_cents FROM psp_bill AS b
    JOIN psp_call AS c ON c.subject = b.topup AND c.op = 'create'
    LEFT JOIN psp_payment AS p ON p.topup = b.topup WHERE b.bill = ? AND b.topup <> ?
"""


# refunds of taken money whose total its kiosk hasn't booked yet
_UNHEARD = """
    SELECT p.* FROM psp_payment AS p LEFT JOIN psp_refund_heard AS h ON h.payment = p.id
    WHERE p.refunded_cents > 0 AND p.status = 'succeeded'
        AND p.refunded_cents > coalesce(h.cents, 0) ORDER BY p.rowid LIMIT ?
"""


class PspStore(DurableFile):
    """The hub's table of payments; ``path`` None keeps it in memory (demonstration, tests)."""

    def __init__(self, path: Path | None) -> None:
        """Open or make it; raises InputRefused for a file that is no such database."""
        try:
            super().__init__(path, _SCHEMA, what="the payments")
        except sqlite3.DatabaseError as wrong:
            raise InputRefused(f"can't be opened: {wrong}", where=str(path)) from wrong

    def begin(self, call: PspCall, *, bill: str = "") -> PspCall:
        """Persist a call, or give the one that its key has; raises InputRefused for another body.

        ``bill`` is what it pays; raises BillPaid, BillBusy while another top-up does, StorageFull.
        """
        with self._transaction() as connection:
            row = connection.execute("SELECT * FROM psp_call WHERE key = ?", (call.key,)).fetchone()
            if row is None:
                if bill:
                    _claim(connection, call.subject, bill)
                connection.execute(_SAVE_CALL, _call_values(call))
                return call
        known = _call(row)
        if (known.op, known.subject, known.body) != (call.op, call.subject, call.body):
            raise InputRefused(f"idempotency key {call.key!r} came with another body")
        return known

    def save(self, *, call: PspCall | None = None, payment: PspPayment | None = None) -> None:
        """Persist what became of a call and of its payment, in one transaction."""
        with self._transaction() as connection:
            if call is not None:
                connection.execute(_SAVE_CALL, _call_values(call))
            if payment is not None:
                connection.execute(_SAVE_PAYMENT, _payment_values(payment))

    def payment(self, payment_id: str) -> PspPayment | None:
        """Give a payment."""
        return self._one("SELECT * FROM psp_payment WHERE id = ?", payment_id)

    def payment_of(self, topup: str) -> PspPayment | None:
        """Give a top-up's payment, the last one if there are several."""
        return self._one(
            "SELECT * FROM psp_payment WHERE topup = ? ORDER BY rowid DESC LIMIT 1", topup
        )

    def payment_by_code(self, code: str) -> PspPayment | None:
        """Give the payment of a short code."""
        return self._one("SELECT * FROM psp_payment WHERE code = ?", code)

    def open_payments(self) -> Sequence[PspPayment]:
        """Give the payments that the bank may still move, oldest first."""
        marks = ", ".join("?" * len(FINAL))
        rows = self._read(
            f"SELECT * FROM psp_payment WHERE status NOT IN ({marks})"  # noqa: S608  # only marks
            " ORDER BY rowid LIMIT ?",
            *sorted(FINAL),
            OPEN_MAX,
        )
        return [_payment(row) for row in rows]

    def payments(self) -> Sequence[PspPayment]:
        """Give every payment, oldest first (the demonstration, tests)."""
        return [_payment(row) for row in self._read("SELECT * FROM psp_payment ORDER BY rowid")]

    def unanswered(self, by: datetime) -> Sequence[PspCall]:
        """Give the creations begun by a moment whose answer never came, oldest first."""
        rows = self._read(
            "SELECT * FROM psp_call WHERE op = ? AND done = 0 AND created_at <= ?"
            " ORDER BY rowid LIMIT ?",
            Op.CREATE,
            moment(by),
            OPEN_MAX,
        )
        return [_call(row) for row in rows]

    def unheard_refunds(self) -> Sequence[PspPayment]:
        """Give the payments whose refunds no kiosk has said to hold, at most REFUNDS_MAX."""
        return [_payment(row) for row in self._read(_UNHEARD, REFUNDS_MAX)]

    def save_heard(self, topup: str, total: Money) -> None:
        """Remember that the kiosk's journal holds a total, never more than was given back."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT INTO psp_refund_heard SELECT id, min(refunded_cents, ?) FROM psp_payment"
                " WHERE topup = ? AND refunded_cents > 0 ON CONFLICT (payment)"
                " DO UPDATE SET cents = max(cents, excluded.cents)",
                (total.cents, topup),
            )

    def knows_event(self, event_id: str) -> bool:
        """Say whether a notification was dealt with."""
        return bool(self._read("SELECT 1 FROM psp_event WHERE id = ?", event_id))

    def save_event(self, event_id: str, kind: str, at: datetime) -> None:
        """Remember a notification that was dealt with."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO psp_event VALUES (?, ?, ?)", (event_id, kind, moment(at))
            )

    def _one(self, query: str, value: str) -> PspPayment | None:
        rows = self._read(query, value)
        return _payment(rows[0]) if rows else None


def _claim(connection: sqlite3.Connection, topup: str, bill: str) -> None:
    """Note which bill a top-up pays; raises BillPaid, BillBusy when another one does."""
    for row in connection.execute(_OTHERS, (bill, topup)):
        if row["status"] is None and row["refusal"]:
            continue  # it never began
        if row["status"] == PaymentStatus.SUCCEEDED:
            if row["refunded_cents"] < row["amount_cents"]:
                raise BillPaid("another top-up has paid this bill")
        elif row["status"] != PaymentStatus.CANCELED:
            raise BillBusy("another top-up pays this bill")
    connection.execute("INSERT OR IGNORE INTO psp_bill VALUES (?, ?)", (topup, bill))


def _moment(at: datetime | None) -> str | None:
    return None if at is None else moment(at)


def _at(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _call_values(call: PspCall) -> dict[str, str | int | None]:
    return {
        "key": call.key,
        "op": call.op.value,
        "subject": call.subject,
        "body": call.body,
        "asked_at": moment(call.asked_at),
        "created_at": moment(call.created_at),
        "attempt": call.attempt,
        "failed": call.failed,
        "done": call.done,
        "payment": call.payment,
        "refusal": call.refusal,
    }


def _call(row: sqlite3.Row) -> PspCall:
    return PspCall(
        key=row["key"],
        op=Op(row["op"]),
        subject=row["subject"],
        body=row["body"],
        asked_at=datetime.fromisoformat(row["asked_at"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        attempt=row["attempt"],
        failed=bool(row["failed"]),
        done=bool(row["done"]),
        payment=row["payment"],
        refusal=row["refusal"],
    )


def _payment_values(payment: PspPayment) -> dict[str, str | int | None]:
    return {
        "id": payment.id,
        "topup": payment.topup,
        "provider": payment.provider,
        "status": payment.status.value,
        "amount_cents": payment.amount.cents,
        "created_at": moment(payment.created_at),
        "url": payment.url,
        "code": payment.code,
        "expires_at": _moment(payment.expires_at),
        "authorized_at": _moment(payment.authorized_at),
        "held": payment.held,
        "voiding": payment.voiding,
        "load_number": payment.load_number,
        "refunded_cents": payment.refunded.cents,
    }


def _payment(row: sqlite3.Row) -> PspPayment:
    return PspPayment(
        id=row["id"],
        topup=row["topup"],
        provider=row["provider"],
        status=PaymentStatus(row["status"]),
        amount=Money(row["amount_cents"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        url=row["url"],
        code=row["code"],
        expires_at=_at(row["expires_at"]),
        authorized_at=_at(row["authorized_at"]),
        held=bool(row["held"]),
        voiding=bool(row["voiding"]),
        load_number=row["load_number"],
        refunded=Money(row["refunded_cents"]),
    )
