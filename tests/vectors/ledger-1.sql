-- A journal as version 1 of the tables left it: three top-ups, the last still being captured.
BEGIN TRANSACTION;
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
INSERT INTO "entry" VALUES(1,'topup','T-1','2026-11-22T09:43:00.000000Z',X'414C562D4C45444745522D310A310A746F7075700A542D310A323032362D31312D32325430393A34333A30302E3030303030305A0A62616E6B2E636C656172696E6720313030300A70757273652E666C6F6174202D313030300A',X'0000000000000000000000000000000000000000000000000000000000000000',X'E41122922CE37C6A61D3B6F65F659D465537EF3C4E21D5254ACE1FDE5D0DF5AD');
INSERT INTO "entry" VALUES(2,'topup','T-2','2026-11-22T09:44:00.000000Z',X'414C562D4C45444745522D310A320A746F7075700A542D320A323032362D31312D32325430393A34343A30302E3030303030305A0A62616E6B2E636C656172696E6720323030300A70757273652E666C6F6174202D323030300A',X'E41122922CE37C6A61D3B6F65F659D465537EF3C4E21D5254ACE1FDE5D0DF5AD',X'4E9231995913A4268991E4A99A34B0125243623BDA4A0C2770A5E86CDAC33308');
INSERT INTO "entry" VALUES(3,'topup','T-3','2026-11-22T09:45:00.000000Z',X'414C562D4C45444745522D310A330A746F7075700A542D330A323032362D31312D32325430393A34353A30302E3030303030305A0A62616E6B2E636C656172696E6720333030300A70757273652E666C6F6174202D333030300A',X'4E9231995913A4268991E4A99A34B0125243623BDA4A0C2770A5E86CDAC33308',X'DCDE3254A2A7C41713D612CC5578BCA3E973B7FDF5E0B6AFAAC8150D5CB14183');
CREATE TABLE leg (
    entry INTEGER NOT NULL REFERENCES entry (seq) DEFERRABLE INITIALLY DEFERRED,
    place INTEGER NOT NULL,
    account TEXT NOT NULL,
    cents INTEGER NOT NULL,
    PRIMARY KEY (entry, place)
) STRICT, WITHOUT ROWID;
INSERT INTO "leg" VALUES(1,0,'bank.clearing',1000);
INSERT INTO "leg" VALUES(1,1,'purse.float',-1000);
INSERT INTO "leg" VALUES(2,0,'bank.clearing',2000);
INSERT INTO "leg" VALUES(2,1,'purse.float',-2000);
INSERT INTO "leg" VALUES(3,0,'bank.clearing',3000);
INSERT INTO "leg" VALUES(3,1,'purse.float',-3000);
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TEXT NOT NULL,
    payload TEXT NOT NULL
) STRICT;
INSERT INTO "outbox" VALUES(1,'topup.created','T-1','2026-11-22T09:43:00.000000Z','{"amount_cents": 1000, "card": "tag", "entry": 0, "load": 0, "note": "", "payment": "", "provider": "simulator", "topup": "T-1"}');
INSERT INTO "outbox" VALUES(2,'topup.capturing','T-1','2026-11-22T09:43:00.000000Z','{"amount_cents": 1000, "card": "tag", "entry": 1, "load": 4, "note": "", "payment": "pay-1", "provider": "simulator", "topup": "T-1"}');
INSERT INTO "outbox" VALUES(3,'topup.done','T-1','2026-11-22T09:43:00.000000Z','{"amount_cents": 1000, "card": "tag", "entry": 1, "load": 4, "note": "", "payment": "pay-1", "provider": "simulator", "topup": "T-1"}');
INSERT INTO "outbox" VALUES(4,'topup.created','T-2','2026-11-22T09:44:00.000000Z','{"amount_cents": 2000, "card": "tag", "entry": 0, "load": 0, "note": "", "payment": "", "provider": "simulator", "topup": "T-2"}');
INSERT INTO "outbox" VALUES(5,'topup.capturing','T-2','2026-11-22T09:44:00.000000Z','{"amount_cents": 2000, "card": "tag", "entry": 2, "load": 5, "note": "", "payment": "pay-2", "provider": "simulator", "topup": "T-2"}');
INSERT INTO "outbox" VALUES(6,'topup.done','T-2','2026-11-22T09:44:00.000000Z','{"amount_cents": 2000, "card": "tag", "entry": 2, "load": 5, "note": "", "payment": "pay-2", "provider": "simulator", "topup": "T-2"}');
INSERT INTO "outbox" VALUES(7,'topup.created','T-3','2026-11-22T09:45:00.000000Z','{"amount_cents": 3000, "card": "tag", "entry": 0, "load": 0, "note": "", "payment": "", "provider": "simulator", "topup": "T-3"}');
INSERT INTO "outbox" VALUES(8,'topup.capturing','T-3','2026-11-22T09:45:00.000000Z','{"amount_cents": 3000, "card": "tag", "entry": 3, "load": 6, "note": "", "payment": "pay-3", "provider": "simulator", "topup": "T-3"}');
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
INSERT INTO "topup" VALUES('T-1','done','tag',1000,'simulator','pay-1',4,NULL,'2026-11-22T09:43:00.000000Z','2026-11-22T09:43:00.000000Z','',1);
INSERT INTO "topup" VALUES('T-2','done','tag',2000,'simulator','pay-2',5,NULL,'2026-11-22T09:44:00.000000Z','2026-11-22T09:44:00.000000Z','',2);
INSERT INTO "topup" VALUES('T-3','capturing','tag',3000,'simulator','pay-3',6,NULL,'2026-11-22T09:45:00.000000Z','2026-11-22T09:45:00.000000Z','',3);
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
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outbox',8);
COMMIT;
PRAGMA application_id = 0x414C564C;
PRAGMA user_version = 1;
