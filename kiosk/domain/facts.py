"""What a record's ``data`` holds, by kind: typed facts parsed at the edge.

=========  =====================================================================
kind       facts
=========  =====================================================================
place      Place: address, phone, opening hours (OSM grammar), access, tariffs
walk       Walk: length, climb, duration, difficulty and line of a walk or hike
event      Event: start and end, place, price (agenda, cinema showings)
menu       Menu: the dishes of one day in one canteen, with allergens (1…14)
waste      WasteDay: what is collected on one day in one commune
sorting    Sorting: where a thing that one throws away goes
step       Step: an administrative procedure: where, papers, fee, delay
notice     Notice: a message or an alert with a level
gauge      Gauge: free places, bathers … out of a capacity
duty       Duty: who is on duty, from when to when
commune    Commune: INSEE code, population
stop       Stop: a station or stop of public transport
tide       Tide: a predicted high or low water, its height and datum
avalanche  Avalanche: the risk 1…5 of a massif by altitude and slope, and until when
bathing    Bathing: the flag, the water's quality and advice of one beach
slope      Slope: a ski run or a lift, and whether it is open
forecast   Forecast: the weather foretold for one part of a day
observation  Observation: what was measured or seen: an index, a depth, a view
problem    Problem: a sort of problem that can be reported, and to whom
report     Report: a problem that somebody reported, and what became of it
opening    Opening: other hours than the usual ones of a place, on some days
hive       HiveOrder: which services the hive shows, and in which order
=========  =====================================================================
``facts_of`` decodes strictly: unknown fields are kept out, lax types are refused.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, TypeVar

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Json, Record

Level = Literal["info", "yellow", "orange", "red"]
Counted = Literal["free_places", "people_inside", "vehicles"]  # vehicles: to rent at a station


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """A published tariff; ``cents`` 0 is free of charge."""

    label: dict[str, str]
    cents: int


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place with a door: ``hours`` in the OSM opening_hours grammar, "" when unknown."""

    address: str = ""
    commune: str = ""
    phone: str = ""
    hours: str = ""
    hours_note: dict[str, str] = {}
    access: dict[str, str] = {}
    prices: tuple[Price, ...] = ()
    gauge: str = ""  # id of the gauge record that counts who is inside
    stop: str = ""  # name of the nearest stop
    website: str = ""
    sort: str = ""  # what it is, as an OSM tag: "amenity=library"
    wheelchair: Literal["", "yes", "limited", "no"] = ""  # "" when nobody said


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """A walk, hike or ride; what its source doesn't say is None, "" or empty.

    ``lines`` are the simplified line's parts, of [latitude, longitude] in WGS 84 degrees.
    """

    distance_m: int | None = None
    ascent_m: int | None = None
    descent_m: int | None = None
    duration_min: int | None = None
    loop: bool | None = None
    difficulty: dict[str, str] = {}
    practice: dict[str, str] = {}  # on foot, by bike …
    start: dict[str, str] = {}
    end: dict[str, str] = {}
    access: dict[str, str] = {}
    commune: str = ""
    website: str = ""
    lines: tuple[tuple[tuple[float, float], ...], ...] = ()


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """One sitting of an event that has several."""

    starts_at: datetime
    ends_at: datetime | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happens; an all-day event starts and ends at midnight of its place.

    One with several ``timings`` starts and ends with the next one when it was read.
    """

    starts_at: datetime
    ends_at: datetime | None = None
    all_day: bool = False
    place: str = ""
    commune: str = ""
    price: str = ""
    timings: tuple[Timing, ...] = ()


class Dish(msgspec.Struct, frozen=True, kw_only=True):
    """One dish; ``allergens`` are the numbers 1…14 of Annex II, Regulation (EU) 1169/2011."""

    course: Literal["starter", "main", "side", "dairy", "dessert"]
    name: str
    allergens: tuple[int, ...] = ()
    labels: tuple[str, ...] = ()  # "bio", "local", "vegetarian"


class Menu(msgspec.Struct, frozen=True, kw_only=True):
    """The meal of ``day`` in ``canteen``."""

    day: date
    canteen: str
    dishes: tuple[Dish, ...]


Bin = Literal[
    "recycling", "household", "glass", "bio", "paper", "textile", "depot", "shop"
]  # "depot" the waste reception centre, "shop" where it was sold takes it back


class WasteDay(msgspec.Struct, frozen=True, kw_only=True):
    """A collection on ``day`` in ``commune`` (and ``sector``)."""

    day: date
    commune: str
    sector: str = ""
    stream: Literal["household", "recycling", "glass", "bio", "bulky", "paper"]


class Sorting(msgspec.Struct, frozen=True, kw_only=True):
    """Where a thing that one throws away goes; the record's title is the thing."""

    bin: Bin


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """An administrative procedure, in the words of a neighbour."""

    where: dict[str, str]
    papers: dict[str, list[str]] = {}
    fee: dict[str, str] = {}
    delay: dict[str, str] = {}
    website: str = ""


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A message to everybody; ``level`` above info is an alert."""

    level: Level = "info"
    topic: str = ""  # icon name: "wind", "road-off", …


class Gauge(msgspec.Struct, frozen=True, kw_only=True):
    """A count out of a capacity; ``what`` says of what the ``value`` is a count."""

    what: Counted
    value: int
    capacity: int  # 0 when nobody tells it
    open: bool = True
    place: str = ""  # id of the place it belongs to


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """Who is on duty (pharmacy, doctor) from ``starts_at`` to ``ends_at``."""

    starts_at: datetime
    ends_at: datetime
    place: str  # id of the place record
    phone: str = ""


class Commune(msgspec.Struct, frozen=True, kw_only=True):
    """A commune of France; ``population`` 0 when the source does not say."""

    insee: str
    population: int = 0
    postcodes: tuple[str, ...] = ()


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """A station or stop; ``lines`` that serve it."""

    lines: tuple[str, ...] = ()
    accessible: bool | None = None


class Tide(msgspec.Struct, frozen=True, kw_only=True):
    """A predicted high or low water; indicative, never for navigation.

    ``height_m`` is above ``datum``: "LAT", the lowest astronomical tide.
    """

    time: datetime
    height_m: float
    kind: Literal["high", "low"]
    datum: str
    station: str = ""
    indicative: bool = True


AvalancheLevel = Literal[1, 2, 3, 4, 5]  # European avalanche danger scale
Aspect = Literal["N", "NE", "E", "SE", "S", "SW", "W", "NW"]


class AvalancheRisk(msgspec.Struct, frozen=True, kw_only=True):
    """The risk of one belt of altitude; ``later`` when it changes within the day.

    ``above_m`` and ``below_m`` bound the belt; both None: all altitudes.
    """

    level: AvalancheLevel
    later: AvalancheLevel | None = None
    above_m: int | None = None
    below_m: int | None = None


class Avalanche(msgspec.Struct, frozen=True, kw_only=True):
    """The avalanche risk of a massif; withdrawn at ``valid_until``, never shown after it."""

    massif: str
    level: AvalancheLevel  # the highest
    risks: tuple[AvalancheRisk, ...] = ()
    aspects: tuple[Aspect, ...] = ()  # slopes where the risk is marked
    valid_until: datetime


class Bathing(msgspec.Struct, frozen=True, kw_only=True):
    """A bathing place; "" or None is what nobody said, and a flag past its time is "".

    ``flag`` in the colours of decree 2022-105; ``quality`` is the season's class and ``sample``
    the verdict on the water taken on ``sampled_on`` (directive 2006/7/EC).
    """

    flag: Literal["", "green", "yellow", "red", "purple"] = ""
    flag_until: datetime | None = None
    quality: Literal["", "excellent", "good", "sufficient", "insufficient"] = ""
    sample: Literal["", "good", "average", "poor"] = ""
    sampled_on: date | None = None
    forbidden: bool | None = None
    supervised: str = ""  # in the OSM opening_hours grammar
    water_c: float | None = None
    commune: str = ""


class Slope(msgspec.Struct, frozen=True, kw_only=True):
    """A ski run or a lift; ``state`` is "" when its resort doesn't say."""

    sort: Literal["piste", "nordic", "sledge", "lift"]
    state: Literal["", "open", "opening", "closed", "out_of_season"] = ""
    difficulty: Literal["", "green", "blue", "red", "black"] = ""
    groomed: bool | None = None
    resort: str = ""
    sector: str = ""
    hours: str = ""  # in the OSM opening_hours grammar


