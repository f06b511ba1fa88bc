"""The vehicles near here, one a line: where each calls next, when, and how late it is.

Rules:
1. A vehicle is a run of the timetable that calls within NEXT_MAX at one of the STOPS_MAX stops
   nearest to the kiosk; it is listed once, at its next call.
2. What no live feed speaks of is shown as planned, never as followed live.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from kiosk.domain.freshness import State
from kiosk.domain.territory import Service
from kiosk.domain.transit import Departure
from ui.context import Context
from ui.views.departures import figure_of, heading_of, leaves_at, state_of
from ui.views.frame import Action, Frame, Row, age_of, all_said, worst
from ui.views.records import LIST_MAX, datasets_of, nothing_known, sources

STOPS_MAX = 60
CALLS_MAX = 20  # of one stop within NEXT_MAX
NEXT_MAX = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A run on its way: its next call, and the name of the stop there."""

    call: Departure
    stop: str

    @property
    def live(self) -> bool:
        """Whether a live feed speaks of it."""
        return self.call.freshness.state is State.LIVE


def build_vehicles(context: Context, service_id: str) -> Frame:
    """Give the vehicles on their way, the soonest first."""
    words = context.words
    service = context.territory.service(service_id)
    found = vehicles_of(context, service)[:LIST_MAX]
    rows = tuple(_row(context, one) for one in found)
    none = words("Aucun véhicule près d’ici dans le prochain quart d’heure.")
    board = _board(context, service)
    return Frame(
        title=words.text(service.title),
        subtitle=words("Près d’ici"),
        lead=words.text(service.intro),
        age=age_of(worst([one.call.freshness for one in found]), words),
        rows=rows,
        empty=none if _stopped(context, service) else nothing_known(context, service),
        footnote=sources(context, service),
        action=board,
        spoken=(f"{words.text(service.title)}.", *(all_said(rows) or (none,))),
    )


def _board(context: Context, service: Service) -> Action:
    """Give the way to the timetable of the same datasets, if the territory has one."""
    feeds = set(service.datasets)
    same = (one for one in context.territory.services if one.kind == "departures")
    board = next((one for one in same if feeds & set(one.datasets)), None)
    if board is None:
        return Action(title="")
    return Action(
        title=context.words("Voir les horaires"),
        detail=context.words.text(board.title),
        glyph=board.icon,
        route=board.kind,
        argument=board.id,
        honey=False,
    )


def _stopped(context: Context, service: Service) -> bool:
    """Say whether any stop is known at all."""
    return any(context.cache.count(dataset.id) for dataset in datasets_of(context, service))


def vehicles_of(context: Context, service: Service) -> list[Vehicle]:
    """Give the vehicles near the kiosk, the soonest at its next stop first."""
    nearest: dict[str, Vehicle] = {}
    for one in sorted(_calls(context, service), key=lambda one: leaves_at(one.call)):
        nearest.setdefault(one.call.trip, one)
    return list(nearest.values())


def _calls(context: Context, service: Service) -> Iterator[Vehicle]:
    now, here = context.here_now(), context.territory.position
    for dataset in datasets_of(context, service):
        stops = context.cache.nearest(dataset.id, here, dataset.policy, limit=STOPS_MAX)
        for stop in stops:
            key, name = f"{dataset.id}/{stop.value.id}", context.words.text(stop.value.title)
            for call in context.timetable.departures(key, now, limit=CALLS_MAX):
                if leaves_at(call) - now <= NEXT_MAX:
                    yield Vehicle(call=call, stop=name)


def _row(context: Context, one: Vehicle) -> Row:
    words, call = context.words, one.call
    state_text, state_glyph, tone = state_of(context, call)
    figure, unit = figure_of(context, call, leaves_at(call).astimezone(context.here_now().tzinfo))
    return Row(
        key=f"{call.trip}/{call.scheduled.date()}",
        heading=words("Vers {place}", place=heading_of(call)),
        detail=words("Prochain arrêt\u00a0: {stop}", stop=one.stop),
        badge=call.line or "–",
        badge_colour=call.colour,
        badge_ink=call.text_colour,
        trailing=figure,
        unit=unit,
        state_text=state_text,
        state_glyph=state_glyph,
        tone=tone,
        mark_glyph="wheelchair" if call.wheelchair else "",
        demo=call.freshness.demo,
    )
