"""What an auditor's verifier finds in a closed journal, and what it can't."""

from __future__ import annotations

import ast
import json
import random
import runpy
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.ledger import Entry, Leg
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.store import ledger_schema, verify_ledger
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_closings import Closings
from kiosk.store.ledger_entries import append
from kiosk.store.verify_ledger import GENESIS, fingerprint, main, summary, verify, walk_chain
from tests.journals import Forger, copy_of, demo_journal

LINES = 1040  # two days, and the month that the last one closes
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
FLIPS = 60  # a table


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_journal(tmp_path_factory.mktemp("journal"), LINES)


@pytest.fixture
def forged(sound: Path, tmp_path: Path) -> Path:
    return copy_of(sound, tmp_path)


def value(path: Path, query: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchone()[0]


def test_it_is_one_file_of_plain_python() -> None:
    tree = ast.parse(Path(verify_ledger.__file__).read_text(encoding="utf-8"))
    names = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [a.name for a in node.names]
        )
    }
    assert names <= sys.stdlib_module_names


def test_it_runs_alone_away_from_the_kiosk(sound: Path, tmp_path: Path) -> None:
    alone = Path(shutil.copy(verify_ledger.__file__, tmp_path / "verify.py"))
    told = subprocess.run(
        [sys.executable, "-I", str(alone), str(sound), "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout)["entries"] == LINES


def test_its_guards_are_those_of_the_schema() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(ledger_schema.SCHEMA)
        assert verify_ledger.GUARDS[ledger_schema.VERSION] == fingerprint(connection)


def test_a_closed_journal_is_sound_up_to_its_last_line(sound: Path) -> None:
    report = verify(sound)
    assert (report.sound, report.entries, report.closings, report.closed) == (True, LINES, 3, LINES)
    assert report.keys == (DeviceKey(sound.parent).public_key.hex(),)
    total = value(sound, "SELECT sum(max(cents, 0)) FROM leg")
    assert (report.perpetual_cents, report.suspense_cents) == (total, 0)
    assert report.turned_back == ()


@pytest.mark.parametrize("table", ["entry", "leg", "closing"])
def test_every_flipped_bit_of_every_column_is_found(forged: Path, table: str) -> None:
    chance = random.Random(7)
    before = forged.read_bytes()
    with closing(sqlite3.connect(forged)) as connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        keys = ["entry", "place"] if table == "leg" else ["seq"]
        rows = connection.execute(f"SELECT {', '.join(keys)} FROM {table}").fetchall()
    for turn in range(FLIPS):
        column, row = columns[turn % len(columns)], chance.choice(rows)
        rowid = " AND ".join(f"{key} = {one}" for key, one in zip(keys, row, strict=True))
        old = value(forged, f"SELECT {column} FROM {table} WHERE {rowid}")
        if old == "":
            continue  # no bit to flip: an entry without a card's proof
        try:
            Forger(forged).set(table, column, rowid, flipped(old, chance))
        except sqlite3.IntegrityError:
            continue  # the table itself refuses it, triggers or not
        report = verify(forged)
        assert not report.sound, (table, column, rowid)
        assert report.bad_line <= LINES + 1
        forged.write_bytes(before)
    assert verify(forged).sound  # the control: nothing but the flips was found


def flipped(old: object, chance: random.Random) -> object:
    """Give a cell's value with one bit flipped; numbers in their low 40 bits."""
    if isinstance(old, int):
        return old ^ 1 << chance.randrange(40)
    content = bytearray(old.encode() if isinstance(old, str) else bytes(old))  # type: ignore[call-overload]
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(7)
    return content.decode() if isinstance(old, str) else bytes(content)


def test_a_hidden_end_behind_a_nul_is_found(forged: Path) -> None:
    Forger(forged).run("UPDATE entry SET subject = subject || char(0) || 'x' WHERE seq = 5")
    assert verify(forged).bad_line == 5


def test_swapped_lines_are_found(forged: Path) -> None:
    Forger(forged).run(
        "PRAGMA defer_foreign_keys = ON",
        "UPDATE entry SET seq = -1 WHERE seq = 30",
        "UPDATE entry SET seq = 30 WHERE seq = 31",
        "UPDATE entry SET seq = 31 WHERE seq = -1",
    )
    assert verify(forged).bad_line == 30


@pytest.mark.parametrize("legs", ["", "DELETE FROM leg WHERE entry = 700"])
def test_a_gap_is_found(forged: Path, legs: str) -> None:
    Forger(forged).run("DELETE FROM entry WHERE seq = 700", *filter(None, [legs]))
    report = verify(forged)
    assert (report.bad_line, report.reason[:3]) == (700, "gap")


def test_a_misnumbered_leg_is_found(forged: Path) -> None:
    Forger(forged).run("UPDATE leg SET place = 5 WHERE entry = 9 AND place = 1")
    assert verify(forged).bad_line == 9


def test_a_cut_tail_is_found_by_the_closing_that_covers_it(forged: Path) -> None:
    Forger(forged).run("DELETE FROM entry WHERE seq > 1030", "DELETE FROM leg WHERE entry > 1030")
    report = verify(forged)
    assert (report.bad_line, report.bad_closing) == (1031, 2)


CUT = (
    "DELETE FROM closing WHERE seq > 1",
    "DELETE FROM entry WHERE seq > 1000",
    "DELETE FROM leg WHERE entry > 1000",
)


def test_a_tail_cut_with_its_closings_is_found_with_an_anchor_and_only_so(
    sound: Path, forged: Path
) -> None:
    Forger(forged).run(*CUT)
    assert verify(forged).sound  # the limit: without an anchor nothing is missing
    entry, last = verify(sound).head, value(sound, "SELECT hash FROM closing WHERE seq = 3")
    assert isinstance(last, bytes)
    for anchor in (entry, last):
        assert verify(sound, anchor=anchor).sound
        report = verify(forged, anchor=anchor)
        assert (report.bad_line, "anchor" in report.reason) == (1001, True)


def test_an_older_anchor_holds_while_the_journal_grows(sound: Path) -> None:
    old = value(sound, "SELECT hash FROM entry WHERE seq = 17")
    assert isinstance(old, bytes)
    assert verify(sound, anchor=old).sound


def forge_an_amount(path: Path) -> None:
    """Turn entry 3 into a tenth of itself, and chain all entries anew."""
    forger = Forger(path)
    forger.run(
        "UPDATE leg SET cents = cents / 10 WHERE entry = 3",
        "UPDATE entry SET canonical = replace(CAST(canonical AS TEXT),"
        " (SELECT 10 * abs(cents) FROM leg WHERE entry = 3 AND place = 0) || char(10),"
        " (SELECT abs(cents) FROM leg WHERE entry = 3 AND place = 0) || char(10)) WHERE seq = 3",
        "UPDATE entry SET canonical = CAST(canonical AS BLOB)",
    )
    forger.rechain("entry")


def unstrict(path: Path) -> None:
    """Let the forger's text pass through the column of bytes on its way."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '')")


def test_a_chain_that_was_forged_anew_is_found_by_the_closings(forged: Path) -> None:
    unstrict(forged)
    forge_an_amount(forged)
    with closing(verify_ledger.open_to_read(forged)) as connection:
        assert walk_chain(connection).sound  # the control: the chain alone sees nothing
    report = verify(forged)
    assert (report.bad_line, report.bad_closing) == (1000, 1)
    assert "totals" in report.reason


def test_closings_that_were_spelled_anew_lack_the_device_s_signature(forged: Path) -> None:
    Forger(forged).run("UPDATE closing SET name = '2026-01-06' WHERE seq = 1")
    content = value(forged, "SELECT canonical FROM closing WHERE seq = 1")
    assert isinstance(content, bytes)
    spelled = content.replace(b"2026-01-05\n", b"2026-01-06\n", 1)
    Forger(forged).set("closing", "canonical", "seq = 1", spelled)
    Forger(forged).rechain("closing")
    report = verify(forged)
    assert (report.bad_closing, report.reason) == (1, "closing 1: its signature doesn't hold")


def test_a_journal_signed_by_another_device_is_told_from_ours_by_the_key(
    sound: Path, tmp_path: Path
) -> None:
    other = demo_journal(tmp_path, 10)
    ours = DeviceKey(sound.parent).public_key
    assert verify(other).sound
    assert verify(sound, keys=[ours]).sound
    assert "foreign key" in verify(other, keys=[ours]).reason


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("DELETE FROM closing WHERE seq = 2", "closing 2: it is missing"),
        ("UPDATE closing SET previous = zeroblob(32) WHERE seq = 2", "closing 2: chain"),
        ("UPDATE closing SET hash = zeroblob(32) WHERE seq = 1", "closing 1: chain"),
        ("UPDATE closing SET signature = zeroblob(64) WHERE seq = 3", "closing 3: its signature"),
        ("UPDATE closing SET key = x'02' || zeroblob(31) WHERE seq = 3", "closing 3: its key"),
        ("UPDATE closing SET period = 'year' WHERE seq = 2", "closing 2: its range"),
        ("UPDATE closing SET period = 'week' WHERE seq = 2", "closing 2: its period"),
    ],
)
def test_a_forged_closing_is_named(forged: Path, statement: str, reason: str) -> None:
    unchecked = "PRAGMA ignore_check_constraints = ON"
    Forger(forged).run(unchecked, statement.replace("x'02' || zeroblob(31)", f"x'02{'00' * 31}'"))
    assert verify(forged).reason.startswith(reason)


def test_the_earlier_of_two_breaches_is_told(forged: Path) -> None:
    Forger(forged).run(
        "UPDATE closing SET hash = zeroblob(32) WHERE seq = 1",
        "UPDATE leg SET cents = 3 * cents WHERE entry = 1020",
    )
    assert verify(forged).bad_line == 1000


def test_entries_of_several_legs_count_in_the_totals(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with Ledger(path, free=lambda _: 10**12) as ledger:
        cents = {"bank.clearing": 700, "purse.float": -500, "income.pool": -150, "suspense": -50}
        legs = tuple(Leg(account=name, cents=one) for name, one in cents.items())
        with ledger.transaction() as connection:
            entry = Entry(seq=1, kind="topup", subject="T-1", at=NOW, legs=legs)
            append(connection, [entry], after=GENESIS)
        Closings(ledger, DeviceKey(tmp_path)).close_period("day", "2026-11-30", at=NOW)
    report = verify(path)
    assert (report.sound, report.perpetual_cents, report.suspense_cents) == (True, 700, -50)
    assert "SUSPENSE IS NOT ZERO" in summary(report)
    for statement in ("SET place = 7 WHERE place = 3", "SET cents = -49 WHERE place = 3"):
        Forger(path).run(f"UPDATE leg {statement}")
        assert verify(path).bad_line == 1


def test_a_clock_set_back_is_told_and_is_no_breach(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    row = TopupRow(
        id="T-1",
        state=TopupState.CAPTURING,
        card="tag",
        amount=Money(500),
        provider="simulator",
        created_at=NOW,
        changed_at=NOW,
    )
    with Ledger(path, free=lambda _: 10**12) as ledger:
        closings = Closings(ledger, DeviceKey(tmp_path))
        for number, at in enumerate((NOW, NOW - timedelta(days=1)), 1):
            ledger.book_topup(replace(row, id=f"T-{number}"), at=at)
            closings.close_period("day", "2026-11-30", at=at)
    report = verify(path)
    assert report.sound
    assert (report.turned_back, report.closings_turned_back) == ((2,), (2,))
    assert "the clock went back 2 times" in summary(report)


def test_a_chain_can_be_verified_from_the_middle(sound: Path) -> None:
    with closing(sqlite3.connect(sound)) as connection:
        (head,) = connection.execute("SELECT hash FROM entry WHERE seq = 900").fetchone()
        report = walk_chain(connection, after=900, head=head)
        wrong = walk_chain(connection, after=900, head=GENESIS)
    assert (report.sound, report.entries) == (True, LINES)
    assert wrong.bad_line == 901


def test_a_version_of_the_future_is_no_sound_journal(forged: Path) -> None:
    Forger(forged).run("PRAGMA user_version = 9")
    assert "version 9" in verify(forged).reason


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_the_program_s_answer_is_its_exit_code(
    sound: Path, forged: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Forger(forged).run("UPDATE leg SET cents = 3 * cents WHERE entry = 7")
    head, key = verify(sound).head.hex(), DeviceKey(sound.parent).public_key.hex()
    assert main([str(sound), "--anchor", head, "--key", key, *options]) == 0
    assert main([str(forged), *options]) == 1
    assert "7" in capsys.readouterr().out
    assert main([str(forged.parent / "nothing.db"), *options]) == 2
    assert main([__file__, *options]) == 2


def test_a_journal_that_was_never_closed_is_sound_and_says_so(tmp_path: Path) -> None:
    Ledger(tmp_path / "ledger.db", free=lambda _: 10**12).close()
    report = verify(tmp_path / "ledger.db")
    assert (report.sound, report.closings, report.closed) == (True, 0, 0)
    assert summary(report).endswith("0 closings")


def test_the_file_is_itself_a_program(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["verify_ledger.py", str(sound)])
    with pytest.raises(SystemExit) as end:
        runpy.run_path(verify_ledger.__file__, run_name="__main__")
    assert end.value.code == 0
