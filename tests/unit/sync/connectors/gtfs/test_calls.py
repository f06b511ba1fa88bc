from __future__ import annotations

import operator
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from sync.connectors.gtfs import calls as module
from tests.unit.sync.connectors.gtfs.feeds import FILES, plus, read, rejects, times

HEAD = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"


def departures(*lines: str) -> list[str]:
    """The departures of T1 when stop_times holds these lines."""
    text = HEAD + "".join(f"T1,{line}\n" for line in lines)
    return [at for trip, _, at in times(stop_times=text) if trip == "T1"]


def test_nobody_boards_at_the_last_stop() -> None:
    assert ("T1", "E", "8:20:00") not in times()
    assert ("T1", "M1", "8:11:00") in times()


def test_nobody_boards_where_pick_up_is_excluded() -> None:
    stops = [stop for trip, stop, _ in times() if trip == "X"]
    assert stops == ["M1"]


def test_a_call_without_departure_leaves_at_its_arrival() -> None:
    assert departures("08:00:00,,P1,1", "08:30:00,08:30:00,E,2") == ["8:00:00"]


def test_calls_without_a_time_are_spread_evenly_rounded_down() -> None:
    found = departures(
        "08:00:00,08:00:00,P1,1", ",,M1,2", ",,M2,3", "08:10:00,08:10:00,E,4", "9:00:00,9:00:00,V,5"
    )
    assert sorted(found) == ["8:00:00", "8:03:20", "8:06:40", "8:10:00"]


@pytest.mark.parametrize(
    "lines",
    [(",,P1,1", "08:30:00,08:30:00,E,2"), ("08:00:00,08:00:00,P1,1", ",,E,2"), (",,P1,1", ",,E,2")],
)
def test_a_trip_without_a_time_at_an_end_is_rejected(lines: tuple[str, ...]) -> None:
    assert departures(*lines) == []
    text = HEAD + "".join(f"T1,{line}\n" for line in lines)
    assert {why for _, why in rejects(stop_times=text)} == {
        f"trip 'T1', sequence {sequence}: the trip begins or ends without a time"
        for sequence in (1, 2)
    }


def test_a_call_earlier_than_the_one_before_is_rejected_alone() -> None:
    lines = ("08:00:00,08:00:00,P1,1", "07:00:00,07:00:00,M1,2", "08:30:00,08:30:00,E,3")
    assert departures(*lines) == ["8:00:00"]
    text = HEAD + "".join(f"T1,{line}\n" for line in lines)
    assert rejects(stop_times=text) == [
        ("stop_times.txt", "trip 'T1', sequence 2: earlier than the call before")
    ]


def test_a_sequence_that_stands_twice_is_rejected_once() -> None:
    lines = ("08:00:00,08:00:00,P1,1", "08:10:00,08:10:00,M1,1", "08:30:00,08:30:00,E,2")
    text = HEAD + "".join(f"T1,{line}\n" for line in lines)
    assert rejects(stop_times=text) == [
        ("stop_times.txt", "trip 'T1', sequence 1: its sequence stands twice")
    ]


def test_a_fault_of_one_trip_leaves_the_others_as_they_were() -> None:
    spoiled = FILES["stop_times.txt"].replace("T1,08:10:00,08:11:00", "T1,07:10:00,07:11:00")
    assert [row for row in times(stop_times=spoiled) if row[0] != "T1"] == [
        row for row in times() if row[0] != "T1"
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("T9,08:00:00,08:00:00,P1,1,,", "unknown trip 'T9'"),
        ("T1,08:30:00,08:30:00,Q,4,,", "unknown stop, or not one to board at: 'Q'"),
        ("T1,08:30,08:30,E,4,,", "not a time: '08:30'"),
        ("T1,08:30:00,08:30:00,E,four,,", "invalid literal for int() with base 10: 'four'"),
        ("T1,08:30:00,08:30:00,E,-4,,", "not a sequence: -4"),
        ("T1,08:30:00,08:30:00,E,99999999999,,", "not a sequence: 99999999999"),
        ("T1", "unknown stop, or not one to board at: ''"),
    ],
)
def test_a_wrong_row_is_said_with_its_line_and_the_rest_stands(line: str, why: str) -> None:
    changed = plus("stop_times", line)
    assert rejects(stop_times=changed) == [("stop_times.txt:14", why)]
    assert times(stop_times=changed) == times()


def test_blanks_around_cells_and_blank_lines_do_no_harm() -> None:
    spaced = FILES["stop_times.txt"].replace(",", " , ").replace("\n", "\n\n")
    assert times(stop_times=spaced) == times()
    assert rejects(stop_times=spaced) == []


def test_calls_of_a_stop_without_a_name_go_in_silence() -> None:
    stops = plus("stops", "Z,,48,0,,,,")
    line = "T1,08:30:00,08:30:00,Z,4,,"
    assert len(rejects(stops=stops, stop_times=plus("stop_times", line))) == 1


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(chance: random.Random) -> None:
    head, *rows = FILES["stop_times.txt"].splitlines()
    chance.shuffle(rows)
    assert times(stop_times="\n".join((head, *rows))) == times()


def test_chunks_of_any_size_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = times()
    for size in (1, 2, 5):
        monkeypatch.setattr("sync.connectors.gtfs.sheet.CHUNK", size)
        assert times() == whole


def test_too_many_calls_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CALLS_MAX", 5)
    with pytest.raises(InputRefused, match="more than 5 calls"):
        read()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3))))
def test_only_neighbours_of_one_trip_are_held_against_each_other(
    calls: list[tuple[int, int]],
) -> None:
    trips, numbers = [trip for trip, _ in calls], [number for _, number in calls]
    falls = {one[0] for one, other in pairwise(calls) if one[0] == other[0] and one[1] > other[1]}
    assert module._within(trips, numbers, operator.gt) == falls


@given(st.lists(st.integers(0, 5_000), min_size=2, max_size=12), st.data())
def test_filling_keeps_the_known_times_and_their_order(
    times: list[int], data: st.DataObject
) -> None:
    times.sort()
    holes = data.draw(st.sets(st.integers(1, max(len(times) - 2, 1))))
    spoiled = [
        -1 if at in holes and at < len(times) - 1 else known for at, known in enumerate(times)
    ]
    filled = list(spoiled)
    module._fill(filled, list(range(len(filled))))
    assert filled == sorted(filled)
    assert all(new == old for new, old in zip(filled, spoiled, strict=True) if old != -1)
    assert -1 not in filled
