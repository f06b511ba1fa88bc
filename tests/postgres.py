"""A private PostgreSQL cluster for tests: made in a temporary folder, reached by a socket only."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

HOMES = "/usr/lib/postgresql"
USER = "alveole"
READY_TRIES, READY_STEP_S = 200, 0.1
STOP_S = 20
TEMPLATE = "alveole_template"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A running cluster: the folder of its socket, and its programs."""

    socket: Path
    programs: Path

    def create(self, name: str, *, template: str = "template1") -> None:
        """Create a database."""
        self._sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        self._sql(f'DROP DATABASE "{name}" WITH (FORCE)')

    def url(self, name: str) -> str:
        """Give a database's address."""
        return f"postgresql://{USER}@/{name}?host={self.socket}"

    def _sql(self, command: str) -> None:
        import psycopg

        with psycopg.connect(
            host=str(self.socket), user=USER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(command.encode())


def programs() -> Path:
    """Give the folder of Debian's programs; skips where there is none (never under CI=true)."""
    found = sorted(Path(HOMES).glob("*/bin/initdb"))
    if not found:
        assert os.environ.get("CI") != "true", "PostgreSQL is part of the integration's machine"
        pytest.skip("PostgreSQL isn't installed (deploy/apt-packages.txt)")
    return found[-1].parent


def _plain_user() -> str:
    """Give a user that isn't root: PostgreSQL refuses to run as root."""
    names = {one.pw_name for one in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _unprivileged(command: list[str]) -> list[str]:
    """Give the command as a user without privileges runs it; it ends with this process."""
    if os.getuid() != 0:
        return command
    user = pwd.getpwnam(_plain_user())
    who = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["setpriv", *who, "--pdeathsig", "INT", *command]


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    """Run a cluster until the block ends; ``durable`` lets each commit reach the disk."""
    there = programs()
    # not pytest's folder: that one is closed to other users, and too long for a socket's name
    folder = Path(tempfile.mkdtemp(prefix="alveole-pg-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, _plain_user())
        data = folder / "data"
        make = [str(there / "initdb"), "-D", str(data), "-U", USER, "-A", "trust"]
        make += ["-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(_unprivileged(make), check=True, capture_output=True, cwd=folder)
        run = [str(there / "postgres"), "-D", str(data), "-k", str(folder)]
        run += ["-c", "listen_addresses="]
        run += [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
        with (folder.parent / f"{folder.name}.log").open("wb") as log:
            server = subprocess.Popen(_unprivileged(run), cwd=folder, stdout=log, stderr=log)
        try:
            _wait(there, folder)
            yield Cluster(socket=folder, programs=there)
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(STOP_S)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        (folder.parent / f"{folder.name}.log").unlink(missing_ok=True)


def _wait(there: Path, folder: Path) -> None:
    ask = [str(there / "pg_isready"), "-q", "-h", str(folder)]
    for _ in range(READY_TRIES):
        if subprocess.run(ask, check=False).returncode == 0:
            return
        time.sleep(READY_STEP_S)
    raise AssertionError("the cluster doesn't start")
