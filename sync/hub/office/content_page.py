"""What the page of one content tells of it, in words: its kind's facts, its meals."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import msgspec
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kiosk.domain.facts import Event, Menu, Notice, Opening
from sync.hub.office.models import Content, Kind, Level
from sync.hub.office.places import places_of
from sync.hub.office.sorts import SORTS

MEALS_MAX: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Facts as (name, value), and meals."""

    lines: tuple[tuple[str, str], ...] = ()
    meals: tuple[Menu, ...] = field(default=())


def facts_of(content: Content) -> Told:
    """Give what a content says beyond its title and text; moments in the zone in force."""
    return _TELL[Kind(content.kind)](content)


def _notice(content: Content) -> Told:
    level = msgspec.convert(content.data, Notice).level
    return Told(lines=((_("Niveau"), str(Level(level).label)),))


def _event(content: Content) -> Told:
    event = msgspec.convert(content.data, Event)
    lines = (
        (_("Commence"), _moment(event.starts_at)),
        (_("Finit"), _moment(event.ends_at) if event.ends_at else ""),
        (_("Lieu"), ", ".join(filter(None, (event.place, event.commune)))),
        (_("Prix"), event.price),
    )
    return Told(lines=tuple(line for line in lines if line[1]))


def _opening(content: Content) -> Told:
    told = msgspec.convert(content.data, Opening)
    name = dict(places_of(content.territory)).get(told.place, told.place)
    days = f"{_day(told.first_day)} – {_day(told.last_day)}"
    return Told(
        lines=(
            (_("Lieu"), name),
            (_("Jours"), days if told.last_day > told.first_day else _day(told.first_day)),
            (_("Horaires"), told.hours.replace(",", ", ") or _("fermé")),
        )
    )


def _menus(content: Content) -> Told:
    return Told(meals=tuple(_meals(content))[:MEALS_MAX])


def _meals(content: Content) -> Iterator[Menu]:
    for piece in SORTS[Kind.MENU].pieces(content):
        yield msgspec.convert(piece.data, Menu)


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "d/m/Y H:i")


def _day(day: date) -> str:
    return date_format(day, "d/m/Y")


_TELL: Final[Mapping[Kind, Callable[[Content], Told]]] = {
    Kind.NOTICE: _notice,
    Kind.EVENT: _event,
    Kind.OPENING: _opening,
    Kind.MENU: _menus,
}
