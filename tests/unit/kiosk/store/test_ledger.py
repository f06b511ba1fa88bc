"""ledger.db: what the database itself refuses, and what opening it refuses."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.errors import LedgerBusy, LedgerTampered, StorageFull
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.store.ledger import FREE_BYTES_MIN, Ledger, free_bytes

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
ROW = TopupRow(
    id="T-1",
    state=TopupState.CREATED,
    card="tag",
    amount=Money(2000),
    provider="simulator",
    payment_id="",
    created_at=NOW,
    changed_at=NOW,
)
CAPTURING = replace(ROW, state=TopupState.CAPTURING, payment_id="pay-1", load_number=4)


def roomy(_: Path) -> int:
    return FREE_BYTES_MIN


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger(path, free=roomy) as one:
        yield one


def booked(path: Path, count: int = 3) -> Path:
    """Make a closed journal of ``count`` entries."""
    with Ledger(path, free=roomy) as one:
        book_many(one, count)
    return path


def book_many(ledger: Ledger, count: int) -> None:
    for n in range(count):
        ledger.book_topup(replace(CAPTURING, id=f"T-{n}"), at=NOW)


def refused(path: Path, *statements: str) -> str:
    """Run statements as a foreign program would, give the database's refusal."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        try:
            with connection:
                for statement in statements:
                    connection.execute(statement)
        except sqlite3.IntegrityError as refusal:
            return str(refusal)
    return "accepted"


LEG = "INSERT INTO leg VALUES"
ENTRY = "INSERT INTO entry (seq, kind, subject, at, canonical, previous, hash) VALUES "
ENTRY += "(4, 'topup', 'T-4', 'now', x'00', {previous}, zeroblob(32))"
HEAD = "(SELECT hash FROM entry WHERE seq = 3)"


@pytest.mark.parametrize(
    ("statements", "reason"),
    [
        (["UPDATE entry SET at = 'x' WHERE seq = 1"], "an entry is never changed"),
        (["DELETE FROM entry WHERE seq = 3"], "an entry is never deleted"),
        (["UPDATE leg SET cents = 1 WHERE entry = 1"], "a leg is never changed"),
        (["DELETE FROM leg WHERE entry = 2"], "a leg is never deleted"),
        ([f"{LEG} (2, 2, 'suspense', 0)"], "the entry is sealed"),
        ([f"{LEG} (9, 0, 'suspense', 0)"], "FOREIGN KEY"),
        ([ENTRY.format(previous=HEAD)], "not balanced"),
        ([f"{LEG} (4, 0, 'a', 0)", ENTRY.format(previous=HEAD)], "not balanced"),
        (
            [f"{LEG} (4, 0, 'a', 5), (4, 1, 'b', -4)", ENTRY.format(previous=HEAD)],
            "not balanced",
        ),
        (
            [f"{LEG} (4, 0, 'a', 5), (4, 1, 'b', -5)", ENTRY.format(previous="zeroblob(32)")],
            "does not follow",
        ),
        (
            [
                f"{LEG} (9, 0, 'a', 5), (9, 1, 'b', -5)",
                ENTRY.format(previous=HEAD).replace("(4,", "(9,"),
            ],
            "does not follow",
        ),
        (
            [
                f"{LEG} (4, 0, 'a', 5), (4, 1, 'b', -5)",
                ENTRY.format(previous=HEAD).replace("T-4", "T-0"),
            ],
            "UNIQUE",
        ),
        (
            [
                ENTRY.format(previous=HEAD)
                .replace("INSERT", "INSERT OR REPLACE")
                .replace("(4,", "(1,")
            ],
            "does not follow",
        ),
    ],
)
def test_the_database_refuses_to_rewrite_the_past(
    path: Path, statements: list[str], reason: str
) -> None:
    assert reason in refused(booked(path), *statements)


