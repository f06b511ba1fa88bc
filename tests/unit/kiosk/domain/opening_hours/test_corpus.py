"""Scores on the public corpus of opening_hours.js, and the real hours of OpenStreetMap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from kiosk.app.cli_hours import Answer, Question, answer_to
from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.hours import Door
from kiosk.domain.opening_hours.engine import Engine
from kiosk.domain.opening_hours.evaluation import Evaluator
from kiosk.domain.opening_hours.expression import Feast
from kiosk.domain.opening_hours.reading import parse
from kiosk.domain.opening_hours.surroundings import Surroundings
from kiosk.store.calendars import calendar_of

BERLIN = ZoneInfo("Europe/Berlin")
Row = tuple[datetime, datetime, str, str]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One expression of the corpus with what it means between two moments."""

    value: str
    canonical: bool
    at_home: bool
    question: Question
    rows: tuple[Row, ...]

    @property
    def abroad_only(self) -> bool:
        """Whether it needs the holidays of a region abroad."""
        read = parse(self.value)
        return not self.at_home and (read.names(Feast.PUBLIC) or read.names(Feast.SCHOOL))


def moment(text: str) -> datetime:
    if text.endswith("Z"):
        return datetime.fromisoformat(text).astimezone(BERLIN)
    day, clock = text.split(" ")
    return datetime.fromisoformat(f"{day} {clock:0>5}").replace(tzinfo=BERLIN)


def row(cells: list[Any]) -> Row:
    comment = cells[3] if len(cells) > 3 else ""
    return moment(cells[0]), moment(cells[1]), "unknown" if cells[2] else "open", comment


def vector(entry: dict[str, Any]) -> Vector:
    place = entry["place"] or {}
    value, first = (
        one if isinstance(one, str) else one[0] for one in (entry["value"], entry["first"])
    )
    asked = {
        "value": value,
        "from": entry["from"],
        "to": entry["to"],
        "place": {name: place.get(name) for name in ("country_code", "state", "lat", "lon")},
        "timezone": "Europe/Berlin",
    }
    return Vector(
        value=value,
        canonical=value == first,
        at_home=place.get("country_code") in (None, "fr"),
        question=msgspec.convert(asked, Question),
        rows=tuple(row(cells) for cells in entry["intervals"]),
    )


@lru_cache(maxsize=1)
def corpus_of(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / "opening_hours" / "vectors.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="session")
def vectors(corpus: Path) -> list[Vector]:
    """What the corpus's library does itself ("not implemented yet" is left out)."""
    entries = corpus_of(corpus)["intervals"]
    return [vector(one) for one in entries if one["value"][-1:] != ["not implemented yet"]]


@lru_cache(maxsize=1024)
def answered(question: Question) -> Answer | None:
    try:
        return answer_to(question)
    except HoursNotUnderstood:
        return None


def rows(answer: Answer) -> list[Row]:
    return [
        (datetime.fromisoformat(start), datetime.fromisoformat(end), state, comment)
        for start, end, state, comment in answer.intervals
    ]


def is_right(one: Vector) -> bool:
    """Compare the intervals as the corpus gives them; comments where it gives any."""
    answer = answered(one.question)
    if answer is None or len(answer.intervals) != len(one.rows):
        return False
    return all(
        found[:3] == wanted[:3] and wanted[3] in ("", found[3])
        for found, wanted in zip(rows(answer), one.rows, strict=True)
    )


def contradicts(one: Vector) -> bool:
    """Say whether a definite state differs from the corpus's definite one, without a warning."""
    answer = answered(one.question)
    if answer is None or answer.warnings:
        return False
    found = rows(answer)
    edges = {edge for each in (*found, *one.rows) for edge in each[:2]}
    start, end = moment(one.question.from_), moment(one.question.to)
    return any(
        {state(found, edge), state(one.rows, edge)} == {"open", "closed"}
        for edge in {*edges, start}
        if start <= edge < end
    )


def state(found: list[Row] | tuple[Row, ...], at: datetime) -> str:
    return next((one[2] for one in found if one[0] <= at < one[1]), "closed")


def share(chosen: list[Vector]) -> float:
    assert chosen
    return sum(map(is_right, chosen)) / len(chosen)


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
