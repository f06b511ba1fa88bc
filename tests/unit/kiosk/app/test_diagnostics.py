"""Doctor's checks: what each finds, and that the kiosk's absent luxuries fail nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.app import diagnostics
from kiosk.app.diagnostics import Finding, State3
from kiosk.app.sync_state import State, write_state
from kiosk.domain.freshness import Policy
from kiosk.domain.record import Geo, Record
from kiosk.domain.territory import Dataset
from kiosk.store.content import ContentWriter
from kiosk.store.database import ContentReader
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_closings import Closings
from kiosk.store.records import RecordStore
from tests.conftest import MovedClock
from tests.contracts.test_journal import FULL
from tests.contracts.test_journal import NOW as BOOKED
from tests.journals import Forger
from tests.printers import END, NEAR_END, READY, PrinterOnTheNetwork

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
POOLS = Dataset(
    id="pools",
    title={"fr": "Piscines"},
    kind="place",
    connector="geojson",
    source="mairie",
    licence="Licence Ouverte 2.0",
    policy=Policy(stale_s=86_400),
    demo=True,
)


def test_versions_name_the_interpreter_and_the_libraries() -> None:
    found = diagnostics.versions()
    assert found.state == "ok"
    assert "PySide6" in found.what
    assert "SQLite" in found.what


def test_a_missing_library_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnostics, "LIBRARIES", ("no-such-library",))
    found = diagnostics.versions()
    assert (found.state, found.do) == ("fail", "run: make venv")
    assert "no-such-library" in found.what


@pytest.mark.parametrize(
    ("free", "state"),
    [(10**12, "ok"), (10**9, "ok"), (999_999_999, "warn"), (199_999_999, "fail"), (0, "fail")],
)
def test_a_filling_disk_warns_then_fails(free: int, state: State3) -> None:
    found = diagnostics.judged_disk(Path("/data"), free)
    assert found.state == state
    assert bool(found.do) is (state != "ok")


def test_a_data_folder_that_is_still_to_be_made_is_judged_by_its_parent(tmp_path: Path) -> None:
    assert str(tmp_path) in diagnostics.disk(tmp_path / "new" / "data").what


def test_a_file_in_the_place_of_the_data_folder_fails(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert diagnostics.disk(tmp_path / "data").state == "fail"


@pytest.mark.parametrize(
    ("now", "state"), [(NOW, "ok"), (datetime(1970, 1, 1, tzinfo=UTC), "fail")]
)
def test_a_clock_that_was_never_set_fails(tmp_path: Path, now: datetime, state: State3) -> None:
    assert diagnostics.clock(now, tmp_path / "absent").state == state


def test_a_synchronised_clock_is_told(tmp_path: Path) -> None:
    assert diagnostics.clock(NOW, tmp_path).what.endswith(", synchronised")


@pytest.fixture
def short(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to bind sockets in by a relative, short name (they hold 107 bytes)."""
    folder = tmp_path_factory.mktemp("s")
    monkeypatch.chdir(folder)
    return Path()


@pytest.fixture
def service(short: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(short / "pcscd.comm"))
        yield listener


def test_a_machine_without_pcsc_is_told_and_fails_nothing(tmp_path: Path) -> None:
    found = diagnostics.reader(tmp_path / "pcscd.comm")
    assert found.state == "warn"
    assert "apt install pcscd" in found.do


def test_pcsc_that_answers_is_fine(service: socket.socket, short: Path) -> None:
    service.listen()
    assert diagnostics.reader(short / "pcscd.comm").state == "ok"


@pytest.mark.parametrize(
    ("names", "pattern", "state"),
    [
        ((), "", "warn"),
        (("Virtual PCD 00 00",), "", "ok"),
        (("Virtual PCD 00 00", "Virtual PCD 00 01"), "", "warn"),
        (("Virtual PCD 00 00", "Virtual PCD 00 01"), "*00 01", "ok"),
        (("Virtual PCD 00 00",), "ACS*", "warn"),
        (("R [R PICC] 00 00", "R [R SAM] 01 00"), "", "ok"),
    ],
)
def test_the_citizens_reader_must_be_one(names: Sequence[str], pattern: str, state: str) -> None:
    found = diagnostics.readers(names, pattern)
    assert found.state == state
    assert bool(found.do) is (state == "warn")


