"""A list of places: each with its door's state."""

from __future__ import annotations

from kiosk.domain.facts import Place
from kiosk.domain.hours import Door
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.doors import DoorWords, door_words
from ui.views.frame import Frame, Row, all_said, joined
from ui.views.records import (
    LIST_MAX,
    Known,
    age_of_all,
    known,
    nothing_known,
    sources,
)

DOORS = (Door.OPEN, Door.UNKNOWN, Door.CLOSED)  # in the order of the list


def build_places(context: Context, service_id: str) -> Frame:
    """Give the places of a service, open ones first, then the most asked for."""
    words = context.words
    service = context.territory.service(service_id)
    found = known(context, service, Place, limit=LIST_MAX)
    doors = [(one, door_words(context, one.facts.hours)) for one in found]
    doors.sort(key=lambda pair: DOORS.index(pair[1].door))
    rows = tuple(_row(context, service, one, door) for one, door in doors)
    return Frame(
        title=words.text(service.title),
        subtitle=words.text(context.territory.name),
        lead=words.text(service.intro),
        age=age_of_all(context, found),
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=(words.text(service.title) + ".", *all_said(rows)),
    )


def _row(context: Context, service: Service, one: Known[Place], door: DoorWords) -> Row:
    place = one.facts
    return Row(
        key=one.path,
        heading=context.words.text(one.record.title),
        detail=joined(place.address, place.commune),
        glyph=service.icon,
        family=service.family,
        state_text=door.line,
        state_glyph=door.glyph,
        tone=door.tone,
        demo=one.record.demo,
        route="place",
        argument=f"{service.id}/{one.path}",
    )
