"""The tables and triggers of ledger.db, and what tells such a file from any other.

Rules that the database itself keeps, whatever program writes:

- entries and legs are never changed nor deleted;
- legs come first and their entry seals them: an entry whose legs are fewer than two or don't add
  up to zero is refused, a leg of a sealed entry too, a leg without an entry fails at commit;
- sequences have no gap, and an entry continues the hash of the one before it;
- a top-up is booked once (UNIQUE(topup, kind)); an ended top-up doesn't begin again.
"""

from __future__ import annotations

APPLICATION_ID = 0x414C564C  # "ALVL"
VERSION = 1

IDENTITY = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"

SCHEMA = """
CREATE TABLE topup (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    card TEXT NOT NULL,
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    provider TEXT NOT NULL,
    payment_id TEXT NOT NULL,
    load_number INTEGER NOT NULL,
    balance_before_cents INTEGER,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    note TEXT NOT NULL,
    entry INTEGER NOT NULL
) STRICT;

CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    topup TEXT NOT NULL,
    at TEXT NOT NULL,
    canonical BLOB NOT NULL,
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    UNIQUE (topup, kind)
) STRICT;

CREATE TABLE leg (
    entry INTEGER NOT NULL REFERENCES entry (seq) DEFERRABLE INITIALLY DEFERRED,
    place INTEGER NOT NULL,
    account TEXT NOT NULL,
    cents INTEGER NOT NULL,
    PRIMARY KEY (entry, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TEXT NOT NULL,
    payload TEXT NOT NULL
) STRICT;

CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER entry_remains BEFORE DELETE ON entry
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
CREATE TRIGGER leg_stays BEFORE UPDATE ON leg
BEGIN SELECT RAISE(ABORT, 'a leg is never changed'); END;
CREATE TRIGGER leg_remains BEFORE DELETE ON leg
BEGIN SELECT RAISE(ABORT, 'a leg is never deleted'); END;

CREATE TRIGGER leg_before_seal BEFORE INSERT ON leg
WHEN EXISTS (SELECT 1 FROM entry WHERE seq = NEW.entry)
BEGIN SELECT RAISE(ABORT, 'the entry is sealed'); END;
CREATE TRIGGER entry_balanced BEFORE INSERT ON entry
WHEN (SELECT count(*) < 2 OR sum(cents) <> 0 FROM leg WHERE entry = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the entry is not balanced'); END;
CREATE TRIGGER entry_follows BEFORE INSERT ON entry
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM entry), 0)
    OR NEW.previous <> coalesce(
        (SELECT hash FROM entry ORDER BY seq DESC LIMIT 1), zeroblob(32))
BEGIN SELECT RAISE(ABORT, 'the entry does not follow the last one'); END;

CREATE TRIGGER topup_ended BEFORE UPDATE ON topup
WHEN OLD.state IN ('done', 'canceled', 'refunded') AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'an ended top-up does not begin again'); END;
"""

TABLES = frozenset({"topup", "entry", "leg", "outbox"})
TRIGGERS = frozenset(
    {
        "entry_stays",
        "entry_remains",
        "leg_stays",
        "leg_remains",
        "leg_before_seal",
        "entry_balanced",
        "entry_follows",
        "topup_ended",
    }
)
