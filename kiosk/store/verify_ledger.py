"""Verifies a journal of Alvéole, ledger.db, with nothing but plain Python 3.11 or newer.

Run ``python3 verify_ledger.py ledger.db [--anchor HEX] [--key HEX]``. It exits 0 when the journal
is sound, 1 when it isn't (the first bad line is named), 2 when it is none. It never writes.

What it checks, line by line and in one reading:

1. sequences begin at 1 and have no gap;
2. an entry has at least two legs, numbered from 0, whose cents add up to zero;
3. its canonical bytes (docs/money.md) say what its columns and legs say, and nothing more;
4. its hash is SHA-256(hash of the entry before ‖ canonical bytes), 32 zero bytes before the first;
5. closings (ALV-CLOSING-1) are numbered without a gap and chained in the same way; each one's
   range follows the last of its kind, its totals, perpetual totals and head are those of the
   entries, and its Ed25519 signature (RFC 8032) holds: who chains changed entries anew can't sign;
6. with ``--anchor``: a hash that somebody else has kept, of an entry or of a closing, is in the
   journal. Without one, a tail that was cut off together with its closings can't be seen;
7. with ``--key`` (may be repeated): closings are signed by these keys and no other. Without one,
   the keys that were met are printed: compare them with the one noted at the installation;
8. the tables and the triggers that refuse changes are there, and are the kiosk's own.

A clock that was set back is no breach: it is told, and an auditor asks why.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

APPLICATION_ID = 0x414C564C  # "ALVL", in the SQLite header (file format, 1.3)
APPLICATION_AT, HEADER_BYTES = 68, 72
GENESIS = bytes(32)
V1, V2 = b"ALV-LEDGER-1\n", b"ALV-LEDGER-2\n"
SPELLED_1 = V1 + b"%d\n%b\n%b\n%b\n%b %d\n%b %d\n"
SPELLED_2 = V2 + b"%d\n%b\n%b\n%b\n%b\n%d\n%d\n%b\n%d\n%d\n%b %d\n%b %d\n"
NO_CARD = (b"", 0, 0, b"", 0, 0)
CLOSING, SUSPENSE = b"ALV-CLOSING-1\n", b"suspense"
PERIODS: tuple[bytes, ...] = (b"day", b"month", b"year")
# SHA-256 of each version's tables (names) and triggers (names and statements), by name.
GUARDS = {
    1: "8b7718f7dd7311c63f14b57554c40d5f2bdb4e8bffb6f353ee7d13715ce82fd3",
    2: "d31d5439ccc000dc0582fb109c2bfecd8bc6904a105b8f9742d5b909288934ab",
    3: "5259cdd39b3e0410daa3774372c036f8f11400f7de3c9116134df35e503d75da",
    4: "2da1bafc082315e42d513b2d8d2c22e88c241de3d641f15a8afd35fba4d07761",
    5: "4c04ce2ccd0c2e742860f546b42c4f6aa207bd84e485aa649f57aa00880da1c6",
    6: "cf98e1c395f4f1b95e3a16f98da76ace370f59aa645086570fd1d489b3a78e38",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found; ``bad_line`` is the first entry that can't be believed, 0 for none.

    A closing that can't be believed is named by ``bad_closing``, and by the last entry that it
    covers. ``closed`` is the last entry under a signature; ``keys`` are the public keys, in hex.
    ``turned_back`` are entries, ``closings_turned_back`` closings whose clock stands before the
    one ahead of them. ``perpetual_cents`` and ``suspense_cents`` are those of the last closing.
    """

    entries: int
    head: bytes
    bad_line: int = 0
    bad_closing: int = 0
    reason: str = ""
    turned_back: tuple[int, ...] = ()
    closings: int = 0
    closed: int = 0
    keys: tuple[str, ...] = ()
    closings_turned_back: tuple[int, ...] = ()
    perpetual_cents: int = 0
    suspense_cents: int = 0

    @property
    def sound(self) -> bool:
        """Whether no breach was found."""
        return self.bad_line == 0