Sky = Literal["sun", "clearings", "cloud", "fog", "rain", "showers", "storm", "snow"]


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """The weather foretold from ``starts_at`` to ``ends_at``; None is what nobody foretold."""

    starts_at: datetime
    ends_at: datetime
    sky: Sky
    low_c: int | None = None
    high_c: int | None = None
    wind_kmh: int | None = None
    gust_kmh: int | None = None
    wind_from: Aspect | None = None
    rain_mm: float | None = None
    rain_percent: int | None = None


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured or seen when the record was observed.

    A ``value`` with its ``unit``, a ``word`` by language, or a ``picture`` (the record's body
    describes it); ``level`` is how good that is, "" where it can't be said.
    """

    value: float | None = None
    unit: str = ""
    word: dict[str, str] = {}
    level: Literal["", "good", "fair", "poor", "bad"] = ""
    topic: str = ""  # icon name
    picture: bool = False


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A sort of problem that citizens can report (a hole in the road, a lamp that is out)."""

    code: str
    group: str = ""
    keywords: tuple[str, ...] = ()
    asks_more: bool | None = None  # further questions are asked; None: not told


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A reported problem; ``problem`` is the code of its sort, "" or None what nobody said.

    ``step`` is where it stands in our own hub (kiosk.domain.report), "" elsewhere.
    """

    state: Literal["", "open", "closed"] = ""
    step: Literal["", "received", "assigned", "answered", "closed"] = ""
    problem: str = ""
    reported_at: datetime | None = None
    updated_at: datetime | None = None
    expected_at: datetime | None = None  # when it should be mended
    answer: str = ""
    agency: str = ""
    address: str = ""


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Other hours of a place from ``first_day`` to ``last_day``; the record's title says why.

    ``place`` is ``<dataset>/<id>`` of its record; ``hours`` are times in the OSM opening_hours
    grammar (« 09:00-12:00 »), "" when it is closed.
    """

    place: str
    first_day: date
    last_day: date
    hours: str = ""


class HiveOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The services that the hive shows, by their ids, in the order of its cells."""

    services: tuple[str, ...]


Facts = (
    Place
    | Walk
    | Event
    | Menu
    | WasteDay
    | Sorting
    | Step
    | Notice
    | Gauge
    | Duty
    | Commune
    | Stop
    | Tide
    | Avalanche
    | Bathing
    | Slope
    | Forecast
    | Observation
    | Problem
    | Report
    | Opening
    | HiveOrder
)
KINDS: dict[str, type[Facts]] = {
    "place": Place,
    "walk": Walk,
    "event": Event,
    "menu": Menu,
    "waste": WasteDay,
    "sorting": Sorting,
    "step": Step,
    "notice": Notice,
    "gauge": Gauge,
    "duty": Duty,
    "commune": Commune,
    "stop": Stop,
    "tide": Tide,
    "avalanche": Avalanche,
    "bathing": Bathing,
    "slope": Slope,
    "forecast": Forecast,
    "observation": Observation,
    "problem": Problem,
    "report": Report,
    "opening": Opening,
    "hive": HiveOrder,
}

F = TypeVar("F", bound=msgspec.Struct)


def facts_of(record: Record, kind: type[F]) -> F:
    """Give the typed facts of ``record``; raises InputRefused when ``data`` isn't of that kind."""
    try:
        return msgspec.convert(dict(record.data), kind)
    except msgspec.ValidationError as wrong:
        raise InputRefused(str(wrong), where=f"{record.dataset}/{record.id}") from wrong


def data_of(facts: msgspec.Struct) -> dict[str, Json]:
    """Give the JSON-ready mapping that goes into a record's ``data``."""
    built: dict[str, Json] = msgspec.to_builtins(facts)
    return built
