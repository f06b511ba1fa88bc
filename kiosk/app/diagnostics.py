"""What ``alveole doctor`` finds: one finding a check, and what to do about it.

A check asks one thing of the machine, never raises, never needs the network, and takes no longer
than a few milliseconds. ``fail`` means that the kiosk can't do its main job; the absence of a
reader, a printer or a network is told but fails nothing: the kiosk works without them.
"""

from __future__ import annotations

import os
import platform
import shutil
import socket
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Literal

from cardreader.quirks import role_of
from kiosk.app.hub_link import HubLink
from kiosk.app.sync_state import last_state
from kiosk.domain.errors import AlveoleError, PaymentUnavailable
from kiosk.domain.freshness import State, judge
from kiosk.domain.standing import set_back
from kiosk.domain.territory import Dataset
from kiosk.ports import ServiceCache

State3 = Literal["ok", "warn", "fail"]

LIBRARIES = ("PySide6", "sqlite-utils", "qasync", "msgspec", "babel")
DISK_FAIL_BYTES, DISK_WARN_BYTES = 200_000_000, 1_000_000_000
CLOCK_EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)  # no release of this program is older
PCSC_SOCKET = Path("/run/pcscd/pcscd.comm")
TIME_SYNCED = Path("/run/systemd/timesync/synchronized")
ROUTES = Path("/proc/net/route")
ROUTES_BYTES_MAX = 100_000
PROBE_S = 0.2
HUB_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check: its state, what was found, and what to do ("" when nothing is to be done)."""

    check: str
    state: State3
    what: str
    do: str = ""


def versions() -> Finding:
    """Tell the versions; a library that isn't installed fails."""
    found = {name: _version(name) for name in ("alveole", *LIBRARIES)}
    if missing := [name for name in LIBRARIES if not found[name]]:
        what = f"not installed: {', '.join(missing)}"
        return Finding(check="versions", state="fail", what=what, do="run: make venv")
    words = [f"{name} {version}" for name, version in found.items() if version]
    words += [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    return Finding(check="versions", state="ok", what=", ".join([*words, platform.system()]))


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def disk(folder: Path) -> Finding:
    """Tell the room left for the data folder, and whether it can be written."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not os.access(there, os.W_OK) or not there.is_dir():
        do = "make the folder writable, or choose another with --data"
        return Finding(check="disk", state="fail", what=f"{there} can't be written", do=do)
    return judged_disk(there, shutil.disk_usage(there).free)


def judged_disk(folder: Path, free_bytes: int) -> Finding:
    """Judge the free room: below 200 MB money operations would be refused."""
    what = f"{free_bytes // 1_000_000} MB free at {folder}"
    if free_bytes < DISK_FAIL_BYTES:
        do = "free some room: money is refused on a full disk"
        return Finding(check="disk", state="fail", what=what, do=do)
    if free_bytes < DISK_WARN_BYTES:
        return Finding(check="disk", state="warn", what=what, do="free some room soon")
    return Finding(check="disk", state="ok", what=what)


def clock(now: datetime, synced: Path = TIME_SYNCED) -> Finding:
    """Tell the time; a clock older than the program was never set."""
    if now < CLOCK_EARLIEST:
        do = "set the clock (timedatectl set-time), then check its battery"
        return Finding(check="clock", state="fail", what=f"it says {now.isoformat()}", do=do)
    how = "synchronised" if synced.exists() else "not known to be synchronised"
    return Finding(check="clock", state="ok", what=f"{now.isoformat(timespec='seconds')}, {how}")


def reader(pcsc: Path = PCSC_SOCKET) -> Finding:
    """Tell whether PC/SC answers; its absence is no failure: the demo has a virtual reader."""
    if not pcsc.exists():
        do = "for a real reader: apt install pcscd, then systemctl enable --now pcscd.socket"
        return Finding(check="reader", state="warn", what="no PC/SC service on this machine", do=do)
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(PROBE_S)
            probe.connect(str(pcsc))
    except OSError as wrong:
        do = "systemctl restart pcscd.socket"
        return Finding(check="reader", state="warn", what=f"PC/SC doesn't answer: {wrong}", do=do)
    return Finding(check="reader", state="ok", what="PC/SC answers")


def readers(names: Sequence[str], pattern: str) -> Finding:
    """Tell which of the readers that are plugged in is the citizen's."""
    ours = [name for name in names if role_of(name, pattern) == "citizen"]
    if not names:
        do = "plug one in; `alveole card readers` lists them"
        return Finding(check="readers", state="warn", what="none is plugged in", do=do)
    if len(ours) != 1:
        what = f"{len(ours)} of {len(names)} readers are the citizen's: {', '.join(names)}"
        do = "name one in settings.toml: reader_pattern"
        return Finding(check="readers", state="warn", what=what, do=do)
    what = f"{ours[0]} is the citizen's, of {len(names)}"
    return Finding(check="readers", state="ok", what=what)


def printer(word: str) -> Finding:
    """Tell how the printer of the setting stands; the kiosk works without one."""
    from kiosk.devices.printer.port import probed
    from kiosk.domain.printing import PrinterState, printer_address

    if word == "none":
        what = "none: receipts go to the phone, or are not taken"
        return Finding(check="printer", state="ok", what=what)
    found = probed(printer_address(word), PROBE_S)
    todo = {
        PrinterState.PAPER_LOW: "put in a new roll soon",
        PrinterState.PAPER_OUT: "put in a new roll",
        PrinterState.ABSENT: "check its cable, its power and the setting printer",
    }
    state: State3 = "warn" if found in todo else "ok"
    what = f"{word}: {found.replace('_', ' ')}"
    return Finding(check="printer", state=state, what=what, do=todo.get(found, ""))


def voice() -> Finding:
    """Tell whether the kiosk can be heard; without, it shows captions."""
    from kiosk.devices.voice import missing

    if absent := missing():
        what = f"not installed: {', '.join(absent)}; captions alone"
        do = "apt install espeak-ng alsa-utils"
        return Finding(check="voice", state="warn", what=what, do=do)
    return Finding(check="voice", state="ok", what="espeak-ng, played by aplay")


def training(*, on: bool) -> list[Finding]:
    """Tell that the kiosk is in training: nothing that is done there is worth anything."""
    what, do = "on: no money is taken", "end it: training = false in settings.toml"
    return [Finding(check="training", state="warn", what=what, do=do)] if on else []


def payments(link: HubLink | None) -> Finding:
    """Tell whether the hub that takes this kiosk's payments answers, and with what it does."""
    if link is None:
        what = "simulated on this kiosk: no money is moved"
        return Finding(check="payments", state="ok", what=what)
    try:
        provider = link.gateway(timeout_s=HUB_S).provider()
    except PaymentUnavailable as silent:
        do = "start it: alveole hub serve; until then codes are offered"
        return Finding(check="payments", state="warn", what=f"{link.url}: {silent}", do=do)
    what = f"the hub at {link.url} answers and takes money with {provider}"
    return Finding(check="payments", state="ok", what=what)


def network(routes: Path = ROUTES) -> Finding:
    """Tell whether there is a default route; the kiosk doesn't need one."""
    try:
        with routes.open(encoding="ascii", errors="replace") as file:
            lines = file.read(ROUTES_BYTES_MAX).splitlines()[1:]
    except OSError:
        lines = []
    default = any(line.split()[1:2] == ["00000000"] for line in lines)
    what = "there is a default route" if default else "none: the kiosk shows the last good data"
    return Finding(check="network", state="ok", what=what)


def display(environment: Mapping[str, str]) -> Finding:
    """Tell where the window would open."""
    named = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
    where = next((f"{name}={environment[name]}" for name in named if environment.get(name)), "")
    if where or sys.platform == "darwin":
        return Finding(check="display", state="ok", what=where or "the desktop's")
    do = "start it in a session with a screen; `alveole tour` needs none"
    return Finding(check="display", state="warn", what="no display in this session", do=do)


def sync(folder: Path, now: datetime) -> Finding:
    """Tell whether the sync process kept ending since the kiosk was started."""
    state = last_state(folder)
    if state is None:
        return Finding(check="sync", state="ok", what="its process never ended by itself")
    ago = spoken_age(now - state.at)
    what = f"its process ended {state.restarts} times, last {ago} ago, exit code {state.exit_code}"
    return Finding(check="sync", state="warn", what=what, do=f"see {folder / 'log'}/sync.jsonl")


def closings(folder: Path) -> Finding:
    """Tell when the journal was last closed, and whether its suspense account is empty."""
    from kiosk.store.ledger_closings import closed
    from kiosk.store.ledger_read import open_to_read

    file = folder / "ledger.db"
    if not file.exists():
        return Finding(check="closings", state="ok", what="no journal yet")
    try:
        with open_to_read(file) as connection:
            found = closed(connection)
    except (sqlite3.Error, OSError, AlveoleError) as wrong:
        do = f"alveole ledger verify {file}"
        return Finding(check="closings", state="warn", what=f"can't be read: {wrong}", do=do)
    last = f"day {found.last.name}, closing {found.last.number}" if found.last else "never"
    what = (
        f"last: {last}; {found.open_entries} entries since; suspense {found.suspense_cents} cents"
    )
    if found.suspense_cents:
        do = "find the entries that stand in suspense: alveole ledger export"
        return Finding(check="closings", state="warn", what=what, do=do)
    return Finding(check="closings", state="ok", what=what)


def journal_clock(folder: Path, now: datetime) -> Finding:
    """Tell whether the clock stands before the journal's last line: money is closed then."""
    from kiosk.store.ledger_closings import written_at
    from kiosk.store.ledger_read import open_to_read

    file, check, written = folder / "ledger.db", "journal-clock", None
    try:
        if file.exists():
            with open_to_read(file) as connection:
                written = written_at(connection)
    except (sqlite3.Error, OSError) as wrong:
        do = f"alveole ledger verify {file}"
        return Finding(check=check, state="warn", what=f"can't be read: {wrong}", do=do)
    if written is None or not set_back(written, now):
        return Finding(check=check, state="ok", what="not before the journal's last line")
    what = f"before the journal's last line ({written.isoformat(timespec='seconds')}): money closed"
    do = "set the clock; if it is right, stop the kiosk and close the day: alveole ledger close"
    return Finding(check=check, state="fail", what=what, do=do)


def set_aside(folder: Path) -> Finding:
    """Tell the damaged content databases that were set aside."""
    found = sorted(file.name for file in folder.glob("content.db.damaged-*"))
    if not found:
        return Finding(check="content", state="ok", what="no content database was set aside")
    what = f"damaged and set aside, rebuilt from the pack: {', '.join(found)}"
    do = f"check the disk, then delete them from {folder}"
    return Finding(check="content", state="warn", what=what, do=do)


def data_age(dataset: Dataset, cache: ServiceCache, now: datetime) -> Finding:
    """Tell how old a dataset is; absent or past its date is a warning."""
    check = f"data:{dataset.id}"
    observed_at = cache.observed_at(dataset.id)
    if observed_at is None:
        by_hand = f"alveole import {dataset.connector} FILE --dataset {dataset.id}"
        do = "start the kiosk once: its pack fills it" if dataset.seed else f"import it: {by_hand}"
        return Finding(check=check, state="warn", what="absent", do=do)
    fresh = judge(observed_at, now, dataset.policy, demo=dataset.demo)
    mark = ", demonstration data" if dataset.demo else ""
    what = f"{cache.count(dataset.id)} records, observed {spoken_age(fresh.age)} ago{mark}"
    if fresh.state in {State.LAST_GOOD, State.ABSENT}:
        do = f"older than believed ({dataset.policy.stale_s} s): import newer data"
        return Finding(check=check, state="warn", what=what, do=do)
    return Finding(check=check, state="ok", what=what)


def spoken_age(age: timedelta) -> str:
    """Give an age in its largest unit."""
    seconds = max(int(age.total_seconds()), 0)
    for unit, length in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} seconds"


def machine(folder: Path, now: datetime) -> list[Finding]:
    """Run the checks that need neither settings nor a territory."""
    return [
        versions(),
        disk(folder),
        clock(now),
        display(os.environ),
        reader(),
        voice(),
        network(),
        closings(folder),
        journal_clock(folder, now),
        set_aside(folder),
        sync(folder, now),
    ]


def verdict(findings: Sequence[Finding]) -> int:
    """Give the exit code: 1 when a check fails."""
    return int(any(finding.state == "fail" for finding in findings))
