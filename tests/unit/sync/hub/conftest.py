"""Every test of the hub runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.ports import Clock
from sync.hub import project
from sync.hub.here import Here
from tests import hubs
from tests.conftest import MovedClock
from tests.postgres import TEMPLATE, Cluster, cluster

# Models can be imported only once Django is set up: before any test module is collected.
hubs.set_up(MovedClock(datetime(2026, 11, 22, 9, 42, tzinfo=UTC)))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file."""
    file = tmp_path_factory.mktemp("template") / "hub.db"
    hubs.use_database(project.sqlite(file))
    hubs.migrate()
    return file


@pytest.fixture(scope="session")
def postgres_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A private cluster with a migrated database to copy."""
    with cluster() as running:
        running.create(TEMPLATE)
        hubs.use_database(hubs.described(running, TEMPLATE, tmp_path_factory.getbasetemp()))
        hubs.migrate()
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, migrated database of either kind; its kind's name."""
    if request.param == "sqlite":
        with hubs.sqlite(request.getfixturevalue("sqlite_template"), tmp_path):
            yield "sqlite"
    else:
        running: Cluster = request.getfixturevalue("postgres_cluster")
        with hubs.postgres(running, tmp_path):
            yield "postgresql"


@pytest.fixture
def here(database: str, tmp_path: Path, clock: Clock) -> Iterator[Here]:
    """A hub with its keys on that database."""
    from django.test import override_settings

    hub = hubs.made(tmp_path / "hub", clock)
    with override_settings(HUB=hub):
        yield hub