class Leg(NamedTuple):
    """A leg behind the second, which is rare."""

    entry: int
    place: int
    kind: bytes
    account: bytes
    cents: int


# An entry and its first two legs as SQLite gives them, text as bytes: canonical bytes, previous
# hash, hash (0 to 2), sequence, kind, subject, moment (3 to 6), the card's six fields (7 to 12),
# account and cents of the first leg (13, 14) and of the second (15, 16). No names: a hundred
# thousand of them are looked at in a second.
Row = tuple[Any, ...]
Legs = dict[int, list[Leg]]
Posting = tuple[bytes, bytes, bytes]  # kind, first and second account


class Closing(NamedTuple):
    """A row of the table of closings, text as bytes."""

    seq: int
    period: bytes
    name: bytes
    at: bytes
    first: int
    last: int
    canonical: bytes
    previous: bytes
    digest: bytes
    key: bytes
    signature: bytes


@dataclass(slots=True, kw_only=True)
class Totals:
    """What all entries up to some line add up to: by account, by kind (count, debits), in all."""

    accounts: dict[bytes, int] = field(default_factory=dict[bytes, int])
    kinds: dict[bytes, tuple[int, int]] = field(default_factory=dict[bytes, tuple[int, int]])
    cents: int = 0

    def add(self, kind: bytes, count: int, debits: int) -> None:
        """Add ``count`` entries of a kind that debit so many cents."""
        old_count, old_debits = self.kinds.get(kind, (0, 0))
        self.kinds[kind] = (old_count + count, old_debits + debits)
        self.cents += debits

    def move(self, account: bytes, cents: int) -> None:
        """Move an account."""
        self.accounts[account] = self.accounts.get(account, 0) + cents


@dataclass(slots=True, kw_only=True)
class Walk:
    """Where a walk along the chain stands.

    ``ends`` are the lines where closings end: their hashes and totals are kept. ``sums`` has, by
    posting: entries, cents of the first and of the second leg, debits; ``further`` the other legs.
    """

    seq: int
    head: bytes
    anchor: bytes = b""
    ends: frozenset[int] = frozenset()
    reason: str = ""
    before: bytes = b""
    turned_back: list[int] = field(default_factory=list[int])
    hashes: dict[int, bytes] = field(default_factory=dict[int, bytes])
    totals: dict[int, Totals] = field(default_factory=dict[int, Totals])
    sums: dict[Posting, list[int]] = field(default_factory=dict[Posting, list[int]])
    further: Legs = field(default_factory=dict[int, list[Leg]])
    anchored: bool = False

    @property
    def report(self) -> Report:
        """What the walk found: a reason is about the line after the last good one."""
        return Report(
            entries=self.seq,
            head=self.head,
            bad_line=self.seq + 1 if self.reason else 0,
            reason=self.reason,
            turned_back=tuple(self.turned_back),
        )


def verify(path: Path, *, anchor: bytes = b"", keys: Sequence[bytes] = ()) -> Report:
    """Verify the journal at ``path``; raises ValueError when it is none, OSError when unreadable.

    The file's application id tells a journal; whatever else is wrong is a breach.
    """
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if header[APPLICATION_AT:] != APPLICATION_ID.to_bytes(4, "big"):
        raise ValueError("not a journal of this kiosk")
    walk = Walk(seq=0, head=GENESIS, anchor=anchor)
    try:
        with closing(open_to_read(path)) as connection:
            connection.text_factory = bytes  # whatever stands there, it can be compared
            connection.execute("BEGIN")  # one state of the file, whoever writes meanwhile
            return _verify(connection, walk, keys)
    except sqlite3.DatabaseError as damage:
        walk.reason = f"the file is damaged: {damage}"
        return walk.report


