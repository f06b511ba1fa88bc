"""The drill of a restore: a backup comes back in a scratch place, and a kiosk lives on it.

Rules:
1. The running hub is read once, for the backup; all else happens in a folder that is thrown away,
   on loopback, by the commands that a real restore takes, each in a process of its own.
2. The scratch hub has a root key of its own, so nothing of it could pass for the real one.
3. A step that fails ends the drill; what it said is told.
"""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from kiosk.app.console import ROOT
from kiosk.domain.errors import HubUnavailable

if TYPE_CHECKING:
    from kiosk.domain.sealed import Signer
    from sync.hub.keeping.archive import Backup

_Shape = TypeVar("_Shape", bound=msgspec.Struct)
EVENTS: Final = 40  # lines of the drill kiosk's journal; each becomes an event or a part of one
COMMAND_S: Final = 600
LINES_MAX: Final = 50  # of what a served hub says before it listens
ASK_S: Final = 60
ANSWER_BYTES_MAX: Final = 20_000
KIOSK: Final = "drill"
FILE: Final = "drill.alvbackup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step and what it found."""

    name: str
    ok: bool
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """The report."""

    began_at: str
    seconds: int
    ok: bool
    steps: tuple[Step, ...]


@dataclass(slots=True, kw_only=True)
class _Report:
    steps: list[Step] = field(default_factory=list["Step"])

    def say(self, name: str, told: str, *, ok: bool = True) -> None:
        """Note a step; raises HubUnavailable when it failed."""
        self.steps.append(Step(name=name, ok=ok, told=told))
        if not ok:
            raise HubUnavailable(told)


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What `hub restore --json` tells."""

    rows: int
    files: int
    territories: dict[str, int]
    records: dict[str, int]
    datasets: int
    closings: int
    odd: tuple[str, ...]


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """One dataset that the kiosk holds."""

    id: str
    records: int


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """How far the kiosk's events are at the hub."""

    acked: int
    last: int


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What `sync status --json` tells."""

    datasets: list[Copy]
    events: Told


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """What `hub serve --json` tells."""

    url: str


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """The hub's answer to a kiosk that asks to be let in."""

    device_code: str
    user_code: str


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """The hub's answer to a kiosk that was let in."""

    kiosk: str


def drill(back_up: Callable[[Path], Backup], packs: Path, *, database: str = "") -> Drill:
    """Run the drill; ``database`` is the address of an empty PostgreSQL database, "" for SQLite.

    ``packs`` is the folder of the hub's installed territories, for the kiosk of the drill.
    """
    report, began = _Report(), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="alveole-drill-") as folder:
        try:
            _run(Path(folder), back_up, (packs, database), report)
        except (OSError, subprocess.SubprocessError, msgspec.DecodeError, HubUnavailable) as wrong:
            if all(step.ok for step in report.steps):  # else the step has said it
                report.steps.append(Step(name="drill", ok=False, told=str(wrong)[:500]))
    return Drill(
        began_at=began.isoformat(),
        seconds=round((datetime.now(UTC) - began).total_seconds()),
        ok=all(step.ok for step in report.steps),
        steps=tuple(report.steps),
    )


def _run(
    folder: Path, back_up: Callable[[Path], Backup], there: tuple[Path, str], report: _Report
) -> None:
    packs, database = there
    made = back_up(folder / FILE)
    rows = sum(made.rows.values())
    report.say("backup", f"{rows} rows, {made.blobs} blobs, {made.photos} photos, sha256 holds")
    report.say("disk", ", ".join(made.damaged) or "no damaged piece", ok=not made.damaged)
    hub = _Commands(folder / "hub", database)
    back = hub.ask(Restored, "hub", "restore", str(folder / FILE), "--new-root")
    report.say("restore", f"{back.rows} of {rows} rows, {back.files} pieces", ok=back.rows == rows)
    sound = f"{back.datasets} datasets and {back.closings} closings as they were signed"
    report.say("content", ", ".join(back.odd) or sound, ok=not back.odd)
    if not back.territories:
        return
    slug = min(back.territories)
    if packs.is_dir():
        (folder / KIOSK).mkdir()
        (folder / KIOSK / packs.name).symlink_to(packs)
    with _served(hub) as url:
        _live(folder, hub, (url, slug, back.records[slug]), report)


