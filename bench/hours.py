"""Measures opening hours: reading, "open now?", and a week for a thousand places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

from bench._corpus import corpus
from bench._hours_scores import scores
from kiosk.app.cli_bench import Options
from kiosk.domain.opening_hours.evaluation import Evaluator
from kiosk.domain.opening_hours.reading import parse
from kiosk.domain.opening_hours.surroundings import Surroundings
from kiosk.store.calendars import calendar_of

PLACES = 1000
ROUNDS = 5
QUESTIONS = 20_000
MONDAY = datetime(2026, 11, 9, tzinfo=ZoneInfo("Europe/Paris"))  # its Wednesday is a holiday
GATES: Mapping[str, float] = {"open_now_us": 10.0, "week_1000_places_ms": 50.0}


def run(_options: Options) -> dict[str, float]:
    """Measure processor time, the best of some rounds; score the corpus where it is."""
    vectors = corpus() / "opening_hours" / "vectors.json"
    return {**_paces(), **(scores(vectors) if vectors.is_file() else {})}


def _paces() -> dict[str, float]:
    """Every place has hours of its own."""
    texts = [_hours(number) for number in range(PLACES)]
    place = Surroundings(
        calendar=calendar_of("FR", "61", "B"), position=(48.43, 0.09), zone=ZoneInfo("Europe/Paris")
    )
    place.calendar.school_holiday(MONDAY.date())  # the libraries read their data
    place.calendar.public_holiday(MONDAY.date())
    expressions = [parse(text) for text in texts]
    known = [Evaluator(one, place) for one in expressions]
    first = _best(lambda: _weeks([Evaluator(one, place) for one in expressions]), 2)
    return {
        "parse_us": _best(lambda: [parse(text) for text in texts], 2) * 1e6 / PLACES,
        "week_1000_places_first_ms": first * 1e3,
        "week_1000_places_ms": _best(lambda: _weeks(known), ROUNDS) * 1e3,
        "open_now_us": _best(lambda: _questions(known), ROUNDS) * 1e6 / QUESTIONS,
    }


def _best(work: Callable[[], object], times: int) -> float:
    spent: list[float] = []
    for _ in range(times):
        start = process_time()
        work()
        spent.append(process_time() - start)
    return min(spent)


def _hours(number: int) -> str:
    """Give hours like those of town halls, pools and libraries, no two alike."""
    text = f"Mo-Fr {8 + number % 3:02}:{number % 60:02}-12:00,14:00-18:{number // 17:02}; "
    text += f"Sa 09:00-12:{number % 59:02}; PH off"
    summer = "; Jul 14-Aug 31 Mo-Fr 10:00-20:00" if number % 4 == 0 else ""
    return text + summer + ("; SH Mo-Fr 10:00-17:00" if number % 10 == 0 else "")


def _weeks(places: list[Evaluator]) -> int:
    end = MONDAY + timedelta(days=7)
    return sum(len(one.intervals(MONDAY, end)) for one in places)


def _questions(places: list[Evaluator]) -> None:
    """Ask places in turn, at minutes all over the week."""
    moments = [MONDAY + timedelta(minutes=number * 7919 % 10_080) for number in range(500)]
    for number in range(QUESTIONS):
        places[number % 20].state_at(moments[number % 500])