def walk_chain(connection: sqlite3.Connection, *, after: int = 0, head: bytes = GENESIS) -> Report:
    """Verify entries alone, on from entry ``after`` whose hash is ``head``.

    Raises sqlite3.DatabaseError at a page that can't be read.
    """
    walk, kept = Walk(seq=after, head=head), connection.text_factory
    connection.text_factory = bytes
    try:
        _walk(connection, walk)
    finally:
        connection.text_factory = kept
    return walk.report


def missing(connection: sqlite3.Connection) -> str:
    """Say which guard the journal lacks; "" when tables and triggers are the kiosk's own."""
    wanted = GUARDS.get(version_of(connection))
    if wanted is None:
        return f"version {version_of(connection)} is unknown here"
    if fingerprint(connection) != wanted:
        return "tables or triggers that refuse changes are missing or altered"
    return ""


def fingerprint(connection: sqlite3.Connection) -> str:
    """Give the hash of a file's tables and triggers, as GUARDS has it."""
    rows = connection.execute(
        "SELECT CAST(name || char(10) || iif(type = 'trigger', sql, '') || char(10) AS BLOB)"
        " FROM sqlite_schema WHERE type IN ('table', 'trigger') AND name NOT LIKE 'sqlite_%'"
        " ORDER BY name"
    )
    return hashlib.sha256(b"".join(text for (text,) in rows)).hexdigest()


def _verify(connection: sqlite3.Connection, walk: Walk, keys: Sequence[bytes]) -> Report:
    rows = _closings(connection)
    walk.ends = frozenset(row.last for row in rows)
    _walk(connection, walk)
    report = _check_closings(rows, walk, keys)
    if not report.sound:
        return report
    anchored = walk.anchored or not walk.anchor or walk.anchor in {row.digest for row in rows}
    lack = missing(connection)
    if not anchored:
        lack = "the anchor is not in the journal: its tail was cut off, or replaced"
    return replace(report, bad_line=report.entries + 1, reason=lack) if lack else report


def _walk(connection: sqlite3.Connection, walk: Walk) -> None:
    """Go along the chain up to its end or to the first line that can't be believed."""
    walk.totals[0] = Totals()
    walk.further = further = _further(connection, walk.seq)
    last, ends, anchor, sums = max(walk.ends, default=0), walk.ends, walk.anchor, walk.sums
    for row in _rows(connection, walk.seq):
        if not _follows(row, further, walk.seq + 1, walk.head):
            walk.reason = _breach(row, further, walk.seq + 1, walk.head)
            return
        digest, seq, at = row[2], row[3], row[6]
        if at < walk.before:
            walk.turned_back.append(seq)
        walk.seq, walk.head, walk.before = seq, digest, at
        if digest == anchor:
            walk.anchored = True
        if seq <= last:
            first, second = row[14], row[16]
            posting = (row[4], row[13], row[15])
            slot = sums.get(posting) or sums.setdefault(posting, [0, 0, 0, 0])
            slot[0] += 1
            slot[1] += first
            slot[2] += second
            slot[3] += max(0, first) + max(0, second)
            if seq in ends:
                walk.hashes[seq] = digest
                walk.totals[seq] = _totals(walk)
    strays = "SELECT 1 FROM leg WHERE entry < 1 OR entry > ? LIMIT 1"
    if connection.execute(strays, (walk.seq,)).fetchone():
        walk.reason = "legs: some belong to no entry"


def _totals(walk: Walk) -> Totals:
    """Add up what was met so far."""
    totals = Totals()
    for (kind, one, two), (count, first, second, debits) in walk.sums.items():
        totals.add(kind, count, debits)
        totals.move(one, first)
        totals.move(two, second)
    for leg in (leg for legs in walk.further.values() for leg in legs if leg.entry <= walk.seq):
        totals.add(leg.kind, 0, max(leg.cents, 0))
        totals.move(leg.account, leg.cents)
    return totals


