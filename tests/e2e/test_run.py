"""The program itself, as it is started: it paints, fills its content, and ends when told."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

START_MAX_S, END_MAX_S = 60, 15


class Program:
    """A kiosk running in a process of its own."""

    def __init__(self, root: Path, data: Path, *words: str, **variables: str) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, str(root / "main.py"), "--data", str(data), *words],
            cwd=root,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def lines(self, name: str = "alveole.jsonl") -> list[dict[str, object]]:
        log = self.data / "log" / name
        text = log.read_text(encoding="utf-8") if log.exists() else ""
        return [json.loads(line) for line in text.splitlines()]

    def said(self, event: str, name: str = "alveole.jsonl") -> bool:
        return any(line["event"] == event for line in self.lines(name))

    def wait_for(self, what: Callable[[], bool]) -> None:
        until = time.monotonic() + START_MAX_S
        while not what():
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < until, "it never came"
            time.sleep(0.05)

    def records(self) -> int:
        path = self.data / "content.db"
        if not path.exists():
            return 0
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            try:
                return int(connection.execute("SELECT count(*) FROM record").fetchone()[0])
            except sqlite3.DatabaseError:
                return 0

    def end(self, number: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(number)
        _, complaint = self.process.communicate(timeout=END_MAX_S)
        return self.process.returncode, complaint.decode()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@pytest.fixture
def programs() -> Iterator[list[Program]]:
    started: list[Program] = []
    yield started
    for one in started:
        one.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_paints_fills_its_content_and_ends_cleanly(
    root: Path, tmp_path: Path, programs: list[Program], number: signal.Signals
) -> None:
    kiosk = Program(root, tmp_path, "run", "--size", "540x960")
    programs.append(kiosk)
    kiosk.wait_for(lambda: kiosk.said("kiosk.painted"))
    kiosk.wait_for(lambda: kiosk.said("worker.started", "sync.jsonl"))
    assert kiosk.records() > 100
    assert kiosk.end(number) == (0, "")
    assert kiosk.said("kiosk.ended")
    assert kiosk.said("worker.stopped", "sync.jsonl")


def test_its_sync_process_dies_with_it(root: Path, tmp_path: Path, programs: list[Program]) -> None:
    kiosk = Program(root, tmp_path, "run")
    programs.append(kiosk)
    kiosk.wait_for(lambda: kiosk.said("worker.started", "sync.jsonl"))
    kiosk.process.kill()
    kiosk.process.communicate()
    until = time.monotonic() + END_MAX_S
    while not kiosk.said("worker.stopped", "sync.jsonl"):
        assert time.monotonic() < until, "the sync process lives on"
        time.sleep(0.05)


def test_damaged_content_and_a_damaged_journal_stop_nothing(
    root: Path, tmp_path: Path, programs: list[Program]
) -> None:
    (tmp_path / "content.db").write_bytes(b"rubbish" * 1000)
    (tmp_path / "ledger.db").write_bytes(b"rubbish" * 1000)
    kiosk = Program(root, tmp_path, "run", "--at", "2026-11-22T10:42")
    programs.append(kiosk)
    kiosk.wait_for(lambda: kiosk.records() > 100)
    assert list(tmp_path.glob("content.db.damaged-*"))
    assert (tmp_path / "ledger.db").read_bytes().startswith(b"rubbish")
    assert kiosk.end(signal.SIGTERM)[0] == 0


def test_a_data_folder_that_can_t_be_made_stops_nothing(
    root: Path, tmp_path: Path, programs: list[Program]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    kiosk = Program(root, tmp_path / "file" / "data", "run")
    programs.append(kiosk)
    assert kiosk.process.stderr is not None
    assert b"no log is written" in kiosk.process.stderr.readline()
    assert kiosk.end(signal.SIGTERM)[0] == 0
