"""Scores opening hours on the public corpus of opening_hours.js (the tests assert them too)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from kiosk.app.cli_hours import Answer, Question, answer_to
from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.opening_hours.expression import Feast
from kiosk.domain.opening_hours.reading import parse

BERLIN = ZoneInfo("Europe/Berlin")
Row = tuple[datetime, datetime, str, str]


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
    """Read a moment of the corpus: local, or UTC with Z."""
    if text.endswith("Z"):
        return datetime.fromisoformat(text).astimezone(BERLIN)
    day, clock = text.split(" ")
    return datetime.fromisoformat(f"{day} {clock:0>5}").replace(tzinfo=BERLIN)


def row(cells: list[Any]) -> Row:
    """Read an interval of the corpus."""
    comment = cells[3] if len(cells) > 3 else ""
    return moment(cells[0]), moment(cells[1]), "unknown" if cells[2] else "open", comment


def vector(entry: dict[str, Any]) -> Vector:
    """Read an entry of the corpus."""
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


@lru_cache(maxsize=1024)
def answered(question: Question) -> Answer | None:
    """Give our answer, None where the value isn't understood."""
    try:
        return answer_to(question)
    except HoursNotUnderstood:
        return None


def rows(answer: Answer) -> list[Row]:
    """Give an answer's intervals as the corpus writes them."""
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
    """Say what holds at a moment."""
    return next((one[2] for one in found if one[0] <= at < one[1]), "closed")


def vectors_of(found: Mapping[str, Any]) -> list[Vector]:
    """Give what the corpus's library does itself ("not implemented yet" is left out)."""
    entries = found["intervals"]
    return [vector(one) for one in entries if one["value"][-1:] != ["not implemented yet"]]


def percent(chosen: Sequence[Vector], right: Callable[[Vector], bool] = is_right) -> float:
    """Give how many of ``chosen`` in a hundred are right."""
    return 100 * sum(map(right, chosen)) / max(len(chosen), 1)


def scores(file: Path) -> dict[str, float]:
    """Give the scores of issue "every service, right at any hour", in per cent."""
    known = vectors_of(json.loads(file.read_text(encoding="utf-8")))
    home = [one for one in known if one.at_home]
    own = [one for one in known if one.canonical and not one.abroad_only]
    return {
        "vectors": len(known),
        "canonical_home_percent": percent([one for one in home if one.canonical]),
        "canonical_no_region_percent": percent(own),
        "lenient_home_percent": percent([one for one in home if not one.canonical]),
        "silently_wrong_percent": percent(known, contradicts),
    }
