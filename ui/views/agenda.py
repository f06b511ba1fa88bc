"""The agenda: what happens, by day."""

from __future__ import annotations

from ui.context import Context
from ui.views.events import Happening, hours_of, place_of, to_come
from ui.views.frame import Frame, Row, joined, said
from ui.views.moments import heading, today
from ui.views.records import LIST_MAX, age_of_all, nothing_known, sources


def build_agenda(context: Context, service_id: str) -> Frame:
    """Give the events to come, soonest first, under their days."""
    words = context.words
    service = context.territory.service(service_id)
    coming = to_come(context, service)[:LIST_MAX]
    rows = tuple(_row(context, one) for one in coming)
    return Frame(
        title=words.text(service.title),
        subtitle=words.text(context.territory.name),
        lead=words.text(service.intro),
        age=age_of_all(context, [one.known for one in coming]),
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=(
            words("{title}, ce qui vient.", title=words.text(service.title)),
            *(f"{row.section}. {said(row)}" for row in rows[:6]),
        ),
    )


def _row(context: Context, one: Happening) -> Row:
    record, began = one.known.record, one.start < context.here_now()
    now = context.words("en ce moment") if began else ""
    clock = "" if one.facts.all_day or began else context.words.clock(one.start)
    return Row(
        key=one.known.path,
        heading=context.words.text(record.title),
        detail=place_of(one.facts),
        glyph="calendar-event",
        family="culture",
        trailing=clock,
        state_text=joined(now, "" if now and not one.facts.all_day else hours_of(context, one)),
        state_glyph="clock",
        tone="good" if began else "muted",
        section=heading(context, one.day(today(context))),
        demo=record.demo,
        route="event",
        argument=one.known.path,
    )
