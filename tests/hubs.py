"""A hub for tests: its keys, a fresh database, Django set up once a process."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from kiosk.ports import Clock
from payments.service import PaymentService
from sync.hub import project
from sync.hub.config import SIGNING_KEY, HubConfig, database_of
from sync.hub.here import Here
from sync.hub.keys import FileKey, make_keys
from tests.postgres import TEMPLATE, Cluster

PUBLIC_URL = "https://hub.example.fr"
_numbers = count(1)


def made(
    data: Path, clock: Clock, *, payments: PaymentService | None = None, public: bool = True
) -> Here:
    """Make a hub's value in ``data``, with new keys."""
    data.mkdir(parents=True, exist_ok=True)
    make_keys(data)
    config = HubConfig(data=data, public_url=PUBLIC_URL if public else "", territory="orne")
    key = FileKey(data / SIGNING_KEY)
    return Here(config=config, clock=clock, key=key, payments=payments)


def set_up(clock: Clock) -> None:
    """Set Django up for this process; which hub and which database it is, each test says."""
    from django.conf import settings

    if settings.configured:
        return
    folder = Path(tempfile.mkdtemp(prefix="alveole-hub-"))
    try:
        project.configure(made(folder, clock))
    finally:
        shutil.rmtree(folder)


def use_database(description: Mapping[str, object]) -> None:
    """Let Django's connections lead to another database from now on."""
    from django.db import connections

    connections["default"].close()
    whole = connections.configure_settings({"default": dict(description)})
    connections.settings["default"] = whole["default"]
    del connections["default"]


def migrate() -> None:
    """Create the tables of the database in use."""
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    connections["default"].close()


@contextmanager
def sqlite(template: Path, folder: Path) -> Iterator[None]:
    """Use a fresh copy of a migrated file."""
    file = folder / "hub.db"
    shutil.copyfile(template, file)
    with _used(project.sqlite(file)):
        yield


@contextmanager
def postgres(cluster: Cluster, data: Path) -> Iterator[None]:
    """Use a fresh copy of the cluster's migrated database."""
    name = f"alveole_{next(_numbers)}"
    cluster.create(name, template=TEMPLATE)
    try:
        with _used(described(cluster, name, data)):
            yield
    finally:
        cluster.drop(name)


def described(cluster: Cluster, name: str, data: Path) -> dict[str, object]:
    """Give Django's description of a database of the cluster, as a hub makes it of its address."""
    config = HubConfig(data=data, database=database_of(cluster.url(name)))
    return project.database(config)


@contextmanager
def _used(description: Mapping[str, object]) -> Iterator[None]:
    from django.db import connections

    use_database(description)
    try:
        yield
    finally:
        connections["default"].close()
