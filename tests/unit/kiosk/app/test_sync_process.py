"""The sync process: it fills the content, and never outlives the kiosk."""

from __future__ import annotations

import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from kiosk.app.console import Place
from kiosk.app.sync_process import LOG, serve
from kiosk.app.sync_state import command
from kiosk.store.database import ContentReader
from tests.conftest import MovedClock

AT = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
END_MAX_S = 30


def started(place: Place, root: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command(place, AT), cwd=root, stdin=subprocess.PIPE)


def await_line(place: Place, word: str) -> None:
    """Wait until the child's log says ``word``."""
    log = place.data / "log" / LOG
    until = time.monotonic() + END_MAX_S
    while time.monotonic() < until:
        if log.exists() and word in log.read_text():
            return
        time.sleep(0.05)
    pytest.fail(f"never said {word}")


def test_its_command_names_data_territory_and_moment() -> None:
    words = command(Place(data=Path("d"), territory="orne"), AT)
    assert words[-6:] == ["--data", "d", "--territory", "orne", "--at", AT.isoformat()]


def test_without_territory_and_moment_it_takes_the_configured_ones() -> None:
    assert command(Place(data=Path("d")), None)[-2:] == ["--data", "d"]


def test_it_fills_an_empty_kiosk_before_it_refreshes(tmp_path: Path, clock: MovedClock) -> None:
    stop = Event()
    stop.set()
    assert serve(Place(data=tmp_path), clock, stop) == 0
    reader = ContentReader(tmp_path / "content.db")
    assert reader.rows("SELECT count(*) FROM record")[0][0] > 100
    reader.close()


@pytest.mark.parametrize("end", ["sigterm", "sigint", "the kiosk's death"])
def test_it_ends_with_the_kiosk(root: Path, tmp_path: Path, end: str) -> None:
    place = Place(data=tmp_path)
    child = started(place, root)
    assert child.stdin is not None
    await_line(place, "worker.started")
    if end == "the kiosk's death":
        child.stdin.close()
    else:
        child.send_signal(signal.SIGTERM if end == "sigterm" else signal.SIGINT)
    assert child.wait(END_MAX_S) == 0
    child.stdin.close()


def test_a_territory_that_isn_t_there_is_told_and_ends_it(
    tmp_path: Path, clock: MovedClock
) -> None:
    assert serve(Place(data=tmp_path, territory="atlantis"), clock, Event()) == 2


def test_a_folder_that_can_t_be_written_is_told_and_ends_it(
    tmp_path: Path, clock: MovedClock
) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    assert serve(Place(data=file / "data"), clock, Event()) == 1
