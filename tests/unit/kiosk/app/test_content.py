"""A kiosk has content at its first start, and again after its database was damaged."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.app.cli_doctor import examine
from kiosk.app.console import Place
from kiosk.app.content import fill, prepare, seeded_datasets
from kiosk.app.installed import Installed, installed
from kiosk.domain.errors import DataAbsent

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


@pytest.fixture
def here(tmp_path: Path) -> Installed:
    return installed(Place(data=tmp_path / "data"))


def test_the_first_start_fills_every_seed_without_a_reject(here: Installed) -> None:
    seeded = prepare(here, NOW)
    assert seeded is not None
    assert sorted(seeded.records) == sorted(seeded_datasets(here))
    assert seeded.rejects == []
    assert here.cache.count("communes") == 381


def test_the_next_start_leaves_the_content_alone(here: Installed) -> None:
    prepare(here, NOW)
    assert prepare(here, NOW) is None


def test_damaged_content_is_set_aside_made_again_and_told_by_doctor(here: Installed) -> None:
    prepare(here, NOW)
    here.content.close()
    here.content.path.write_bytes(b"damage" * 2000)
    assert prepare(here, NOW) is not None
    assert here.cache.count("communes") == 381
    findings = examine(Place(data=here.content.path.parent), NOW)
    told = next(one for one in findings if one.check == "content")
    assert told.state == "warn"
    assert "content.db.damaged-20261122T094200" in told.what
    assert [one for one in findings if one.state == "fail"] == []


def test_a_data_folder_that_can_not_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataAbsent, match="can't be written"):
        prepare(installed(Place(data=tmp_path / "file" / "data")), NOW)


def test_filling_again_gives_the_same_number_of_records(here: Installed) -> None:
    first = prepare(here, NOW)
    assert first is not None
    assert fill(here, NOW).records == first.records
