from __future__ import annotations

import pytest

from kiosk.domain.errors import InputRefused
from sync.connectors.gtfs import runs
from tests.unit.sync.connectors.gtfs.feeds import read, rejects, times

HEAD = "trip_id,start_time,end_time,headway_secs\n"


def test_a_pattern_becomes_one_trip_a_headway_until_the_end_excluded() -> None:
    found = times(frequencies=HEAD + "T1,10:00:00,11:00:00,1800\n")
    assert [row for row in found if row[0].startswith("T1")] == [
        ("T1@10:00:00", "P1", "10:00:00"),
        ("T1@10:30:00", "P1", "10:30:00"),
        ("T1@10:00:00", "M1", "10:11:00"),
        ("T1@10:30:00", "M1", "10:41:00"),
    ]


def test_the_patterns_own_times_and_other_trips_stay_apart() -> None:
    found = times(frequencies=HEAD + "T1,10:00:00,10:30:00,1800\n")
    assert not [row for row in found if row[0] == "T1"]
    assert [row for row in found if row[0][0] != "T"] == [
        row for row in times() if row[0][0] != "T"
    ]


def test_two_spans_that_meet_do_not_leave_twice_at_once() -> None:
    lines = "T1,10:00:00,11:00:00,1800\nT1,10:30:00,11:30:00,1800\n"
    starts = [at for _, stop, at in times(frequencies=HEAD + lines) if stop == "P1"]
    assert starts == ["10:00:00", "10:30:00", "11:00:00"]


def test_runs_keep_the_trips_line_headsign_and_access() -> None:
    found = read(frequencies=HEAD + "T1,24:30:00,24:31:00,60\n")
    run = found.trips[-1]
    assert (run.id, run.headsign, run.wheelchair) == ("T1@24:30:00", "Église", 1)
    assert run.service == found.feed.service_nos["WD"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("T9,10:00:00,11:00:00,60", "unknown trip 'T9'"),
        ("T1,10:00:00,11:00:00,0", "a frequency without start, end or headway"),
        ("T1,,11:00:00,60", "a frequency without start, end or headway"),
        ("T1,10:00:00,11:00:00,x", "invalid literal for int() with base 10: 'x'"),
        ("T1,00:00:00,48:00:00,1", "a frequency of more than 2880 runs"),
    ],
)
def test_a_wrong_frequency_is_said_and_the_trip_runs_as_timed(line: str, why: str) -> None:
    changed = HEAD + line + "\n"
    assert rejects(frequencies=changed) == [("frequencies.txt:2", why)]
    assert times(frequencies=changed) == times()


def test_missing_columns_leave_the_timed_trips() -> None:
    assert times(frequencies="trip_id\nT1\n") == times()


def test_too_many_runs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "RUNS_MAX", 3)
    with pytest.raises(InputRefused, match="more than 3 runs"):
        read(frequencies=HEAD + "T1,10:00:00,12:00:00,1800\n")


def test_too_many_expanded_calls_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "CALLS_MAX", 20)
    with pytest.raises(InputRefused, match="more than 20 calls"):
        read(frequencies=HEAD + "T1,10:00:00,12:00:00,600\n")