def test_pcsc_that_is_stuck_is_told(service: socket.socket, short: Path) -> None:
    found = diagnostics.reader(short / "pcscd.comm")  # bound, but nobody listens
    assert found.state == "warn"
    assert "restart" in found.do


@pytest.mark.parametrize(
    ("routes", "word"),
    [
        ("Iface Destination Gateway\neth0 00000000 0101A8C0\n", "default route"),
        ("Iface Destination Gateway\neth0 0001A8C0 00000000\n", "last good data"),
        ("", "last good data"),
        (None, "last good data"),
    ],
)
def test_the_absence_of_a_network_fails_nothing(
    tmp_path: Path, routes: str | None, word: str
) -> None:
    file = tmp_path / "route"
    if routes is not None:
        file.write_text(routes)
    found = diagnostics.network(file)
    assert found.state == "ok"
    assert word in found.what


@pytest.mark.parametrize(
    ("environment", "state"),
    [
        ({}, "warn"),
        ({"DISPLAY": ""}, "warn"),
        ({"DISPLAY": ":0"}, "ok"),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "ok"),
        ({"QT_QPA_PLATFORM": "linuxfb"}, "ok"),
    ],
)
def test_a_session_without_a_display_is_told(environment: dict[str, str], state: State3) -> None:
    assert diagnostics.display(environment).state == state


def test_a_kiosk_without_a_printer_is_fine() -> None:
    found = diagnostics.printer("none")
    assert (found.state, found.what[:4]) == ("ok", "none")


@pytest.mark.parametrize(
    ("paper", "state", "do"),
    [(READY, "ok", ""), (NEAR_END, "warn", "new roll soon"), (END, "warn", "new roll")],
)
def test_a_printer_tells_its_paper(paper: int, state: State3, do: str) -> None:
    far = PrinterOnTheNetwork(paper=paper)
    found = diagnostics.printer(f"network:{far.address.host}:{far.address.port}")
    far.close()
    assert found.state == state
    assert do in found.do


def test_a_printer_that_doesn_t_answer_is_told_and_fails_nothing() -> None:
    found = diagnostics.printer("usb:0000:0000")
    assert (found.state, found.what) == ("warn", "usb:0000:0000: absent")
    assert "cable" in found.do


@pytest.mark.parametrize(("absent", "state"), [([], "ok"), (["aplay"], "warn")])
def test_a_kiosk_that_can_t_be_heard_is_told(
    monkeypatch: pytest.MonkeyPatch, absent: list[str], state: State3
) -> None:
    monkeypatch.setattr("kiosk.devices.voice.missing", lambda: absent)
    found = diagnostics.voice()
    assert found.state == state
    assert ("apt install" in found.do) is bool(absent)


def test_a_database_that_was_set_aside_is_told(tmp_path: Path) -> None:
    assert diagnostics.set_aside(tmp_path).state == "ok"
    (tmp_path / "content.db.damaged-20261122T094200").write_bytes(b"")
    found = diagnostics.set_aside(tmp_path)
    assert found.state == "warn"
    assert "content.db.damaged-20261122T094200" in found.what


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[RecordStore]:
    record = Record(
        id="alencea",
        dataset="pools",
        kind="place",
        title={"fr": "Alencéa"},
        source="mairie",
        licence="Licence Ouverte 2.0",
        observed_at=NOW,
        geo=Geo(lat=48.4, lon=0.1),
    )
    with ContentWriter(tmp_path / "content.db") as writer:
        writer.replace_dataset(POOLS, [record], observed_at=NOW, imported_at=NOW)
    reader = ContentReader(tmp_path / "content.db")
    yield RecordStore(reader, MovedClock(NOW))
    reader.close()


def test_fresh_data_tell_their_number_and_age(cache: RecordStore) -> None:
    found = diagnostics.data_age(POOLS, cache, NOW + timedelta(hours=3))
    assert found == Finding(
        check="data:pools",
        state="ok",
        what="1 records, observed 3 hours ago, demonstration data",
    )


