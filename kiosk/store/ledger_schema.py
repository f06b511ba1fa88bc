"""The tables and triggers of ledger.db, and what tells such a file from any other.

Rules that the database itself keeps, whatever program writes:

- entries and legs are never changed nor deleted;
- legs come first and their entry seals them: an entry whose legs are fewer than two or don't add
  up to zero is refused, a leg of a sealed entry too, a leg without an entry fails at commit;
- sequences have no gap, and an entry continues the hash of the one before it;
- closings are never changed nor deleted, their numbers have no gap, each continues the hash of the
  one before it;
- a subject is booked once a kind (UNIQUE(subject, kind)); what has ended doesn't begin again:
  a top-up, a card's movement, a transfer;
- a till's events are never changed nor deleted, their numbers have no gap, each has its entry; a
  top-up's money is taken and given back once, a refund is paid out once, an event is reversed once;
- a bill has one payment that isn't canceled or given back, and is never changed nor deleted.

Version 2 books every movement of a card, version 3 has closings, version 4 entry tickets, version 5
the till, version 6 bills. An older journal is brought up to date in place (``MIGRATIONS``), in one
transaction: its entries keep their bytes and their hashes.
"""

from __future__ import annotations

APPLICATION_ID = 0x414C564C  # "ALVL"
VERSION = 6

# The tables that version 2 added. ``event`` is the outbox row that told the last change: what lies
# past the mark ``acknowledged`` is what the hub hasn't heard of.
CARD_TABLES = """
CREATE TABLE card_move (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    card TEXT NOT NULL,
    product INTEGER NOT NULL,
    service TEXT NOT NULL,
    amount_cents INTEGER NOT NULL CHECK (amount_cents >= 0),
    sequence INTEGER NOT NULL,
    commits INTEGER NOT NULL,
    balance_before_cents INTEGER NOT NULL,
    balance_after_cents INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    book INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    entries_before INTEGER NOT NULL,
    entries_after INTEGER NOT NULL,
    proof BLOB NOT NULL,
    note TEXT NOT NULL,
    entry INTEGER NOT NULL,
    event INTEGER NOT NULL
) STRICT;
CREATE INDEX card_move_card ON card_move (card, state);
CREATE INDEX card_move_event ON card_move (event);
CREATE TRIGGER move_ended BEFORE UPDATE ON card_move
WHEN OLD.state IN ('confirmed', 'not_done') AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'an ended movement does not begin again'); END;
CREATE TRIGGER move_remains BEFORE DELETE ON card_move
BEGIN SELECT RAISE(ABORT, 'a movement is never deleted'); END;

CREATE TABLE transfer (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    lost TEXT NOT NULL UNIQUE,
    card TEXT NOT NULL,
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    load_number INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    commits INTEGER NOT NULL,
    note TEXT NOT NULL,
    entry INTEGER NOT NULL
) STRICT;
CREATE TRIGGER transfer_ended BEFORE UPDATE ON transfer
WHEN OLD.state IN ('done', 'manual') AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'an ended transfer does not begin again'); END;

CREATE TABLE block (card TEXT PRIMARY KEY, at TEXT NOT NULL, by TEXT NOT NULL) STRICT;
CREATE TABLE pin (
    subject TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    salt BLOB NOT NULL,
    hash BLOB NOT NULL,
    failures INTEGER NOT NULL,
    locked_until TEXT NOT NULL
) STRICT;
CREATE TABLE mark (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
"""

# The table that version 3 added; its rules are in kiosk.domain.closing.
CLOSING_TABLE = """
CREATE TABLE closing (
    seq INTEGER PRIMARY KEY,
    period TEXT NOT NULL CHECK (period IN ('day', 'month', 'year')),
    name TEXT NOT NULL,
    at TEXT NOT NULL,
    first_entry INTEGER NOT NULL,
    last_entry INTEGER NOT NULL CHECK (last_entry >= first_entry - 1),
    canonical BLOB NOT NULL,
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    key BLOB NOT NULL CHECK (length(key) = 32),
    signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;
CREATE TRIGGER closing_stays BEFORE UPDATE ON closing
BEGIN SELECT RAISE(ABORT, 'a closing is never changed'); END;
CREATE TRIGGER closing_remains BEFORE DELETE ON closing
BEGIN SELECT RAISE(ABORT, 'a closing is never deleted'); END;
CREATE TRIGGER closing_follows BEFORE INSERT ON closing
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM closing), 0)
    OR NEW.previous <> coalesce(
        (SELECT hash FROM closing ORDER BY seq DESC LIMIT 1), zeroblob(32))
    OR NEW.first_entry <> 1 + coalesce(
        (SELECT last_entry FROM closing WHERE period = NEW.period ORDER BY seq DESC LIMIT 1), 0)
    OR NEW.last_entry <> coalesce((SELECT max(seq) FROM entry), 0)
BEGIN SELECT RAISE(ABORT, 'the closing does not follow the last one'); END;
"""

