"""A disk that is really full: the operating system refuses the journal's bytes (RLIMIT_FSIZE)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.errors import StorageFull
from kiosk.domain.payment import TopupState
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_read import verify_file
from tests.contracts.test_journal import FULL

BEGUN = replace(FULL, state=TopupState.CREATED)
# The child's files may grow no further than they are, and a little; SQLite is told by EFBIG.
CHILD = """
import resource, signal, sys
from dataclasses import replace
from pathlib import Path
from kiosk.domain.errors import StorageFull
from kiosk.store.ledger import LOG_BYTES, Ledger
from tests.contracts.test_journal import FULL, NOW

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
ledger = Ledger(Path(sys.argv[1]), free=lambda _: 10**12)
room = LOG_BYTES + 60_000
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
acknowledged = 0
for number in range(100_000):
    try:
        ledger.book_topup(replace(FULL, id=f"T-{number}"), at=NOW)
    except StorageFull:
        break
    acknowledged += 1
print(acknowledged)
"""
ROOT = Path(__file__).resolve().parents[4]


def test_a_disk_that_fills_up_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    acknowledged = int(done.stdout)
    report = verify_file(path)
    assert (report.sound, report.entries) == (True, acknowledged)
    assert acknowledged > 100


@pytest.mark.parametrize(("left", "begins"), [(99, False), (100, True)])
def test_money_begins_only_above_the_floor_that_is_set(
    tmp_path: Path, left: int, begins: bool
) -> None:
    def free(_: Path) -> int:
        return left

    with Ledger(tmp_path / "ledger.db", free=free, free_bytes_min=100) as ledger:
        assert _works(lambda: ledger.save_topup(BEGUN)) is begins
        assert _works(ledger.require_room) is begins


def _works(work: Callable[[], object]) -> bool:
    try:
        work()
    except StorageFull:
        return False
    return True