def _rows(connection: sqlite3.Connection, after: int) -> Iterator[Row]:
    """Read the entries behind ``after`` with their first two legs, as Row has them."""
    text = "e.topup, e.at, '', 0, 0, '', 0, 0"
    if version_of(connection) > 1:
        text = "e.subject, e.at, e.card, e.sequence, e.commits, e.proof, e.product, e.entries"
    query = f"""
        SELECT e.canonical, e.previous, e.hash, e.seq, e.kind, {text},
            a.account, a.cents, b.account, b.cents
        FROM entry AS e
            LEFT JOIN leg AS a ON a.entry = e.seq AND a.place = 0
            LEFT JOIN leg AS b ON b.entry = e.seq AND b.place = 1
        WHERE e.seq > ? ORDER BY e.seq
    """  # noqa: S608  # only the names above
    yield from connection.execute(query, (after or -(2**63),))


def _further(connection: sqlite3.Connection, after: int) -> Legs:
    """Read the legs behind the second of their entries."""
    query = """
        SELECT l.entry, l.place, e.kind, l.account, l.cents
        FROM leg AS l LEFT JOIN entry AS e ON e.seq = l.entry
        WHERE l.entry > ? AND l.place NOT IN (0, 1) ORDER BY l.entry, l.place
    """
    found: Legs = {}
    for leg in map(Leg._make, connection.execute(query, (after,))):
        found.setdefault(leg.entry, []).append(leg)
    return found


def _follows(row: Row, further: Legs, wanted: int, head: bytes) -> bool:
    """Say whether a row is entry ``wanted`` after ``head``; ``_breach`` says why it isn't."""
    canonical, previous, digest, seq = row[:4]
    try:
        cents, spelled, lines = row[14] + row[16], SPELLED_2 % row[3:], 13
        if canonical[: len(V1)] == V1 and row[7:13] == NO_CARD:
            spelled, lines = SPELLED_1 % (row[3:7] + row[13:]), 7
        for place, leg in enumerate(further.get(seq, ()), 2):
            cents, lines = cents + leg.cents, lines + 1
            spelled += b"%b %d\n" % leg[3:] if leg.place == place else b"misnumbered"
    except TypeError:  # a leg is missing, or something else than text or a number is there
        return False
    return bool(
        seq == wanted
        and cents == 0
        and canonical == spelled
        # a line end inside a field would let two entries share their bytes
        and canonical.count(b"\n") == lines
        and previous == head
        and digest == hashlib.sha256(head + canonical).digest()
    )


def _breach(row: Row, further: Legs, seq: int, head: bytes) -> str:
    """Say what is wrong with a row that doesn't follow."""
    if row[3] != seq:
        return f"gap: entry {seq} is missing, {row[3]} stands in its place"
    cents = [row[14], row[16], *(leg.cents for leg in further.get(seq, ()))]
    if None in cents or sum(cents) != 0:
        return "legs: fewer than two, misnumbered, or not adding up to zero"
    if row[1] != head:
        return "chain: the previous hash is not that of the entry before"
    digest = hashlib.sha256(head + row[0]).digest()
    if digest != row[2] and _follows((*row[:2], digest, *row[3:]), further, seq, head):
        return "chain: the hash doesn't fit the content"
    return "content: columns and canonical bytes differ"


def _closings(connection: sqlite3.Connection) -> list[Closing]:
    found = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'closing'").fetchone()
    if not found:  # journals had none before version 3
        return []
    rows = connection.execute(
        "SELECT seq, period, name, at, first_entry, last_entry,"
        " canonical, previous, hash, key, signature FROM closing ORDER BY seq"
    )
    return [Closing._make(row) for row in rows]


