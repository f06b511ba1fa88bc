"""The live glance of each cell of the hive: the answer that spares a tap.

One rule a kind of service; each gives a short text with the freshness of the datum behind it.
A rule that finds nothing says nothing, and the cell says to ask at the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.domain.facts import Place, facts_of
from kiosk.domain.freshness import ABSENT, Dated
from kiosk.domain.record import Record
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.departures import board_of, line_of, wait_of
from ui.views.doors import door_words

Glance = Dated[str]
Rule = Callable[[Context, Service], Glance]


def glance(context: Context, service: Service) -> Glance:
    """Give the service's glance; an empty text with an absent state when nothing is known."""
    rule = RULES.get(service.kind)
    return rule(context, service) if rule else Dated(value="", freshness=ABSENT)


def focus_of(context: Context, service: Service) -> Dated[Record] | None:
    """Give the record that the glance speaks of: the focus, else the most popular one."""
    if not service.datasets:
        return None
    dataset = context.territory.datasets.get(service.datasets[0])
    if dataset is None:
        return None
    if service.focus:
        return context.cache.record(dataset.id, service.focus, dataset.policy)
    return next(iter(context.cache.records(dataset.id, dataset.policy, limit=1)), None)


def _departures(context: Context, service: Service) -> Glance:
    board = board_of(context, service, limit=6)
    for departure in board:
        if not departure.cancelled:
            text = f"{line_of(context, departure)} {wait_of(context, departure)}"
            return Dated(value=text, freshness=departure.freshness)
    return Dated(value="", freshness=ABSENT)


def _places(context: Context, service: Service) -> Glance:
    found = focus_of(context, service)
    if found is None:
        return Dated(value="", freshness=ABSENT)
    words = door_words(context, facts_of(found.value, Place).hours)
    return Dated(value=words.short, freshness=found.freshness)


def _card(context: Context, _service: Service) -> Glance:
    fresh = ABSENT
    return Dated(value=context.words("Posez-la en bas"), freshness=fresh)


def _intro(context: Context, service: Service) -> Glance:
    return Dated(value=context.words.text(service.intro), freshness=ABSENT)


RULES: Mapping[str, Rule] = {
    "departures": _departures,
    "places": _places,
    "card": _card,
    "info": _intro,
}
