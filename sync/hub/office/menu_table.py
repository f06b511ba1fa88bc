"""A file of menus in the national schema (scdl/menus-collectifs), read for people.

Rules:
1. The connector ``scdl`` reads it, under its caps: what is accepted here is what a feed may bring.
2. Each faulty line is told by its number, in a sentence. One is enough to refuse the whole file:
   a meal without one of its dishes, or a dish without its allergens, would be a lie.
3. What isn't a fault but deserves a look (another encoding than UTF-8) is a remark.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Dish, Menu, facts_of
from kiosk.domain.record import Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.registry import load, manifest_of
from sync.hub.here import Here
from sync.hub.office.sorts import LICENCE
from sync.hub.territories.models import Territory

CONNECTOR: Final = "scdl"
TABLE_BYTES_MAX: Final = 128 * 1024
MEALS_MAX: Final = 400
MEAL_BYTES_MAX: Final = 32 * 1024  # a record bears twice that
FAULTS_MAX: Final = 50  # shown; the others are counted
TITLE_OF: Final = ("main", "dessert")  # the courses that name a meal

# What the connector says, and what it means to who filled the table in.
_WHY: Final = (
    (r"(?P<column>\w+): empty", gettext_noop("%(column)s est vide.")),
    (
        r"(?P<column>\w+): (?:not a date|year \d+ is outside).*",
        gettext_noop("%(column)s n’est pas une date (AAAA-MM-JJ ou JJ/MM/AAAA)."),
    ),
    (
        r"menuPlatType: unknown course: (?P<value>.*)",
        gettext_noop("«\u00a0%(value)s\u00a0» n’est pas un type de plat connu (menuPlatType)."),
    ),
    (
        r"\w+: not one of the fourteen allergens: (?P<value>.*)",
        gettext_noop(
            "«\u00a0%(value)s\u00a0» n’est pas un des quatorze allergènes (menuPlatAllergene)."
        ),
    ),
    (
        r"(?P<cells>\d+) cells under (?P<columns>\d+) columns",
        gettext_noop("%(cells)s cases sous %(columns)s colonnes."),
    ),
    (r"more than (?P<most>\d+) dishes in one meal", gettext_noop("Plus de %(most)s plats.")),
    (r"unreadable from here on.*", gettext_noop("Illisible à partir d’ici.")),
    (
        r"not a CSV table.*|the header is of no known schema.*|not a table of menus",
        gettext_noop(
            "Ce n’est pas une table de menus\u00a0: il manque l’en-tête du schéma national."
        ),
    ),
    (r"a meal is too long", gettext_noop("Un repas est trop long pour une borne.")),
    (r"binary data, not text", gettext_noop("Ce n’est pas un fichier texte.")),
)
_ENCODING = re.compile(r"not UTF-8 as the schemas ask: read as (?P<name>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a line, in a sentence; ``where`` names the line."""

    where: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meal:
    """A meal as it will be shown."""

    id: str
    menu: Menu
    data: dict[str, Json]

    @property
    def title(self) -> str:
        """What it is called: its main dish and its dessert, else its first dish."""
        dishes = self.menu.dishes
        named = [one.name for course in TITLE_OF for one in dishes if one.course == course][:2]
        return ", ".join(named) or next((one.name for one in dishes), self.menu.canteen)

    @property
    def day(self) -> date:
        """Its day."""
        return self.menu.day

    @property
    def canteen(self) -> str:
        """Where it is served."""
        return self.menu.canteen

    @property
    def dishes(self) -> tuple[Dish, ...]:
        """Its dishes."""
        return self.menu.dishes

    def kept(self) -> Json:
        """Give it as a content keeps it."""
        return {"id": self.id, "title": self.title, "data": self.data}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of a file; ``more`` counts the faults that aren't listed."""

    raw: bytes
    meals: tuple[Meal, ...] = ()
    faults: tuple[Fault, ...] = ()
    more: int = 0
    remarks: tuple[str, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """The days that have a meal."""
        return tuple(meal.menu.day for meal in self.meals)

    @property
    def kept(self) -> str:
        """The file as the form of its preview carries it."""
        return base64.b64encode(self.raw).decode()


def kept_bytes(kept: str) -> bytes:
    """Give the file that a form of a preview carried, b"" when there is none."""
    try:
        raw = base64.b64decode(kept, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if len(raw) <= TABLE_BYTES_MAX else b""


def read_menus(raw: bytes, hub: Here, territory: Territory) -> Reading:
    """Read a file of menus; what is wrong with it is told, never raised."""
    now = hub.clock.now()
    context = Context(
        dataset="menus",
        source=territory.name,
        licence=LICENCE,
        observed_at=now,
        now=now,
        timezone=territory.timezone,
    )
    try:
        items = list(_items(raw, context, hub))
        remarks = [one for one in items if isinstance(one, Reject) and _ENCODING.search(one.why)]
        rejects = [one for one in items if isinstance(one, Reject) and one not in remarks]
        meals = tuple(_meals(items))
    except InputRefused as wrong:
        return Reading(raw=raw, faults=(Fault(where="", why=said(wrong.what)),))
    faults = _faults(rejects, len(meals))
    return Reading(
        raw=raw,
        meals=meals[:MEALS_MAX],
        faults=tuple(faults[:FAULTS_MAX]),
        more=max(len(faults) - FAULTS_MAX, 0),
        remarks=tuple(_remark(one) for one in remarks),
    )


def _faults(rejects: Sequence[Reject], meals: int) -> list[Fault]:
    """Give what is wrong with a file of which so many meals were read."""
    if meals > MEALS_MAX:
        return [Fault(where="", why=_("Plus de %d repas\u00a0: coupez le fichier.") % MEALS_MAX)]
    if not meals and not rejects:
        return [Fault(where="", why=_("Aucun repas n’a été trouvé."))]
    return [Fault(where=_place(one.where), why=said(one.why)) for one in rejects]


def said(why: str) -> str:
    """Give a connector's reason as a sentence; an unknown one as it is."""
    for pattern, sentence in _WHY:
        found = re.fullmatch(pattern, why)
        if found is not None:
            return _(sentence) % found.groupdict()
    return _("Illisible\u00a0: %s") % why


def _items(raw: bytes, context: Context, hub: Here) -> Iterator[Item]:
    manifest = manifest_of(CONNECTOR)
    return guarded(load(CONNECTOR).parse, raw, context, manifest, hub.clock.monotonic)


def _meals(items: Iterable[Item]) -> Iterator[Meal]:
    """Give the meals; raises InputRefused when they are records of another schema."""
    for item in items:
        if isinstance(item, Record):
            if item.kind != "menu":
                raise InputRefused("not a table of menus")
            if len(msgspec.json.encode(dict(item.data))) > MEAL_BYTES_MAX:
                raise InputRefused("a meal is too long")
            yield Meal(id=item.id, menu=facts_of(item, Menu), data=dict(item.data))


def _place(where: str) -> str:
    return where.replace("line", _("Ligne")) if where.startswith("line ") else where


def _remark(reject: Reject) -> str:
    found = _ENCODING.search(reject.why)
    name = found["name"] if found else ""
    return _("Fichier lu en %s\u00a0: vérifiez les accents ci-dessous.") % name