# The tables that version 4 added: what was ordered without a card, and what a gate has let in.
TICKET_TABLES = """
CREATE TABLE ticket_order (
    topup TEXT PRIMARY KEY REFERENCES topup (id),
    product INTEGER NOT NULL,
    service TEXT NOT NULL,
    tariff TEXT NOT NULL,
    persons INTEGER NOT NULL CHECK (persons > 0),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    ticket TEXT NOT NULL,
    copies INTEGER NOT NULL
) STRICT;
CREATE TRIGGER ticket_stays BEFORE UPDATE ON ticket_order
WHEN OLD.ticket <> '' AND NEW.ticket <> OLD.ticket
BEGIN SELECT RAISE(ABORT, 'a ticket is never changed'); END;
CREATE TRIGGER ticket_remains BEFORE DELETE ON ticket_order
BEGIN SELECT RAISE(ABORT, 'a ticket is never deleted'); END;

CREATE TABLE redemption (
    ticket TEXT PRIMARY KEY,
    product TEXT NOT NULL,
    persons INTEGER NOT NULL,
    kiosk TEXT NOT NULL,
    at TEXT NOT NULL,
    again_at TEXT NOT NULL,
    event INTEGER NOT NULL
) STRICT;
CREATE INDEX redemption_kiosk ON redemption (kiosk, event);
CREATE TRIGGER redemption_remains BEFORE DELETE ON redemption
BEGIN SELECT RAISE(ABORT, 'a redemption is never deleted'); END;
"""

# The table that version 5 added; its rules are in kiosk.domain.till, and what proves a row in the
# chain in kiosk.domain.till_entry.
TILL_TABLE = """
CREATE TABLE till_event (
    number INTEGER PRIMARY KEY,
    session INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    second TEXT NOT NULL,
    cash_cents INTEGER NOT NULL,
    cheques_cents INTEGER NOT NULL,
    cash_after_cents INTEGER NOT NULL CHECK (cash_after_cents >= 0),
    cheques_after_cents INTEGER NOT NULL CHECK (cheques_after_cents >= 0),
    counted_cash_cents INTEGER,
    counted_cheques_cents INTEGER,
    subject TEXT NOT NULL,
    entry INTEGER NOT NULL UNIQUE REFERENCES entry (seq) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX till_event_session ON till_event (session);
CREATE UNIQUE INDEX till_event_once ON till_event (kind, subject)
WHERE kind IN ('cash', 'cheque', 'giveback', 'payout', 'reversal');
CREATE TRIGGER till_stays BEFORE UPDATE ON till_event
BEGIN SELECT RAISE(ABORT, 'an event of the till is never changed'); END;
CREATE TRIGGER till_remains BEFORE DELETE ON till_event
BEGIN SELECT RAISE(ABORT, 'an event of the till is never deleted'); END;
CREATE TRIGGER till_follows BEFORE INSERT ON till_event
WHEN NEW.number <> 1 + coalesce((SELECT max(number) FROM till_event), 0)
    OR NEW.cash_after_cents <> NEW.cash_cents + coalesce((SELECT cash_after_cents
        FROM till_event ORDER BY number DESC LIMIT 1), 0)
    OR NEW.cheques_after_cents <> NEW.cheques_cents + coalesce((SELECT cheques_after_cents
        FROM till_event ORDER BY number DESC LIMIT 1), 0)
BEGIN SELECT RAISE(ABORT, 'the event does not follow the last one'); END;
"""

# The table that version 6 added; its rules are in kiosk.domain.bill. ``earner`` is the service.
BILL_TABLE = """
CREATE TABLE bill_order (
    topup TEXT PRIMARY KEY REFERENCES topup (id),
    bill TEXT NOT NULL,
    earner TEXT NOT NULL
) STRICT;
CREATE INDEX bill_order_bill ON bill_order (bill);
CREATE TRIGGER bill_once BEFORE INSERT ON bill_order
WHEN EXISTS (
    SELECT 1 FROM bill_order AS other JOIN topup ON topup.id = other.topup
    WHERE other.bill = NEW.bill AND other.topup <> NEW.topup
        AND topup.state NOT IN ('canceled', 'refunded'))
BEGIN SELECT RAISE(ABORT, 'the bill is paid, or being paid'); END;
CREATE TRIGGER bill_stays BEFORE UPDATE ON bill_order
BEGIN SELECT RAISE(ABORT, 'a bill is never changed'); END;
CREATE TRIGGER bill_remains BEFORE DELETE ON bill_order
BEGIN SELECT RAISE(ABORT, 'a bill is never deleted'); END;
"""

_MIGRATION_2 = f"""
ALTER TABLE topup ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE topup ADD COLUMN commits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry RENAME COLUMN topup TO subject;
ALTER TABLE entry ADD COLUMN card TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN commits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN proof TEXT NOT NULL DEFAULT '';
ALTER TABLE entry ADD COLUMN product INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN entries INTEGER NOT NULL DEFAULT 0;
{CARD_TABLES}
"""
# What brings a journal of the version before up to each version.
MIGRATIONS: dict[int, str] = {
    2: _MIGRATION_2,
    3: CLOSING_TABLE,
    4: TICKET_TABLES,
    5: TILL_TABLE,
    6: BILL_TABLE,
}

IDENTITY = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"

_MONEY_TABLES = """
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
    entry INTEGER NOT NULL,
    sequence INTEGER NOT NULL DEFAULT 0,
    commits INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TEXT NOT NULL,
    canonical BLOB NOT NULL,
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    card TEXT NOT NULL DEFAULT '',
    sequence INTEGER NOT NULL DEFAULT 0,
    commits INTEGER NOT NULL DEFAULT 0,
    proof TEXT NOT NULL DEFAULT '',
    product INTEGER NOT NULL DEFAULT 0,
    entries INTEGER NOT NULL DEFAULT 0,
    UNIQUE (subject, kind)
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

SCHEMA = _MONEY_TABLES + CARD_TABLES + CLOSING_TABLE + TICKET_TABLES + TILL_TABLE + BILL_TABLE
