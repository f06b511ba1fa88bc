"""The engine behind ports.OpeningHours: expressions are read once and kept while there is room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.hours import Door, Interval, Verdict
from kiosk.domain.opening_hours.evaluation import Evaluator
from kiosk.domain.opening_hours.reading import parse
from kiosk.domain.opening_hours.surroundings import Surroundings

EXPRESSIONS_MAX = 2048
NOT_UNDERSTOOD = Verdict(door=Door.UNKNOWN)


class Engine:
    """Opening hours at one place; never raises on dirty text.

    Points in time (« 08:00 ») aren't hours of a door: they count as not understood.
    """

    def __init__(self, place: Surroundings) -> None:
        self._place = place
        self._known: dict[str, Evaluator | None] = {}

    def verdict(self, expression: str, at: datetime) -> Verdict:
        """Say whether the door is open at ``at`` (aware), until when (in the place's zone), why."""
        evaluator = self._evaluator(expression)
        return NOT_UNDERSTOOD if evaluator is None else evaluator.state_at(at)

    def intervals(self, expression: str, start: datetime, end: datetime) -> Sequence[Interval]:
        """Give the open and unknown stretches between two moments; [] when not understood."""
        evaluator = self._evaluator(expression)
        return [] if evaluator is None else evaluator.intervals(start, end)

    def _evaluator(self, expression: str) -> Evaluator | None:
        try:
            return self._known[expression]
        except KeyError:
            return self._read(expression)

    def _read(self, expression: str) -> Evaluator | None:
        if len(self._known) >= EXPRESSIONS_MAX:
            del self._known[next(iter(self._known))]  # the one that was read first
        try:
            read = parse(expression)
        except HoursNotUnderstood:
            read = None
        evaluator = None if read is None or read.has_points else Evaluator(read, self._place)
        self._known[expression] = evaluator
        return evaluator
