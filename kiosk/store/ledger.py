"""The kiosk's journal, ledger.db: top-ups, double entries and the outbox, durable on return.

One process writes (a lock beside the file), in WAL with ``synchronous=FULL``: NORMAL loses
acknowledged commits at a power cut (MONEY.md). An outbox row is written in the transaction of
the fact that it tells. A journal of an older version is brought up to date when it is opened, in
one transaction (kiosk.store.ledger_schema). A file that is damaged or isn't a journal is refused,
never overwritten: a new one is made aside and takes its name only where no file stands.
"""

from __future__ import annotations

import fcntl
import shutil
import sqlite3
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Self

from kiosk.domain.errors import LedgerBusy, LedgerTampered, StorageFull
from kiosk.domain.ledger import kind_of, moment, paid_entry
from kiosk.domain.money import Money
from kiosk.domain.payment import ENDED, TopupRow, TopupState
from kiosk.store.durable import DURABLE, lacks_room, sync_folder, transaction
from kiosk.store.ledger_entries import advance, book, tell
from kiosk.store.ledger_read import check_identity, check_tail
from kiosk.store.ledger_schema import IDENTITY, MIGRATIONS, SCHEMA, VERSION
from kiosk.store.order_rows import PAID, UNRETURNED_BILL, order_of_row, save_order, told_order
from kiosk.store.verify_ledger import version_of

# A top-up begins only above this; those under way may use what is left (TRUST.md, fact 4).
FREE_BYTES_MIN = 50_000_000
TRAINING = "training"  # the mark of a journal whose money is worth nothing
CHECKPOINT_PAGES = 250  # of 4 KB; a booked top-up writes seven or eight
LOG_BYTES = 1_150_000  # of the write-ahead log between two checkpoints, and one commit more
OPEN_MAX = 1000  # open top-ups read at once: one a kiosk, and some pending loads
EVENTS_MAX = 500  # outbox rows read at once

_SAVE = """
    INSERT INTO topup (id, state, card, amount_cents, provider, payment_id, load_number,
        balance_before_cents, created_at, changed_at, note, entry, sequence, commits)
    VALUES (:id, :state, :card, :amount_cents, :provider, :payment_id, :load_number,
        :balance_before_cents, :created_at, :changed_at, :note, :entry, :sequence, :commits)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, payment_id = excluded.payment_id,
        provider = excluded.provider, load_number = excluded.load_number,
        changed_at = excluded.changed_at,
        balance_before_cents = excluded.balance_before_cents, note = excluded.note,
        entry = excluded.entry, sequence = excluded.sequence, commits = excluded.commits
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An outbox row: a fact for the hub, numbered without gaps."""

    seq: int
    kind: str
    subject: str
    payload: str


def free_bytes(folder: Path) -> int:
    """Give the room left on the disk that holds ``folder``."""
    return shutil.disk_usage(folder).free