def _check_closings(rows: list[Closing], walk: Walk, keys: Sequence[bytes]) -> Report:
    """Check each closing against the entries; the earlier of two breaches is the one told."""
    report, totals = walk.report, walk.totals
    ends, head, before = dict[bytes, int].fromkeys(PERIODS, 0), GENESIS, b""
    tables, back = dict[bytes, Table](), list[int]()
    for number, row in enumerate(rows, 1):
        reason = _closing_breach(row, number, ends, walk) or _link_breach(row, head)
        reason = reason or _signature_breach(row, tables, keys)
        if reason:
            line = min(max(row.last, 1), walk.seq + 1)
            if report.sound or line < report.bad_line:
                reason = f"closing {number}: {reason}"
                report = replace(report, bad_line=line, bad_closing=number, reason=reason)
            break
        if row.at < before:
            back.append(number)
        ends[row.period], head, before = row.last, row.digest, row.at
        report = replace(
            report,
            closings=number,
            closed=max(ends.values()),
            perpetual_cents=totals[row.last].cents,
            suspense_cents=totals[row.last].accounts.get(SUSPENSE, 0),
        )
    named = tuple(key.hex() for key in tables)
    return replace(report, keys=named, closings_turned_back=tuple(back))


def _closing_breach(row: Closing, number: int, ends: dict[bytes, int], walk: Walk) -> str:
    """Say what is wrong with what a closing tells of the entries."""
    if row.seq != number:
        return f"it is missing, {row.seq} stands in its place"
    if row.period not in ends:
        return "its period is neither day, month nor year"
    if row.first != ends[row.period] + 1 or row.last < max(row.first - 1, *ends.values()):
        return "its range doesn't follow those of the closings before"
    if row.last > walk.seq:
        return f"it covers {row.last} entries, only {walk.seq} are there and sound"
    if row.canonical != _spelled(row, walk.hashes.get(row.last, GENESIS), walk.totals):
        return "its columns or totals are not those of the entries"
    return ""


def _spelled(row: Closing, head: bytes, totals: dict[int, Totals]) -> bytes:
    """Give the canonical bytes that a closing of these entries must have (docs/money.md)."""
    now, old = totals[row.last], totals[row.first - 1]
    fields = [b"%d" % row.seq, row.period, row.name, row.at, b"%d" % row.first, b"%d" % row.last]
    cents = (now.cents - old.cents, now.cents, now.accounts.get(SUSPENSE, 0))
    fields += [head.hex().encode(), *(b"%d" % value for value in cents)]
    for account, balance in sorted(now.accounts.items()):
        moved = balance - old.accounts.get(account, 0)
        fields.append(b"account %s %d %d" % (account, moved, balance))
    for kind, (count, turned) in sorted(now.kinds.items()):
        count_before, turned_before = old.kinds.get(kind, (0, 0))
        numbers = (kind, count - count_before, turned - turned_before, count, turned)
        fields.append(b"kind %s %d %d %d %d" % numbers)
    return CLOSING + b"\n".join(fields) + b"\n"


def _link_breach(row: Closing, head: bytes) -> str:
    if row.previous != head:
        return "chain: its previous hash is not that of the closing before"
    if row.digest != hashlib.sha256(head + row.canonical).digest():
        return "chain: its hash doesn't fit its content"
    return ""


def _signature_breach(row: Closing, tables: dict[bytes, Table], keys: Sequence[bytes]) -> str:
    if keys and row.key not in keys:
        return f"it is signed by a foreign key, {row.key.hex()}"
    if row.key not in tables:
        point = _point(row.key)
        if point is None:
            return "its key is no Ed25519 key"
        tables[row.key] = _table(point)
    if not _holds(tables[row.key], row.key, CLOSING + row.digest, row.signature):
        return "its signature doesn't hold"
    return ""


def version_of(connection: sqlite3.Connection) -> int:
    """Give the version of the journal's tables."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open read-only; a copy without its write-ahead log may lie in a folder we can't write."""
    log = path.with_name(path.name + "-wal")
    mode = "mode=ro" if log.exists() else "mode=ro&immutable=1"
    name = f"file:{quote(str(path.absolute()))}?{mode}"
    return sqlite3.connect(name, uri=True, isolation_level=None)