def test_an_ended_topup_does_not_begin_again(path: Path, ledger: Ledger) -> None:
    ledger.save_topup(replace(ROW, state=TopupState.CANCELED))
    with pytest.raises(sqlite3.IntegrityError, match="does not begin again"):
        ledger.save_topup(CAPTURING)
    assert list(ledger.open_topups()) == []


def test_a_refused_booking_leaves_neither_entry_nor_state(path: Path, ledger: Ledger) -> None:
    ledger.save_topup(replace(ROW, state=TopupState.CANCELED))
    with pytest.raises(sqlite3.IntegrityError):
        ledger.book_topup(CAPTURING, at=NOW)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM entry").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM leg").fetchone() == (0,)
    ledger.book_topup(replace(CAPTURING, id="T-2"), at=NOW)


def test_every_change_of_state_is_told_in_the_outbox_once(ledger: Ledger) -> None:
    ledger.save_topup(ROW)
    ledger.save_topup(replace(ROW, payment_id="pay-1"))
    ledger.book_topup(CAPTURING, at=NOW)
    ledger.save_topup(replace(CAPTURING, state=TopupState.DONE, entry=1))
    events = ledger.events()
    assert [(e.seq, e.kind, e.subject) for e in events] == [
        (1, "topup.created", "T-1"),
        (2, "topup.capturing", "T-1"),
        (3, "topup.done", "T-1"),
    ]
    assert json.loads(events[1].payload) == {
        "topup": "T-1",
        "card": "tag",
        "amount_cents": 2000,
        "provider": "simulator",
        "payment": "pay-1",
        "load": 4,
        "entry": 1,
        "note": "",
    }
    assert [e.seq for e in ledger.events(after=2)] == [3]


def test_the_outbox_has_no_gap_after_a_refused_write(ledger: Ledger) -> None:
    ledger.save_topup(replace(ROW, state=TopupState.CANCELED))
    with pytest.raises(sqlite3.IntegrityError):
        ledger.save_topup(CAPTURING)
    ledger.save_topup(replace(ROW, id="T-2"))
    assert [e.seq for e in ledger.events()] == [1, 2]


def test_the_journal_is_durable_on_return(ledger: Ledger) -> None:
    connection = ledger._connection
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert connection.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_the_journal_is_readable_by_its_owner_only(path: Path, ledger: Ledger) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_second_writer_is_refused_until_the_first_leaves(path: Path) -> None:
    with Ledger(path, free=roomy), pytest.raises(LedgerBusy):
        Ledger(path, free=roomy)
    Ledger(path, free=roomy).close()


def test_any_thread_may_write(path: Path, ledger: Ledger) -> None:
    threads = [
        threading.Thread(
            target=ledger.book_topup, args=(replace(CAPTURING, id=f"T-{n}"),), kwargs={"at": NOW}
        )
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with closing(sqlite3.connect(path)) as connection:
        seqs = [seq for (seq,) in connection.execute("SELECT seq FROM entry ORDER BY seq")]
    assert seqs == list(range(1, 9))


def test_little_room_refuses_a_new_topup_only(path: Path) -> None:
    with Ledger(path, free=lambda _: FREE_BYTES_MIN - 1) as ledger:
        with pytest.raises(StorageFull):
            ledger.save_topup(ROW)
        ledger.save_topup(replace(ROW, state=TopupState.CANCELING))
        assert ledger.book_topup(CAPTURING, at=NOW) == 1


def test_a_disk_that_is_really_full_is_said_so_and_nothing_is_half_written(
    path: Path, ledger: Ledger
) -> None:
    pages = ledger._connection.execute("PRAGMA page_count").fetchone()[0]
    ledger._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFull):
        book_many(ledger, 1000)
    ledger._connection.execute("PRAGMA max_page_count = 1000000")
    assert not ledger._connection.in_transaction
    assert ledger.book_topup(replace(CAPTURING, id="T-after"), at=NOW) > 1


def test_another_database_error_is_no_full_disk(ledger: Ledger) -> None:
    ledger._connection.execute("DROP TABLE outbox")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        ledger.save_topup(ROW)