class Ledger:
    """ports.Journal on SQLite; usable from any thread, one call at a time."""

    def __init__(
        self,
        path: Path,
        *,
        free: Callable[[Path], int] = free_bytes,
        free_bytes_min: int = FREE_BYTES_MIN,
        training: bool = False,
    ) -> None:
        """Open or make the journal; raises LedgerTampered, LedgerBusy, StorageFull.

        A journal is for ``training`` from its first opening on, or never: the other kind is
        refused (LedgerTampered), so that no line of one can come into the other.
        """
        self._path = path
        self._free = free
        self._free_bytes_min = free_bytes_min
        self._turn = threading.Lock()
        self._lock = _one_writer(path)
        try:
            self._connection = _opened(path)
        except (LedgerTampered, StorageFull):
            self._lock.close()
            raise
        try:
            self._keep_apart(training=training)
        except (LedgerTampered, StorageFull):
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let another writer in."""
        self._connection.close()
        self._lock.close()

    def _keep_apart(self, *, training: bool) -> None:
        """Mark an untouched journal for training; raises LedgerTampered for the other kind."""
        marked = bool(self.read("SELECT 1 FROM mark WHERE name = ?", TRAINING))
        if marked == training:
            return
        used = self.read("SELECT 1 FROM topup UNION ALL SELECT 1 FROM entry LIMIT 1")
        if marked or used or self.read("SELECT 1 FROM card_move LIMIT 1"):
            kind = "of training" if marked else "of real money"
            raise LedgerTampered(f"{self._path.name} is a journal {kind}")
        with self.transaction() as connection:
            advance(connection, TRAINING, 1)

    def save_topup(self, topup: TopupRow) -> None:
        """Persist the state durably; raises StorageFull (for a new top-up: while room is left)."""
        if topup.state is TopupState.CREATED:
            self.require_room()
        with self.transaction() as connection:
            _save(connection, topup)

    def book_topup(self, topup: TopupRow, *, at: datetime) -> int:
        """Write entry, legs and state in one transaction; gives the entry's sequence."""
        with self.transaction() as connection:
            kind = kind_of(topup)
            seq = book(connection, topup.id, kind, lambda seq: paid_entry(topup, seq=seq, at=at))
            _save(connection, replace(topup, entry=seq))
        return seq

    def open_topups(self) -> Sequence[TopupRow]:
        """Give the top-ups that aren't ended, oldest first."""
        ended = sorted(ENDED)
        marks = ", ".join("?" * len(ended))
        with self._turn:
            rows = self._connection.execute(
                f"SELECT * FROM {PAID} WHERE state NOT IN ({marks})"  # noqa: S608  # only marks
                " ORDER BY created_at, id LIMIT ?",
                (*ended, OPEN_MAX),
            ).fetchall()
        return [topup_of(row) for row in rows]

    def find_topup(self, topup_id: str) -> TopupRow | None:
        """Give a top-up as it stands."""
        rows = self.read(f"SELECT * FROM {PAID} WHERE id = ?", topup_id)  # noqa: S608  # a constant of ours
        return topup_of(rows[0]) if rows else None

    def find_bill(self, key: str) -> TopupRow | None:
        """Give the payment of a bill that is done, under way or the staff's; None: unpaid."""
        rows = self.read(UNRETURNED_BILL, key)
        return topup_of(rows[0]) if rows else None

    def events(self, after: int = 0) -> Sequence[Event]:
        """Give the outbox's rows after sequence ``after``, at most EVENTS_MAX."""
        with self._turn:
            rows = self._connection.execute(
                "SELECT seq, kind, subject, payload FROM outbox WHERE seq > ? ORDER BY seq LIMIT ?",
                (after, EVENTS_MAX),
            ).fetchall()
        return [
            Event(seq=row["seq"], kind=row["kind"], subject=row["subject"], payload=row["payload"])
            for row in rows
        ]

    def read(self, query: str, *arguments: object) -> list[sqlite3.Row]:
        """Run one query of the store's own; its rows must be few."""
        with self._turn:
            return self._connection.execute(query, arguments).fetchall()

    def require_room(self) -> None:
        """Refuse to begin a movement of money on a disk that is nearly full: StorageFull."""
        if self._free(self._path.parent) < self._free_bytes_min:
            raise StorageFull("too little room is left on the disk to begin")

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """Run one durable transaction; raises StorageFull when the disk has no room for it."""
        with self._turn, transaction(self._connection, "the journal") as connection:
            yield connection