def _live(folder: Path, hub: _Commands, there: tuple[str, str, int], report: _Report) -> None:
    """Enrol a kiosk at the restored hub, and let it take and tell."""
    from kiosk.store.device_key import DeviceKey
    from kiosk.store.ledger_demo import write_demo
    from kiosk.store.sync_store import FILE as STATE
    from kiosk.store.sync_store import SyncStore

    url, slug, published = there
    kiosk = _Commands(folder / KIOSK, "", territory=slug)
    key = DeviceKey(kiosk.data)
    asked = {"territory": slug, "name": KIOSK, "algorithm": "ed25519"}
    begun = _post(f"{url}/v1/enrol", {**asked, "public_key": key.public_key.hex()}, key, Begun)
    hub.output("hub", "enrol-code", begun.user_code, "--approve")
    poll = {"device_code": begun.device_code, "public_key": key.public_key.hex()}
    enrolled = _post(f"{url}/v1/enrol/token", poll, key, Enrolled)
    with SyncStore(kiosk.data / STATE) as store:
        store.set_device(enrolled.kiosk)
    report.say("enrolment", f"a kiosk of {slug} was let in")
    write_demo(kiosk.data / "ledger.db", EVENTS, key)
    for _ in range(2):  # the second time nothing more may be told
        kiosk.output("sync", "once", "--hub", url)
    status = kiosk.ask(Status, "sync", "status")
    records = sum(one.records for one in status.datasets)
    report.say("sync", f"{records} of {published} records came", ok=records >= published)
    told = status.events
    sent = f"{told.acked} of {told.last} events acknowledged, each once"
    report.say("events", sent, ok=told.acked == told.last > 0)


class _Commands:
    """Runs commands on one data folder of the drill, free of the real hub's settings."""

    def __init__(self, data: Path, database: str, *, territory: str = "") -> None:
        data.mkdir(exist_ok=True)
        self.data = data
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("ALVEOLE_") and name != "DATABASE_URL"
        }
        if database:
            self.environment["DATABASE_URL"] = database
        if territory:
            self.environment["ALVEOLE_TERRITORY"] = territory
        else:
            (data / "hub.toml").write_text("", encoding="utf-8")  # not the real one's address

    def call(self, *words: str) -> list[str]:
        """Give a command's words."""
        return [sys.executable, str(ROOT / "main.py"), *words, "--data", str(self.data)]

    def output(self, *words: str) -> str:
        """Run a command; raises HubUnavailable with what it complained of."""
        done = subprocess.run(  # noqa: S603  # our own programme's words
            self.call(*words),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=COMMAND_S,
            check=False,
        )
        if done.returncode != 0:
            raise HubUnavailable(f"{' '.join(words[:2])}: {done.stderr.strip()[-300:]}")
        return done.stdout

    def ask(self, kind: type[_Shape], *words: str) -> _Shape:
        """Run a command that answers with one JSON document."""
        said = self.output(*words, "--json")
        return msgspec.json.decode(said[max(said.find("{"), 0) :], type=kind)


@contextmanager
def _served(hub: _Commands) -> Generator[str]:
    """Serve the scratch hub on loopback; gives its address."""
    words = hub.call("hub", "serve", "--json")
    with subprocess.Popen(  # noqa: S603  # our own programme's words
        words, env=hub.environment, stdout=subprocess.PIPE, text=True
    ) as child:
        try:
            assert child.stdout is not None
            said = ""
            for line, _ in zip(child.stdout, range(LINES_MAX), strict=False):
                said += line
                if line.rstrip() == "}":
                    break
            yield msgspec.json.decode(said, type=Served).url
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(ASK_S)


def _post(url: str, shape: dict[str, str], key: Signer, kind: type[_Shape]) -> _Shape:
    """Ask the scratch hub as a kiosk does that has no id yet; raises HubUnavailable."""
    from sync.message_signing import Asked, sign

    body = msgspec.json.encode(shape)
    asked = Asked(method="POST", url=url, headers={"Content-Type": "application/json"})
    nonce = secrets.token_urlsafe(18)
    sign(asked, body, key, device=key.public_key.hex(), nonce=nonce, now=datetime.now(UTC))
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=ASK_S)
    try:
        connection.request("POST", parts.path, body, asked.headers)
        answer = connection.getresponse()
        said = answer.read(ANSWER_BYTES_MAX)
    except http.client.HTTPException as wrong:
        raise HubUnavailable(f"{parts.path}: {wrong}") from wrong
    finally:
        connection.close()
    if answer.status not in {200, 201}:
        raise HubUnavailable(f"{parts.path}: {answer.status}")
    return msgspec.json.decode(said, type=kind)
