"""Verifying a journal file that may be damaged, cut or forged."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_read import verify_file
from kiosk.store.verify_ledger import GENESIS

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
ROW = TopupRow(
    id="T-1",
    state=TopupState.CAPTURING,
    card="tag",
    amount=Money(2000),
    provider="simulator",
    payment_id="pay-1",
    load_number=4,
    created_at=NOW,
    changed_at=NOW,
)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    with Ledger(path, free=lambda _: 10**12) as ledger:
        for n in range(1, 41):
            ledger.book_topup(replace(ROW, id=f"T-{n}"), at=NOW + timedelta(minutes=n))
    return path


def forge(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for trigger in ("entry_stays", "entry_remains", "leg_stays", "leg_remains"):
            (sql,) = connection.execute(
                "SELECT sql FROM sqlite_schema WHERE name = ?", (trigger,)
            ).fetchone()
            connection.execute(f"DROP TRIGGER {trigger}")
            statements = (*statements, sql)
        for statement in statements:
            connection.execute(statement)


def test_a_sound_journal_is_said_sound(journal: Path) -> None:
    verdict = verify_file(journal)
    assert (verdict.sound, verdict.entries, verdict.turned_back) == (True, 40, ())
    assert verdict.head != GENESIS


def test_an_empty_journal_is_sound(tmp_path: Path) -> None:
    Ledger(tmp_path / "new.db", free=lambda _: 10**12).close()
    assert verify_file(tmp_path / "new.db").entries == 0


def test_a_journal_is_verified_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger(path, free=lambda _: 10**12) as ledger:
        ledger.book_topup(ROW, at=NOW)
        assert verify_file(path).entries == 1
        ledger.book_topup(replace(ROW, id="T-2"), at=NOW)
        assert verify_file(path).entries == 2


def test_verifying_writes_nothing(journal: Path) -> None:
    before = {file.name: file.read_bytes() for file in journal.parent.iterdir()}
    verify_file(journal)
    assert {file.name: file.read_bytes() for file in journal.parent.iterdir()} == before


@pytest.mark.parametrize(
    ("statement", "line", "reason"),
    [
        ("UPDATE leg SET cents = 3 * cents WHERE entry = 7", 7, "content"),
        ("UPDATE leg SET cents = cents + 1 WHERE entry = 7 AND place = 0", 7, "legs"),
        ("UPDATE leg SET account = 'suspense' WHERE entry = 9 AND place = 1", 9, "content"),
        ("DELETE FROM leg WHERE entry = 11", 11, "legs"),
        ("UPDATE entry SET at = '2027-01-01T00:00:00.000000Z' WHERE seq = 1", 1, "content"),
        ("UPDATE entry SET subject = 'T-99' WHERE seq = 40", 40, "content"),
        ("UPDATE entry SET canonical = x'00' WHERE seq = 3", 3, "content"),
        ("UPDATE entry SET previous = zeroblob(32) WHERE seq = 4", 4, "chain"),
        ("UPDATE entry SET hash = zeroblob(32) WHERE seq = 5", 5, "chain"),
        ("DELETE FROM entry WHERE seq = 20", 20, "gap"),
        ("DELETE FROM entry WHERE seq = 1", 1, "gap"),
    ],
)
def test_a_forged_line_is_named(journal: Path, statement: str, line: int, reason: str) -> None:
    forge(journal, statement)
    verdict = verify_file(journal)
    assert (verdict.bad_line, verdict.reason.split(":")[0]) == (line, reason)


def test_the_first_of_two_bad_lines_is_named(journal: Path) -> None:
    forge(
        journal,
        "UPDATE entry SET hash = zeroblob(32) WHERE seq = 30",
        "UPDATE leg SET cents = 2 * cents WHERE entry = 12",
    )
    assert verify_file(journal).bad_line == 12


@pytest.mark.parametrize("table", ["leg", "entry"])
def test_a_page_that_sqlite_can_t_read_is_a_breach_with_a_line(journal: Path, table: str) -> None:
    content = bytearray(journal.read_bytes())
    with closing(sqlite3.connect(journal)) as connection:
        page = connection.execute("PRAGMA page_size").fetchone()[0]
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)
        ).fetchone()
    start = page * (root - 1)
    content[start : start + page] = b"\xff" * page
    journal.write_bytes(content)
    verdict = verify_file(journal)
    assert not verdict.sound
    assert (verdict.bad_line, verdict.entries) == (1, 0)
    assert verdict.reason.startswith("the file is damaged")


def test_text_that_is_no_text_is_a_breach_with_a_line(journal: Path) -> None:
    forge(journal, "UPDATE entry SET subject = CAST(x'ff' AS TEXT) WHERE seq = 6")
    verdict = verify_file(journal)
    assert (verdict.bad_line, verdict.entries) == (6, 5)


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\x00" + bytes(100)])
def test_a_file_that_is_no_journal_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "thing.db"
    file.write_bytes(content)
    with pytest.raises(InputRefused, match="not a journal"):
        verify_file(file)
    assert file.read_bytes() == content


@pytest.mark.parametrize("place", [0, 3, 100, 104, 110])
def test_a_journal_with_a_broken_header_is_a_breach_and_still_a_journal(
    journal: Path, place: int
) -> None:
    content = bytearray(journal.read_bytes())
    content[place] ^= 0xFF
    journal.write_bytes(content)
    verdict = verify_file(journal)
    assert (verdict.sound, verdict.bad_line) == (False, 1)


def test_a_journal_without_a_trigger_is_a_breach_at_the_next_line(journal: Path) -> None:
    with closing(sqlite3.connect(journal)) as connection, connection:
        connection.execute("DROP TRIGGER entry_stays")
    verdict = verify_file(journal)
    assert (verdict.sound, verdict.bad_line) == (False, 41)
    assert "triggers" in verdict.reason


def test_a_forged_line_is_named_when_the_triggers_are_gone_too(journal: Path) -> None:
    with closing(sqlite3.connect(journal)) as connection, connection:
        connection.execute("DROP TRIGGER leg_stays")
        connection.execute("UPDATE leg SET cents = 2 * cents WHERE entry = 12")
    assert verify_file(journal).bad_line == 12


def test_a_journal_without_its_entries_is_a_breach_at_the_first_line(journal: Path) -> None:
    with closing(sqlite3.connect(journal)) as connection, connection:
        connection.execute("ALTER TABLE leg RENAME TO gel")
    assert verify_file(journal).bad_line == 1


def test_legs_of_no_entry_are_a_breach(journal: Path) -> None:
    with closing(sqlite3.connect(journal)) as connection, connection:
        connection.execute("INSERT INTO leg VALUES (50, 0, 'suspense', 5), (50, 1, 'suspense', -5)")
    verdict = verify_file(journal)
    assert (verdict.bad_line, verdict.entries) == (41, 40)


@pytest.mark.parametrize(("entry", "place"), [(1, 0), (6, 0), (6, 1), (40, 0), (40, 1)])
def test_a_leg_whose_text_is_no_text_names_its_own_line(
    journal: Path, entry: int, place: int
) -> None:
    forge(
        journal,
        f"UPDATE leg SET account = CAST(x'ff' AS TEXT) WHERE entry = {entry} AND place = {place}",
    )
    verdict = verify_file(journal)
    assert (verdict.bad_line, verdict.entries) == (entry, entry - 1)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="No such file"):
        verify_file(tmp_path / "nothing.db")


def test_a_journal_in_a_folder_that_needs_quoting_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "a folder? #1 100%"
    folder.mkdir()
    Ledger(folder / "ledger.db", free=lambda _: 10**12).close()
    assert verify_file(folder / "ledger.db").sound
