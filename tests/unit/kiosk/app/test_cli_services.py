"""The command services: every cell of the hive with its data's state and its glance."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.app import cli
from kiosk.app.cli_services import ServiceLine, line_of, lines_of
from kiosk.app.console import Place
from kiosk.app.content import prepare
from kiosk.app.context import context_of
from kiosk.app.installed import Installed, installed
from kiosk.domain.freshness import ABSENT, Dated, State
from tests.conftest import MovedClock

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FIELDS = {"id", "title", "kind", "dataset", "records", "observed_at", "state", "glance"}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    found = installed(Place(data=tmp_path_factory.mktemp("data")))
    prepare(found, NOW)
    return found


def lines(here: Installed, *, language: str = "fr", later: int = 0) -> list[ServiceLine]:
    clock = MovedClock(NOW + timedelta(days=later))
    return lines_of(context_of(here, clock, language))


def test_the_demo_shows_at_least_eighteen_services(here: Installed) -> None:
    assert len(lines(here)) >= 18


def test_the_lines_are_those_of_the_pack_in_its_order(here: Installed) -> None:
    assert [line.id for line in lines(here)] == [one.id for one in here.pack.territory.services]


def test_a_service_with_data_counts_them_and_says_how_old_they_are(here: Installed) -> None:
    filled = [line for line in lines(here) if line.dataset]
    assert filled
    for line in filled:
        assert line.records > 0, line.id
        assert line.observed_at is not None, line.id
        assert line.state is not State.ABSENT, line.id


def test_old_data_are_the_last_good_ones(here: Installed) -> None:
    states = {line.state for line in lines(here, later=4000) if line.dataset}
    assert states <= {State.LAST_GOOD, State.ABSENT}


def without_data(here: Installed, *, dated: date | None) -> ServiceLine:
    context = context_of(here, MovedClock(NOW))
    context.territory = replace(context.territory, dated=dated)
    service = next(one for one in here.pack.territory.services if not one.datasets)
    return line_of(context, service, Dated(value="", freshness=ABSENT))


def test_a_service_without_data_is_as_old_as_the_packs_words(here: Installed) -> None:
    line = without_data(here, dated=date(2026, 10, 1))
    assert (line.dataset, line.records, line.state) == ("", 0, State.THEORY)
    assert line.observed_at == datetime(2026, 9, 30, 22, tzinfo=UTC)


def test_words_of_many_years_ago_are_the_last_good_ones(here: Installed) -> None:
    assert without_data(here, dated=date(2021, 1, 1)).state is State.LAST_GOOD


def test_a_service_without_data_in_an_undated_pack_is_absent(here: Installed) -> None:
    line = without_data(here, dated=None)
    assert (line.observed_at, line.state) == (None, State.ABSENT)


def test_every_service_of_the_demo_has_a_state_and_an_age(here: Installed) -> None:
    told = lines(here)
    assert len(told) >= 34
    for line in told:
        assert line.observed_at is not None, line.id
        assert line.state is not State.ABSENT, line.id
        assert line.glance, line.id


def test_a_timetable_without_live_news_is_theory(here: Installed) -> None:
    trains = next(line for line in lines(here) if line.id == "trains")
    assert trains.state is State.THEORY


def test_titles_are_in_the_language_asked_for(here: Installed) -> None:
    french = {line.id: line.title for line in lines(here)}
    english = {line.id: line.title for line in lines(here, language="en")}
    assert french != english


def run(words: list[str]) -> int:
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    return int(str(end.value.code))


def test_the_first_call_on_a_new_machine_fills_the_content(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["services", "--json", "--data", str(tmp_path)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {frozenset(line) for line in answer} == {frozenset(FIELDS)}
    assert sum(line["records"] for line in answer) > 500


def test_without_json_a_service_is_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["services", "--data", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert len(out.splitlines()) >= 18
