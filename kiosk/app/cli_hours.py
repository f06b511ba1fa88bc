"""The command ``hours``: what an expression of opening hours means between two moments.

A batch is a file of one JSON object a line: ``{value, from, to, place: {country_code, state, lat,
lon}, zone?, timezone?}``; each gives one line of answer, whatever is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import typer

from kiosk.app.console import complain, print_json, print_ndjson, write
from kiosk.domain.errors import HoursNotUnderstood, InputRefused
from kiosk.domain.hours import Interval
from kiosk.domain.opening_hours.evaluation import INTERVAL_DAYS_MAX, Evaluator
from kiosk.domain.opening_hours.expression import Expression, Feast
from kiosk.domain.opening_hours.reading import parse
from kiosk.domain.opening_hours.reasons import OPEN_END
from kiosk.domain.opening_hours.surroundings import Surroundings
from kiosk.domain.opening_hours.times import follows_sun

if TYPE_CHECKING:
    from kiosk.domain.opening_hours.surroundings import Calendar

LINES_MAX = 1_000_000
TIMEZONE = "Europe/Paris"
HOME = "FR"  # its holidays are checked against the official list (tests)
DISTRICTS = frozenset({"Moselle", "Bas-Rhin", "Haut-Rhin"})  # where a French county decides

# For machines the corpus's English sentence stands for our French one.
_COMMENTS = {OPEN_END: "Specified as open end. Closing time was guessed."}
_SHORT_HOUR = re.compile(r"^(\d{4}-\d{2}-\d{2})[ T](\d):")


class PlaceLine(msgspec.Struct, frozen=True):
    """Where a batch's expression holds."""

    country_code: str | None = None
    state: str | None = None
    county: str | None = None
    lat: float | None = None
    lon: float | None = None

    @property
    def subdivision(self) -> str:
        """The part of the country that has holidays of its own."""
        return (self.county if self.county in DISTRICTS else self.state) or ""