def test_data_older_than_believed_are_a_warning(cache: RecordStore) -> None:
    found = diagnostics.data_age(POOLS, cache, NOW + timedelta(days=2))
    assert found.state == "warn"
    assert "2 days ago" in found.what


@pytest.mark.parametrize(("seed", "do"), [("", "alveole import geojson"), ("pools.toml", "start")])
def test_absent_data_say_how_to_get_them(cache: RecordStore, seed: str, do: str) -> None:
    found = diagnostics.data_age(replace(POOLS, id="other", seed=seed), cache, NOW)
    assert (found.state, found.what) == ("warn", "absent")
    assert do in found.do


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 seconds"),
        (59, "59 seconds"),
        (60, "1 minutes"),
        (7200, "2 hours"),
        (200_000, "2 days"),
    ],
)
def test_an_age_is_spoken_in_its_largest_unit(seconds: int, words: str) -> None:
    assert diagnostics.spoken_age(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("states", "code"),
    [(["ok"], 0), (["ok", "warn"], 0), (["warn", "fail", "ok"], 1), ([], 0)],
)
def test_only_a_failure_is_the_answer_no(states: list[State3], code: int) -> None:
    findings = [Finding(check="x", state=state, what="") for state in states]
    assert diagnostics.verdict(findings) == code


def test_the_machines_checks_all_have_names_of_their_own(tmp_path: Path) -> None:
    names = [finding.check for finding in diagnostics.machine(tmp_path, NOW)]
    assert len(names) == len(set(names))


def test_a_sync_process_that_never_ended_is_fine(tmp_path: Path) -> None:
    assert diagnostics.sync(tmp_path, NOW).state == "ok"


def test_a_sync_process_that_keeps_ending_is_told_with_its_log(tmp_path: Path) -> None:
    write_state(tmp_path, State(restarts=3, exit_code=2, at=NOW - timedelta(minutes=5)))
    found = diagnostics.sync(tmp_path, NOW)
    assert found.state == "warn"
    assert found.what == "its process ended 3 times, last 5 minutes ago, exit code 2"
    assert "sync.jsonl" in found.do


def test_the_last_closing_and_the_suspense_are_told(tmp_path: Path) -> None:
    assert diagnostics.closings(tmp_path).what == "no journal yet"
    with Ledger(tmp_path / "ledger.db", free=lambda _: 10**12) as ledger:
        ledger.book_topup(FULL, at=BOOKED)
        assert "last: never; 1 entries since" in diagnostics.closings(tmp_path).what
        Closings(ledger, DeviceKey(tmp_path)).close_period("day", "2026-11-22", at=BOOKED)
    found = diagnostics.closings(tmp_path)
    assert (found.state, found.what) == (
        "ok",
        "last: day 2026-11-22, closing 1; 0 entries since; suspense 0 cents",
    )


def test_cents_in_suspense_are_a_warning(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.db", free=lambda _: 10**12) as ledger:
        ledger.book_topup(FULL, at=BOOKED)
    Forger(tmp_path / "ledger.db").run("UPDATE leg SET account = 'suspense' WHERE place = 0")
    found = diagnostics.closings(tmp_path)
    assert (found.state, "suspense 2000 cents" in found.what) == ("warn", True)


def test_a_clock_before_the_journal_s_last_line_is_told(tmp_path: Path) -> None:
    early, states = BOOKED - timedelta(days=3), []
    states.append(diagnostics.journal_clock(tmp_path, early).state)
    with Ledger(tmp_path / "ledger.db", free=lambda _: 10**12) as ledger:
        ledger.book_topup(FULL, at=BOOKED)
    states += [diagnostics.journal_clock(tmp_path, now).state for now in (BOOKED, early)]
    assert states == ["ok", "ok", "fail"]
    assert "alveole ledger close" in diagnostics.journal_clock(tmp_path, early).do


def test_a_journal_that_can_t_be_read_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"no journal")
    assert diagnostics.journal_clock(tmp_path, BOOKED).state == "warn"
    assert diagnostics.closings(tmp_path).state == "warn"