# Ed25519 (RFC 8032, 5.1), verification only. Points are extended coordinates (X, Y, Z, T).
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # a square root of -1
Point = tuple[int, int, int, int]
Table = list[list[Point]]  # [i][d] = d × 16^i × the point
NEUTRAL: Point = (0, 1, 1, 0)


def signature_holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether ``signature`` is that of ``message`` under the public ``key``."""
    point = _point(key)
    return point is not None and _holds(_table(point), key, message, signature)


def _holds(table: Table, key: bytes, message: bytes, signature: bytes) -> bool:
    """Check that R = S·B - k·A, as bytes: of two spellings of a point only one is let through."""
    scalar = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or scalar >= ORDER:
        return False
    hashed = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(hashed, "little") % ORDER
    point = _times(table, ORDER - challenge, _times(_base(), scalar, NEUTRAL))
    return _encoded(point) == signature[:32]


def _base(kept: list[Table] = []) -> Table:  # noqa: B006  # made once, at the first signature
    if not kept:
        point = _point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
        assert point is not None
        kept.append(_table(point))
    return kept[0]


def _point(encoded: bytes) -> Point | None:
    """Decode a point; None when there is none with this y."""
    if len(encoded) != 32:
        return None
    value = int.from_bytes(encoded, "little")
    sign, y = value >> 255, value & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * ROOT % P
    if (v * x * x - u) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _encoded(point: Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, -1, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")


def _add(one: Point, two: Point) -> Point:
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = two
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * D * t1 * t2 % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _table(point: Point) -> Table:
    """Prepare 64 windows of four bits, so that a key's next signatures cost 64 additions."""
    table: Table = []
    for _ in range(64):
        row = [NEUTRAL]
        for _ in range(15):
            row.append(_add(row[-1], point))
        table.append(row)
        point = _add(row[-1], point)
    return table


def _times(table: Table, scalar: int, start: Point) -> Point:
    """Give ``start`` + ``scalar`` × the table's point."""
    for row in table:
        if digit := scalar & 15:
            start = _add(start, row[digit])
        scalar >>= 4
    return start


def document(report: Report) -> dict[str, object]:
    """Give the report as JSON's values."""
    return {
        "sound": report.sound,
        "entries": report.entries,
        "head": report.head.hex(),
        "bad_line": report.bad_line or None,
        "bad_closing": report.bad_closing or None,
        "reason": report.reason,
        "turned_back": list(report.turned_back),
        "closings": report.closings,
        "closed": report.closed,
        "keys": list(report.keys),
        "closings_turned_back": list(report.closings_turned_back),
        "perpetual_cents": report.perpetual_cents,
        "suspense_cents": report.suspense_cents,
    }


def summary(report: Report) -> str:
    """Give the report in one line."""
    if not report.sound:
        return f"line {report.bad_line}: {report.reason}"
    text = f"{report.entries} entries, sound; head {report.head.hex()}; {report.closings} closings"
    if report.closings:
        text += f", signed up to entry {report.closed} by {', '.join(report.keys)}"
    if report.suspense_cents:
        text += f"; SUSPENSE IS NOT ZERO: {report.suspense_cents} cents"
    if back := len(report.turned_back) + len(report.closings_turned_back):
        text += f"; the clock went back {back} times"
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the file that is named; gives the exit code."""
    parser = argparse.ArgumentParser(description="Verifies a journal of Alvéole, ledger.db.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--anchor", type=bytes.fromhex, default=b"", help="a hash, in hex")
    parser.add_argument("--key", type=bytes.fromhex, action="append", default=[], help="in hex")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    try:
        report = verify(given.file, anchor=given.anchor, keys=given.key)
    except (OSError, ValueError) as wrong:
        sys.stderr.write(f"{given.file}: {wrong}\n")
        return 2
    text = json.dumps(document(report), indent=2) if given.json else summary(report)
    sys.stdout.write(f"{text}\n")
    return 0 if report.sound else 1


if __name__ == "__main__":
    sys.exit(main())
