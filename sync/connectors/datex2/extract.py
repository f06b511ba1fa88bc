"""Looks into one DATEX II element: texts by language, validity, position and line.

The versions (1, 2, 3) differ in namespaces and in where they nest a thing, and agree on the
names; so parts are found by their local name, however deep, in one walk of the element.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from kiosk.domain.record import Geo, Json
from kiosk.domain.text import clean_line
from sync.connectors.base import geo_of
from sync.connectors.strict_xml import XML_LANG, child, local, text_of
from sync.connectors.times import moment_of

PERIODS_MAX = 50
POINTS_MAX = 200  # of the simplified line
LANGUAGES_MAX = 10
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SHOWN_FIRST = ("locationForDisplay", "coordinatesForDisplay", "pointCoordinates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """From when to when a thing holds (None: open) and its stretches inside, if it has some."""

    starts: datetime | None
    ends: datetime | None
    periods: tuple[tuple[datetime | None, datetime | None], ...]


class Part:
    """An element with all that stands in it, by local name in the document's order."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self._inside: dict[str, list[Element]] = {}
        for inner in element.iter():
            if inner is not element:
                self._inside.setdefault(local(inner), []).append(inner)

    def all(self, *names: str) -> list[Element]:
        """Give the elements of these names, those of the first name first."""
        return [found for name in names for found in self._inside.get(name, [])]

    def first(self, *names: str) -> Element | None:
        """Give the first element of these names."""
        return next(iter(self.all(*names)), None)

    def text(self, *names: str) -> str:
        """Give the first text of these names on one line, "" when there is none."""
        texts = (clean_line(found.text or "") for found in self.all(*names))
        return next(filter(None, texts), "")

    def text_at_length(self, name: str) -> str:
        """Give the first text of this name as it stands, however long."""
        found = self.first(name)
        return (found.text or "") if found is not None else ""

    def texts(self, *names: str) -> list[str]:
        """Give every text of these names, each once."""
        texts = (clean_line(found.text or "") for found in self.all(*names))
        return list(dict.fromkeys(filter(None, texts)))


def type_of(element: Element) -> str:
    """Give the element's xsi:type without its prefix."""
    return clean_line(element.get(_TYPE, "").rpartition(":")[2])


def spoken(elements: Iterable[Element], language: str) -> dict[str, str]:
    """Give multilingual texts (values/value), those of one language joined by line breaks."""
    texts: dict[str, list[str]] = {}
    for tag, found in _values(elements, language):
        if tag in texts or len(texts) < LANGUAGES_MAX:
            texts.setdefault(tag, []).append(found)
    return {tag: "\n".join(dict.fromkeys(found)) for tag, found in texts.items()}


def _values(elements: Iterable[Element], language: str) -> Iterator[tuple[str, str]]:
    """Give (language, text) of each value that has a text."""
    for value in (value for element in elements for value in Part(element).all("value")):
        told = clean_line(value.get("lang", "") or value.get(XML_LANG, ""))
        found = " ".join((value.text or "").split())
        if found:
            yield told.split("-")[0].casefold() or language, found


def validity_of(part: Part, zone: ZoneInfo) -> Validity:
    """Give when the thing holds; raises InputRefused when a time in it can't be read."""
    periods = part.all("validPeriod")[:PERIODS_MAX]
    return Validity(
        starts=_time(part.text("overallStartTime"), zone),
        ends=_time(part.text("overallEndTime"), zone),
        periods=tuple(
            (
                _time(text_of(period, "startOfPeriod"), zone),
                _time(text_of(period, "endOfPeriod"), zone),
            )
            for period in periods
        ),
    )


def periods_of(validity: Validity) -> list[Json]:
    """Give the stretches as pairs of ISO times, None where one is open."""
    return [[_iso(start), _iso(end)] for start, end in validity.periods]


def _time(text: str, zone: ZoneInfo) -> datetime | None:
    return moment_of(text, zone) if text else None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def line_of(part: Part) -> list[tuple[float, float]]:
    """Give the first line (posList: latitude longitude …), thinned to POINTS_MAX points."""
    numbers = _numbers(part.text_at_length("posList"))
    places = filter(None, map(geo_of, numbers[0::2], numbers[1::2]))
    points = [(geo.lat, geo.lon) for geo in places]
    if len(points) < 2 or len(points) * 2 != len(numbers):
        return []
    return points[:: -(-len(points) // POINTS_MAX)]


def position_of(part: Part, line: list[tuple[float, float]]) -> Geo | None:
    """Give the position to display, else a point of it, else the middle of the line."""
    pairs = (*part.all(*_SHOWN_FIRST), *part.all("from", "to"))
    found = next(filter(None, _positions(pairs)), None)
    if found or not line:
        return found
    lat, lon = line[len(line) // 2]
    return geo_of(lat, lon)


def _positions(elements: Iterable[Element]) -> Iterator[Geo | None]:
    for element in elements:
        holder = child(element, "pointCoordinates")
        place = element if holder is None else holder
        numbers = _numbers(f"{text_of(place, 'latitude')} {text_of(place, 'longitude')}")
        yield geo_of(*numbers) if len(numbers) == 2 else None


def _numbers(text: str) -> list[float]:
    """Give the decimal numbers in ``text``, nothing when one of its words isn't a number."""
    try:
        return [float(word) for word in text.split()]
    except ValueError:
        return []
