from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.connectors.gtfs.moments import BLANK, Memo, day_of, seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00:00", 0),
        ("6:05:09", 21_909),
        (" 08:00:00 ", 28_800),
        ("24:10:00", 87_000),
        ("95:59:59", 345_599),
        ("", BLANK),
        ("   ", BLANK),
    ],
)
def test_a_time_is_read_in_seconds(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["8h00", "08:00", "08:60:00", "08:00:60", "96:00:00", "-1:00:00", "NA", "٠٨:00:00", "1e9"],
)
def test_what_is_not_a_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        seconds_of(text)


@given(st.integers(0, 95), st.integers(0, 59), st.integers(0, 59))
def test_every_written_time_reads_back(hours: int, minutes: int, seconds: int) -> None:
    text = f"{hours:02}:{minutes:02}:{seconds:02}"
    assert timedelta(seconds=seconds_of(text)) == timedelta(
        hours=hours, minutes=minutes, seconds=seconds
    )


@given(st.from_regex(r" ?[0-9]{0,4}:[0-9]{1,3}:?[0-9]{1,3} ?", fullmatch=True))
def test_only_hours_minutes_and_seconds_within_their_bounds_are_a_time(text: str) -> None:
    found = re.fullmatch(r"([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])", text.strip())
    if found and int(found[1]) < 96:
        hours, minutes, seconds = map(int, found.groups())
        assert seconds_of(text) == hours * 3600 + minutes * 60 + seconds
    else:
        with pytest.raises(ValueError, match="not a time"):
            seconds_of(text)


def test_a_date_is_read_as_a_day_number() -> None:
    assert date.fromordinal(day_of("20261122")) == date(2026, 11, 22)


@pytest.mark.parametrize(
    "text", ["", "2026-11-22", "20261322", "20260230", "2026112", "２０２６１１２２"]
)
def test_what_is_not_a_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a date|month must|day is out|day must"):
        day_of(text)


def test_a_text_is_parsed_once() -> None:
    asked: list[str] = []

    def parse(text: str) -> int:
        asked.append(text)
        return len(text)

    memo = Memo(parse)
    assert [memo["ab"], memo["ab"], memo["c"]] == [2, 2, 1]
    assert asked == ["ab", "c"]


def test_a_refused_text_is_not_remembered() -> None:
    memo = Memo(seconds_of)
    with pytest.raises(ValueError, match="not a time"):
        memo["x"]
    assert "x" not in memo