class Question(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    """One line of a batch."""

    value: str
    from_: str
    to: str
    place: PlaceLine | None = None
    zone: str | None = None
    timezone: str | None = None


class Answer(msgspec.Struct, frozen=True):
    """What is told of an understood expression."""

    valid: bool
    warnings: list[str]
    intervals: list[tuple[str, str, str, str]]


class NoAnswer(msgspec.Struct, frozen=True):
    """Why there is no answer."""

    valid: bool
    error: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    example = (
        "alveole hours 'Mo-Fr 09:00-18:00; PH off' --from 2026-11-09 --to 2026-11-16"
        " --subdivision 61 --zone B --json"
    )
    app.command(epilog=f"Example: {example}")(hours)


def hours(
    expr: Annotated[str, typer.Argument(help="Opening hours.", show_default=False)] = "",
    *,
    start: Annotated[str, typer.Option("--from", help="ISO time; local without offset.")] = "",
    end: Annotated[str, typer.Option("--to", help="ISO time; local without offset.")] = "",
    country: Annotated[str, typer.Option(help='ISO code; "": holidays unknown.')] = HOME,
    subdivision: Annotated[str, typer.Option(help="Department or state of the holidays.")] = "",
    zone: Annotated[str, typer.Option(help="French school zone: A, B or C.")] = "",
    lat: Annotated[float | None, typer.Option(help="Latitude, for the sun.")] = None,
    lon: Annotated[float | None, typer.Option(help="Longitude, for the sun.")] = None,
    timezone: Annotated[str, typer.Option(help="IANA zone of the place.")] = TIMEZONE,
    batch: Annotated[Path | None, typer.Option(help="File of questions, NDJSON.")] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Say when a place is open or may be; exit 2 when the hours can't be understood."""
    if batch is not None:
        for answer in answers(_lines(batch)):
            print_ndjson(answer)
        return
    where = PlaceLine(country_code=country, state=subdivision, lat=lat, lon=lon)
    asked = Question(value=expr, from_=start, to=end, place=where, zone=zone, timezone=timezone)
    try:
        found = answer_to(asked)
    except HoursNotUnderstood as wrong:
        if json:
            print_json(NoAnswer(valid=False, error=str(wrong)))
        else:
            complain(f"not understood: {wrong}")
        raise typer.Exit(2) from wrong
    if json:
        print_json(found)
    else:
        _show(found)


def answers(lines: Iterable[bytes]) -> Iterator[Answer | NoAnswer]:
    """Answer questions line by line; what is wrong with one is its answer."""
    decoder = msgspec.json.Decoder(Question)
    for line in lines:
        try:
            yield answer_to(decoder.decode(line))
        except (msgspec.DecodeError, HoursNotUnderstood, InputRefused) as wrong:
            yield NoAnswer(valid=False, error=str(wrong))


def answer_to(asked: Question) -> Answer:
    """Answer one question; raises HoursNotUnderstood, InputRefused (zone, moments, position)."""
    surroundings = _surroundings(asked)
    start = _moment(asked.from_, "from", surroundings)
    end = _moment(asked.to, "to", surroundings)
    if not timedelta(0) < end - start <= timedelta(days=INTERVAL_DAYS_MAX):
        todo = f"at most {INTERVAL_DAYS_MAX} days"
        raise InputRefused("the end must lie after the beginning", where="to", todo=todo)
    expression = parse(asked.value)
    found = Evaluator(expression, surroundings).intervals(start, end)
    return Answer(
        valid=True,
        warnings=[*expression.warnings, *_doubts(expression, surroundings, asked, start)],
        intervals=[_row(one) for one in found],
    )


def _row(one: Interval) -> tuple[str, str, str, str]:
    comment = _COMMENTS.get(one.comment, one.comment)
    return one.start.isoformat(), one.end.isoformat(), one.door.value, comment


def _surroundings(asked: Question) -> Surroundings:
    where = asked.place or PlaceLine()
    try:
        zone = ZoneInfo(asked.timezone or TIMEZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise InputRefused("no such time zone", where="timezone", todo=TIMEZONE) from wrong
    return Surroundings(calendar=_calendar(asked), position=_position(where), zone=zone)


def _calendar(asked: Question) -> Calendar:
    from kiosk.store.calendars import ZONES, calendar_of

    where, zone = asked.place or PlaceLine(), (asked.zone or "").upper()
    if zone and zone not in tuple(ZONES):
        raise InputRefused("no such school zone", where="zone", todo="give A, B or C")
    return calendar_of(where.country_code or "", where.subdivision, zone)


def _position(where: PlaceLine) -> tuple[float, float] | None:
    if where.lat is None or where.lon is None:
        return None
    if not (-90 <= where.lat <= 90 and -180 <= where.lon <= 180):
        raise InputRefused("no such position", where="lat, lon", todo="give degrees of WGS 84")
    return where.lat, where.lon


def _moment(text: str, where: str, surroundings: Surroundings) -> datetime:
    """Read an ISO time; an hour of one digit passes, and without offset it is the place's own."""
    try:
        moment = datetime.fromisoformat(_SHORT_HOUR.sub(r"\1T0\2:", text.strip()))
    except ValueError as wrong:
        todo = "for instance 2026-11-22T08:00"
        raise InputRefused(f"not an ISO time: {text[:40]!r}", where=where, todo=todo) from wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=surroundings.zone)


def _doubts(
    expression: Expression, place: Surroundings, asked: Question, day: datetime
) -> Iterator[str]:
    """Tell what the place would have to know for a sure answer."""
    follows = any(map(follows_sun, expression.rules))
    if follows and place.position is None:
        yield "no position is given: the sun rises at 06:00 and sets at 18:00"
    if expression.names(Feast.PUBLIC):
        yield from _public_doubts(place, asked, day)
    if expression.names(Feast.SCHOOL) and place.calendar.school_holiday(day.date()) is None:
        yield "school holidays aren't known here"


def _public_doubts(place: Surroundings, asked: Question, day: datetime) -> Iterator[str]:
    country = asked.place.country_code if asked.place else None
    if place.calendar.public_holiday(day.date()) is None:
        yield "public holidays aren't known here"
    elif (country or "").upper() != HOME:
        yield "public holidays abroad are unchecked"


def _lines(path: Path) -> Iterator[bytes]:
    """Read a file's lines; raises InputRefused when it can't be read or is too long."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file):
                if number >= LINES_MAX:
                    raise InputRefused(f"more than {LINES_MAX} lines", where=str(path))
                if line.strip():
                    yield line
    except OSError as wrong:
        reason = wrong.strerror or "can't be read"
        raise InputRefused(reason, where=str(path), todo="give a file of NDJSON") from wrong


def _show(found: Answer) -> None:
    for start, end, state, comment in found.intervals:
        write(f"{start}  {end}  {state}{'  ' if comment else ''}{comment}")
    if not found.intervals:
        write("closed all the time")
    for warning in found.warnings:
        complain(f"warning: {warning}")