def _one_writer(path: Path) -> IO[bytes]:
    """Take the writer's lock beside the file; raises LedgerBusy, StorageFull."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(f"{path.name}.lock").open("ab")
    except OSError as closed:
        raise StorageFull(f"no journal can be written at {path}: {closed}") from closed
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as held:
        lock.close()
        raise LedgerBusy(f"{path.name} is being written by another process") from held
    return lock


def _opened(path: Path) -> sqlite3.Connection:
    if not path.exists():
        _make(path)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        check_identity(connection)
        for pragma in (*DURABLE, "PRAGMA foreign_keys = ON"):
            connection.execute(pragma)
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        check_tail(connection)
        if version_of(connection) < VERSION:
            _migrate(connection)
        _grow_log(connection)
    except StorageFull:
        connection.close()
        raise
    except sqlite3.DatabaseError as damage:
        connection.close()
        raise LedgerTampered(f"{path.name} is damaged: {damage}") from damage
    except LedgerTampered:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def _grow_log(connection: sqlite3.Connection) -> None:
    """Write the write-ahead log's pages once, so that commits overwrite them.

    A commit that lengthens its file waits for the file system's own journal too. What is rolled
    back leaves nothing in the database, and the log keeps its length (SQLite, "WAL file format").
    """
    (kept,) = connection.execute("PRAGMA cache_size").fetchone()
    try:
        connection.execute("PRAGMA cache_size = 10")  # pages go to the log, as there is no room
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE ballast (content BLOB)")
        connection.execute("INSERT INTO ballast VALUES (zeroblob(?))", (LOG_BYTES,))
    except sqlite3.OperationalError as full:
        if not lacks_room(full):
            raise
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute(f"PRAGMA cache_size = {kept}")


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring a sound older journal up to date: all of it, or nothing."""
    steps = "".join(MIGRATIONS[n] for n in range(version_of(connection) + 1, VERSION + 1))
    try:
        connection.executescript(
            f"BEGIN IMMEDIATE; {steps} PRAGMA user_version = {VERSION}; COMMIT;"
        )
    except sqlite3.OperationalError as full:
        raise StorageFull(f"the journal can't be brought up to date: {full}") from full


def _make(path: Path) -> None:
    """Make an empty journal aside, then give it its name; refuses to bury a lost one."""
    if path.with_name(f"{path.name}-wal").exists():
        raise LedgerTampered(f"{path.name} is gone, its write-ahead log is there")
    draft = path.with_name(f"{path.name}.new")
    try:
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.executescript(
                f"PRAGMA synchronous = FULL; BEGIN; {IDENTITY} {SCHEMA} COMMIT;"
            )
        draft.rename(path)
        sync_folder(path.parent)
    except (OSError, sqlite3.OperationalError) as full:
        raise StorageFull(f"the journal can't be made: {full}") from full


def _save(connection: sqlite3.Connection, topup: TopupRow) -> None:
    """Write the row, and the outbox's when its state is new."""
    found = connection.execute("SELECT state FROM topup WHERE id = ?", (topup.id,)).fetchone()
    before = topup.balance_before
    connection.execute(
        _SAVE,
        {
            "id": topup.id,
            "state": topup.state.value,
            "card": topup.card,
            "amount_cents": topup.amount.cents,
            "provider": topup.provider,
            "payment_id": topup.payment_id,
            "load_number": topup.load_number,
            "balance_before_cents": None if before is None else before.cents,
            "created_at": moment(topup.created_at),
            "changed_at": moment(topup.changed_at),
            "note": topup.note,
            "entry": topup.entry,
            "sequence": topup.sequence,
            "commits": topup.commits,
        },
    )
    if topup.order is not None:
        save_order(connection, topup.id, topup.order)
    if found is None or found["state"] != topup.state.value:
        _tell(connection, f"topup.{topup.state.value}", topup)


def _tell(connection: sqlite3.Connection, kind: str, topup: TopupRow) -> None:
    payload = {
        "topup": topup.id,
        "card": topup.card,
        "amount_cents": topup.amount.cents,
        "provider": topup.provider,
        "payment": topup.payment_id,
        "load": topup.load_number,
        "entry": topup.entry,
        "note": topup.note,
        **({} if topup.order is None else told_order(topup.order)),
    }
    tell(connection, kind, topup.id, at=topup.changed_at, payload=payload)


def topup_of(row: sqlite3.Row) -> TopupRow:
    """Read a top-up with its order, a row of order_rows.PAID."""
    before: int | None = row["balance_before_cents"]
    return TopupRow(
        id=row["id"],
        state=TopupState(row["state"]),
        card=row["card"],
        amount=Money(row["amount_cents"]),
        provider=row["provider"],
        payment_id=row["payment_id"],
        load_number=row["load_number"],
        balance_before=None if before is None else Money(before),
        created_at=datetime.fromisoformat(row["created_at"]),
        changed_at=datetime.fromisoformat(row["changed_at"]),
        note=row["note"],
        entry=row["entry"],
        sequence=row["sequence"],
        commits=row["commits"],
        order=order_of_row(row),
    )
