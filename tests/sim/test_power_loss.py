"""The power goes at any write: FULL loses nothing that was acknowledged, NORMAL and OFF do."""

from __future__ import annotations

import random
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.ledger import GENESIS, Entry, Leg
from kiosk.store.durable import DURABLE
from kiosk.store.ledger_entries import append
from kiosk.store.ledger_schema import IDENTITY, SCHEMA
from kiosk.store.verify_ledger import walk_chain

apsw: Any = pytest.importorskip("apsw", reason="apsw (dev group) isn't installed here")
from tests.sim.power import Disk  # noqa: E402  # needs apsw

IMAGES = 1000  # of FULL; a tenth for each control
COMMITS = 12  # a run: some of them between two checkpoints
CHECKPOINT_PAGES = 30
AT = datetime(2026, 11, 30, tzinfo=UTC)
LEGS = (Leg(account="bank.clearing", cents=2000), Leg(account="purse.float", cents=-2000))


class Cut:
    """Runs of a journal whose power goes; counts how the images of the disk came out."""

    def __init__(self, folder: Path, pragmas: tuple[str, ...], seed: int) -> None:
        self._folder = folder
        self._pragmas = pragmas
        self._chance = random.Random(seed)
        self._acknowledged = 0
        self.found: Counter[str] = Counter()

    def until(self, images: int) -> Counter[str]:
        """Run anew until so many images were looked at; at most one run an image."""
        for run in range(images):
            if self.found.total() >= images:
                break
            self._run(Disk(f"power-{id(self)}-{run}"))
        return self.found

    def _run(self, disk: Disk) -> None:
        connection = apsw.Connection("ledger.db", vfs=disk.name)
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute(f"BEGIN; {IDENTITY} {SCHEMA} COMMIT;")
        for pragma in self._pragmas:
            connection.execute(pragma)
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for stored in disk.files.values():
            stored.sync()
        self._acknowledged, head = 0, GENESIS
        disk.on_event = lambda: self._look(disk)
        for seq in range(1, COMMITS + 1):
            entry = Entry(seq=seq, kind="topup", subject=f"T-{seq}", at=AT, legs=LEGS)
            connection.execute("BEGIN IMMEDIATE")
            head = append(connection, [entry], after=head)
            connection.execute("COMMIT")
            self._acknowledged = seq
            self._look(disk)
        disk.on_event = lambda: None
        connection.close()
        disk.unregister()

    def _look(self, disk: Disk) -> None:
        """Take an image at some of the moments, and open it as after the cut."""
        if self._chance.random() < 0.5:
            return
        for old in self._folder.iterdir():
            old.unlink()
        disk.image(self._folder, self._chance)
        self.found[self._judge()] += 1

    def _judge(self) -> str:
        with closing(sqlite3.connect(self._folder / "ledger.db")) as connection:
            try:
                connection.execute("PRAGMA synchronous = OFF")  # of the judge, not of the judged
                (state,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
                report = walk_chain(connection)
            except sqlite3.DatabaseError:
                return "damaged"
        if state != "ok" or not report.sound:
            return "damaged"
        return "lost" if report.entries < self._acknowledged else "sound"


def cut(tmp_path: Path, pragmas: tuple[str, ...], images: int) -> Counter[str]:
    return Cut(tmp_path, pragmas, seed=5).until(images)


def instead(level: str) -> tuple[str, ...]:
    """Give the journal's own settings with another ``synchronous``."""
    return tuple(one.replace("FULL", level) for one in DURABLE)


def test_the_journal_s_own_settings_lose_nothing_acknowledged(tmp_path: Path) -> None:
    found = cut(tmp_path, DURABLE, IMAGES)
    assert found.total() >= IMAGES
    assert set(found) == {"sound"}


def test_normal_loses_what_was_acknowledged(tmp_path: Path) -> None:
    found = cut(tmp_path, instead("NORMAL"), IMAGES // 10)
    assert found["lost"] > 0
    assert found["damaged"] == 0


def test_off_loses_and_damages(tmp_path: Path) -> None:
    found = cut(tmp_path, instead("OFF"), IMAGES // 2)
    assert found["lost"] > 0
    assert found["damaged"] > 0
