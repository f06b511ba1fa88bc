"""A territory and its services, as a pack declares them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kiosk.domain.bill import Issuers
from kiosk.domain.card_rules import CardRules
from kiosk.domain.freshness import Policy
from kiosk.domain.product import Catalogue
from kiosk.domain.record import Geo, Localised
from kiosk.domain.till_rules import TillRules

Family = Literal["move", "live", "school", "culture", "care", "nature", "card"]
FAMILIES: tuple[Family, ...] = ("move", "live", "school", "culture", "care", "nature", "card")

# The kinds of service: each names the screen that opens it (see ui.routes).
ServiceKind = Literal[
    "weather", "observations", "slopes", "avalanche", "bathing", "tides",
    "departures", "places", "agenda", "cinema", "menus", "waste", "gauges", "notices",
    "steps", "duty", "card", "info", "walks", "sorting", "vehicles", "itinerary",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One cell of the hive.

    ``datasets`` feed its screen, the first one its glance; ``focus`` is the id of the record
    (or the stop) that the glance speaks of, "" for the best one; ``cell`` is its place in the
    hive (row, column), ``phone`` the number to call when nothing is known; ``glance`` is what
    its cell says where no datum can (see ui.glances).
    """

    id: str
    kind: ServiceKind
    family: Family
    icon: str
    title: Localised
    datasets: tuple[str, ...] = ()
    focus: str = ""
    cell: tuple[int, int]
    phone: str = ""
    intro: Localised = field(default_factory=dict[str, str])
    glance: Localised = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A stream of records of one kind: where it comes from and how long it may be believed."""

    id: str
    title: Localised
    kind: str
    connector: str
    source: str
    licence: str
    seed: str = ""  # file or folder inside the pack; "" when only a feed fills it
    policy: Policy = field(default_factory=Policy)
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The box, in WGS 84 degrees, in which everything that the territory shows lies."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, geo: Geo) -> bool:
        """Say whether ``geo`` lies inside or on the edge."""
        return self.south <= geo.lat <= self.north and self.west <= geo.lon <= self.east


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """Who runs the kiosk and what it shows.

    ``holidays_zone`` is the French school zone (A, B or C); ``theme`` maps token names to
    ``#rrggbb``; ``phone`` is the desk to call when the kiosk can't help; ``texts`` maps the
    name of a free text to its words by language; ``dated`` is the day of the pack's own words;
    ``products`` is what its card buys, ``card`` the limits of what is taken without the network,
    ``till`` those of the staff's till; ``bills`` are whose bills are taken.
    """

    slug: str
    name: Localised
    host: Localised  # where the kiosk stands: "Mairie d'Alençon"
    insee: tuple[str, ...]
    holidays_zone: Literal["A", "B", "C"]
    languages: tuple[str, ...]
    timezone: str
    position: Geo
    phone: str
    demo: bool
    services: tuple[Service, ...]
    datasets: Mapping[str, Dataset]
    theme: Mapping[str, str] = field(default_factory=dict[str, str])
    texts: Mapping[str, Localised] = field(default_factory=dict[str, Localised])
    bounds: Bounds | None = None
    dated: date | None = None
    products: Catalogue = field(default_factory=Catalogue)
    card: CardRules = field(default_factory=CardRules)
    till: TillRules = field(default_factory=TillRules)
    bills: Issuers = field(default_factory=Issuers)

    def service(self, service_id: str) -> Service:
        """Give a service by id; raises KeyError."""
        return {one.id: one for one in self.services}[service_id]
