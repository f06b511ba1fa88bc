"""A journal of version 1 is verified as it is, and brought up to date without losing a line."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.errors import LedgerTampered, StorageFull
from kiosk.domain.payment import TopupState
from kiosk.store import ledger_schema
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_moves import Moves
from kiosk.store.ledger_read import verify_file
from kiosk.store.ledger_schema import VERSION
from tests.contracts.test_move_journal import MOVE, NOW

OLD = Path(__file__).resolve().parents[3] / "vectors" / "ledger-1.sql"
ENTRIES = "SELECT seq, kind, at, canonical, previous, hash FROM entry ORDER BY seq"


def roomy(_: Path) -> int:
    return 10**12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OLD.read_text(encoding="utf-8"))
    return path


def rows(path: Path, query: str = ENTRIES) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def version(path: Path) -> object:
    return rows(path, "PRAGMA user_version")[0][0]


def test_an_old_journal_is_verified_without_being_changed(path: Path) -> None:
    before = path.read_bytes()
    verdict = verify_file(path)
    assert (verdict.sound, verdict.entries) == (True, 3)
    assert path.read_bytes() == before


def test_a_change_in_an_old_journal_is_still_found(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER entry_stays")
        connection.execute("UPDATE entry SET topup = 'T-9' WHERE seq = 2")
    assert verify_file(path).bad_line == 2


def test_opening_brings_it_up_to_date_and_keeps_every_byte_of_its_chain(path: Path) -> None:
    before, legs = rows(path), rows(path, "SELECT * FROM leg")
    Ledger(path, free=roomy).close()
    assert version(path) == VERSION
    assert (rows(path), rows(path, "SELECT * FROM leg")) == (before, legs)
    assert verify_file(path).sound


def test_what_was_open_stays_open_and_can_end(path: Path) -> None:
    with Ledger(path, free=roomy) as ledger:
        (still,) = ledger.open_topups()
        assert (still.id, still.state, still.entry) == ("T-3", TopupState.CAPTURING, 3)
        ledger.save_topup(replace(still, state=TopupState.DONE))
        assert list(ledger.open_topups()) == []


def test_the_outbox_keeps_its_rows_and_its_numbers(path: Path) -> None:
    with Ledger(path, free=roomy) as ledger:
        before = len(ledger.events())
        Moves(ledger).save_move(MOVE)
        assert [event.seq for event in ledger.events()] == list(range(1, before + 2))


def test_new_entries_continue_the_old_chain(path: Path) -> None:
    with Ledger(path, free=roomy) as ledger:
        assert Moves(ledger).book_move(MOVE, at=NOW) == 4
    verdict = verify_file(path)
    assert (verdict.sound, verdict.entries) == (True, 4)
    assert [bytes(str(row[3])[2:14], "ascii") for row in rows(path)] == [
        *[b"ALV-LEDGER-1"] * 3,
        b"ALV-LEDGER-2",
    ]


def test_the_past_stays_closed_after_the_change(path: Path) -> None:
    Ledger(path, free=roomy).close()
    with closing(sqlite3.connect(path)) as connection:
        for statement in ("UPDATE entry SET card = 'x'", "DELETE FROM entry", "DELETE FROM leg"):
            with pytest.raises(sqlite3.IntegrityError, match="is never"):
                connection.execute(statement)


def test_it_is_brought_up_to_date_once(path: Path) -> None:
    Ledger(path, free=roomy).close()
    before = rows(path, "SELECT sql FROM sqlite_schema ORDER BY name")
    Ledger(path, free=roomy).close()
    assert rows(path, "SELECT sql FROM sqlite_schema ORDER BY name") == before


def test_a_new_journal_has_the_same_columns_as_one_brought_up_to_date(
    path: Path, tmp_path: Path
) -> None:
    fresh = tmp_path / "fresh.db"
    Ledger(path, free=roomy).close()
    Ledger(fresh, free=roomy).close()
    for table in ("topup", "entry", "leg", "outbox", "card_move", "transfer", "block", "pin"):
        query = f"SELECT name, type, \"notnull\" FROM pragma_table_info('{table}')"
        assert (table, rows(path, query)) == (table, rows(fresh, query))


def test_a_damaged_old_journal_is_refused_and_left_as_it_is(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        sql = connection.execute(
            "SELECT sql FROM sqlite_schema WHERE name = 'leg_stays'"
        ).fetchone()[0]
        connection.execute("DROP TRIGGER leg_stays")
        connection.execute("UPDATE leg SET cents = cents * 2 WHERE entry = 2")
        connection.execute(sql)
    with pytest.raises(LedgerTampered):
        Ledger(path, free=roomy)
    assert version(path) == 1


def test_a_disk_without_room_leaves_it_at_version_1(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = "ALTER TABLE topup ADD COLUMN sequence INTEGER; SELECT no_such_column FROM entry;"
    monkeypatch.setitem(ledger_schema.MIGRATIONS, 2, broken)
    with pytest.raises(StorageFull):
        Ledger(path, free=roomy)
    assert version(path) == 1
    assert ("sequence",) not in rows(path, "SELECT name FROM pragma_table_info('topup')")
    monkeypatch.undo()
    Ledger(path, free=roomy).close()
    assert version(path) == VERSION
