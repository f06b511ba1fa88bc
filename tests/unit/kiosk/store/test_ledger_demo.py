"""The journal of the demonstration: sound, closed at its end, the same each time."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.domain.errors import InputRefused
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_demo import DAY_LINES, write_demo
from kiosk.store.verify_ledger import verify


@pytest.mark.parametrize("lines", [1, 2, DAY_LINES, DAY_LINES + 1])
def test_it_is_sound_and_its_last_closing_is_at_the_very_end(tmp_path: Path, lines: int) -> None:
    told: list[int] = []
    write_demo(tmp_path / "d.db", lines, DeviceKey(tmp_path), tick=told.append)
    report = verify(tmp_path / "d.db")
    assert (report.sound, report.entries, report.closed) == (True, lines, lines)
    assert told[-1] == lines
    assert report.turned_back == ()


def test_the_same_number_of_lines_gives_the_same_entries(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_demo(tmp_path / f"{name}.db", 50, DeviceKey(tmp_path / name))
    assert verify(tmp_path / "a.db").head == verify(tmp_path / "b.db").head


def test_months_are_closed_as_they_end(tmp_path: Path) -> None:
    write_demo(tmp_path / "d.db", 27 * DAY_LINES + 1, DeviceKey(tmp_path))
    with closing(sqlite3.connect(tmp_path / "d.db")) as connection:
        months = connection.execute("SELECT name FROM closing WHERE period = 'month'").fetchall()
    assert months == [("2026-01",), ("2026-02",)]


def test_a_kiosk_can_go_on_with_it(tmp_path: Path) -> None:
    write_demo(tmp_path / "d.db", 5, DeviceKey(tmp_path))
    Ledger(tmp_path / "d.db", free=lambda _: 10**12).close()


@pytest.mark.parametrize("lines", [0, -1, 10**9])
def test_an_absurd_number_of_lines_is_refused(tmp_path: Path, lines: int) -> None:
    with pytest.raises(InputRefused, match="lines"):
        write_demo(tmp_path / "d.db", lines, DeviceKey(tmp_path))


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "d.db").write_text("notes", encoding="utf-8")
    with pytest.raises(InputRefused, match="there already"):
        write_demo(tmp_path / "d.db", 5, DeviceKey(tmp_path))
