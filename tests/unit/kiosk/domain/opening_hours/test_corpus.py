"""Scores on the public corpus of opening_hours.js, and the real hours of OpenStreetMap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from bench._hours_scores import (
    BERLIN,
    Vector,
    answered,
    contradicts,
    is_right,
    moment,
    percent,
    vectors_of,
)
from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.hours import Door
from kiosk.domain.opening_hours.engine import Engine
from kiosk.domain.opening_hours.evaluation import Evaluator
from kiosk.domain.opening_hours.reading import parse
from kiosk.domain.opening_hours.surroundings import Surroundings
from kiosk.store.calendars import calendar_of

# Canonical values whose answer differs from the corpus, and why.
KNOWN = {
    "SH Mo-Fr": "no place is given: nobody can know whose school holidays; we say unknown",
    "sunrise-08:02": "the corpus takes the sunrise of the day before (a minute or two)",
    "sunrise-08:00": "the corpus takes the sunrise of the day before",
    "sunrise-07:58": "the corpus takes the sunrise of the day before",
    "sunrise-06:00": "the corpus takes the sunrise of the day before",
}

# Values that its library refuses for another reason than the hours: they are plausible hours.
PLAUSIBLE = {
    "PH": "its library lacked the place's holidays",
    "SH": "its library lacked the place's holidays",
    "Mo sunrise,sunset": "points in time, in a mode that refuses points",
    "Mo sunrise-(sunrise+01:00)/60": "points in time, in a mode that refuses points",
    "Mo 12:00-14:00": "hours, in a mode that wants points",
    "Mo-Fr 12:00-18:00; We off; Sa,PH 12:00-17:00; Th[3],Th[-1] off": (
        "good hours given to a library called with wrong options"
    ),
}


@lru_cache(maxsize=1)
def corpus_of(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / "opening_hours" / "vectors.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="session")
def vectors(corpus: Path) -> list[Vector]:
    return vectors_of(corpus_of(corpus))


def share(chosen: list[Vector]) -> float:
    assert chosen
    return percent(chosen) / 100


def test_the_corpus_is_the_one_that_was_counted(vectors: list[Vector]) -> None:
    assert len(vectors) >= 300
    assert sum(one.canonical for one in vectors) >= 150


def test_canonical_values_at_home_or_nowhere_are_98_percent_right(vectors: list[Vector]) -> None:
    chosen = [one for one in vectors if one.canonical and one.at_home]
    assert len(chosen) >= 75
    assert share(chosen) >= 0.98


def test_canonical_values_without_regions_abroad_are_95_percent_right(
    vectors: list[Vector],
) -> None:
    chosen = [one for one in vectors if one.canonical and not one.abroad_only]
    assert len(chosen) >= 100
    assert share(chosen) >= 0.95


def test_lenient_spellings_at_home_or_nowhere_are_85_percent_right(vectors: list[Vector]) -> None:
    chosen = [one for one in vectors if not one.canonical and one.at_home]
    assert len(chosen) >= 75
    assert share(chosen) >= 0.85


def test_every_other_spelling_without_regions_abroad_is_right(vectors: list[Vector]) -> None:
    chosen = [one for one in vectors if not one.canonical and not one.abroad_only]
    assert [one.value for one in chosen if not is_right(one)] == []


def test_what_differs_is_known_with_its_reason(vectors: list[Vector]) -> None:
    chosen = [one for one in vectors if one.canonical and not one.abroad_only]
    assert {one.value for one in chosen if not is_right(one)} <= set(KNOWN)


def test_silently_wrong_answers_are_below_5_percent(vectors: list[Vector]) -> None:
    assert sum(map(contradicts, vectors)) / len(vectors) <= 0.05


def test_every_value_of_the_corpus_is_understood(vectors: list[Vector]) -> None:
    assert [one.value for one in vectors if answered(one.question) is None] == []


def test_what_is_no_hours_is_refused(corpus: Path) -> None:
    understood = set()
    for entry in corpus_of(corpus)["should_fail"]:
        try:
            parse(entry["value"])
        except HoursNotUnderstood:
            continue
        understood.add(entry["value"])
    assert understood <= set(PLAUSIBLE)


def test_next_changes_are_right(corpus: Path) -> None:
    for entry in corpus_of(corpus)["next_change"]:
        country = (entry["place"] or {}).get("country_code") or ""
        place = Surroundings(calendar=calendar_of(country), zone=BERLIN)
        found = Evaluator(parse(entry["value"]), place).next_change(moment(entry["from"]))
        assert found == (moment(entry["expected"]) if entry["expected"] else None)


def test_two_doubtful_values_of_three_leave_a_warning(corpus: Path) -> None:
    texts = [entry["value"] for entry in corpus_of(corpus)["should_warn"]]
    warned = [bool(parse(one if isinstance(one, str) else one[0]).warnings) for one in texts]
    assert sum(warned) / len(warned) >= 0.65


def written_in(value: Any) -> Iterator[str]:
    """Give every text of opening hours within a document."""
    if isinstance(value, dict):
        for name, inside in value.items():
            if "opening_hours" in name and isinstance(inside, str) and inside:
                yield inside
            else:
                yield from written_in(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from written_in(inside)


def test_real_hours_are_understood_or_shown_raw(corpus: Path) -> None:
    texts = [
        text
        for file in sorted((corpus / "osm").glob("*.*json"))
        for text in written_in(json.loads(file.read_text(encoding="utf-8")))
    ]
    engine = Engine(Surroundings(calendar=calendar_of("FR", "61", "B"), zone=BERLIN))
    monday = datetime(2026, 11, 9, tzinfo=BERLIN)
    assert len(texts) >= 10
    for text in texts:
        found = engine.intervals(text, monday, monday + timedelta(days=7))
        assert found, text
        assert engine.verdict(text, monday).door is not Door.UNKNOWN