def test_the_room_is_that_of_the_journals_disk(tmp_path: Path) -> None:
    assert free_bytes(tmp_path) > 0


def test_a_folder_that_can_t_be_made_is_no_room(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(StorageFull, match="no journal can be written"):
        Ledger(tmp_path / "file" / "ledger.db", free=roomy)


def test_a_journal_that_can_t_be_made_is_no_room(path: Path) -> None:
    path.with_name("ledger.db.new").mkdir()
    with pytest.raises(StorageFull):
        Ledger(path, free=roomy)


def test_a_draft_left_by_a_crash_is_made_again(path: Path) -> None:
    path.with_name("ledger.db.new").write_bytes(b"half a journal")
    with Ledger(path, free=roomy) as ledger:
        assert list(ledger.open_topups()) == []
    assert not path.with_name("ledger.db.new").exists()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("not a database at all, but long enough to look like one" * 40)


def _other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE entry (seq INTEGER)")


def _other_version(path: Path) -> None:
    _execute(booked(path), "PRAGMA user_version = 99")


def _trigger_dropped(path: Path) -> None:
    _execute(booked(path), "DROP TRIGGER entry_stays")


def _table_dropped(path: Path) -> None:
    _execute(booked(path), "DROP TABLE outbox")


def _cut(path: Path) -> None:
    content = booked(path, 60).read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _miscounted(path: Path) -> None:
    content = bytearray(booked(path).read_bytes())
    content[36:40] = (5).to_bytes(4, "big")  # the header's count of free pages
    path.write_bytes(content)


def _forged_cents(path: Path) -> None:
    _forge(booked(path), "UPDATE leg SET cents = cents * 2 WHERE entry = 2")


def _forged_hash(path: Path) -> None:
    _forge(booked(path), "UPDATE entry SET hash = zeroblob(32) WHERE seq = 3")


def _lost_middle(path: Path) -> None:
    _forge(booked(path), "DELETE FROM entry WHERE seq = 2")


def _execute(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def _forge(path: Path, statement: str) -> None:
    """Change the past with the triggers put aside, then put them back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)


@pytest.mark.parametrize(
    "spoil",
    [
        _empty,
        _text,
        _other_database,
        _other_version,
        _trigger_dropped,
        _table_dropped,
        _cut,
        _miscounted,
        _forged_cents,
        _forged_hash,
        _lost_middle,
    ],
)
def test_a_damaged_or_foreign_file_is_refused_and_left_as_it_is(path: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(path)
    before = path.read_bytes()
    for _ in range(2):  # refused again, and the writer's lock was given back
        with pytest.raises(LedgerTampered):
            Ledger(path, free=roomy)
    assert path.read_bytes() == before


def test_a_lost_journal_is_not_buried_under_a_new_one(path: Path) -> None:
    path.with_name("ledger.db-wal").write_bytes(b"commits that were never checkpointed")
    with pytest.raises(LedgerTampered, match="is gone"):
        Ledger(path, free=roomy)
    assert not path.exists()


def test_a_journal_copied_while_it_was_written_opens_with_its_log(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger(path, free=roomy) as ledger:
        ledger.book_topup(CAPTURING, at=NOW)
        copy = tmp_path / "copy.db"
        shutil.copy(path, copy)
        shutil.copy(f"{path}-wal", f"{copy}-wal")
    with Ledger(copy, free=roomy) as copied:
        assert [row.id for row in copied.open_topups()] == ["T-1"]


def test_a_long_journal_opens_by_its_tail(path: Path) -> None:
    booked(path, 130)
    _forge(path, "UPDATE leg SET cents = cents * 2 WHERE entry = 5")
    with Ledger(path, free=roomy) as ledger:  # the whole chain is `ledger verify`'s
        assert ledger.book_topup(replace(CAPTURING, id="T-new"), at=NOW) == 131
