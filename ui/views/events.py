"""Events on the territory's calendar: which are to come, when, and one event's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kiosk.domain.facts import Event
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame, facts, unknown
from ui.views.frame import Action, Row, age_of, all_said, joined
from ui.views.moments import capital, local, near, span, today
from ui.views.records import Known, known, known_at, service_of, sources

ASSUMED = timedelta(hours=2)  # how long an event lasts whose end nobody gave


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event with its local start and end; ``end`` is assumed where none was given."""

    known: Known[Event]
    start: datetime
    end: datetime

    @property
    def facts(self) -> Event:
        """What is known of the event."""
        return self.known.facts

    def day(self, first: date) -> date:
        """Give the day under which it is listed: a running event counts as ``first``."""
        return max(self.start.date(), first)


def happening(context: Context, found: Known[Event]) -> Happening:
    """Give an event on the territory's clock."""
    event = found.facts
    start = local(context, event.starts_at)
    assumed = start + (timedelta(days=1) if event.all_day else ASSUMED)
    end = local(context, event.ends_at) if event.ends_at else assumed
    return Happening(known=found, start=start, end=max(end, start))


def to_come(context: Context, service: Service) -> list[Happening]:
    """Give the service's events that aren't over, soonest first."""
    now = context.here_now()
    found = [happening(context, one) for one in known(context, service, Event)]
    return sorted((one for one in found if one.end > now), key=lambda one: one.start)


def place_of(event: Event) -> str:
    """Give « Les Halles, Alençon »."""
    return joined(event.place, event.commune)


def hours_of(context: Context, one: Happening) -> str:
    """Give « de 8 h à 13 h », « toute la journée », or « jusqu’au 3 janvier » for several days."""
    if one.facts.all_day:
        last = (one.end - timedelta(microseconds=1)).date()
        if last > one.start.date():
            return context.words("jusqu’au {day}", day=context.words.day(last))
        return context.words("toute la journée")
    return span(context, one.start, one.end if one.facts.ends_at else None)


def build_event(context: Context, path: str) -> ArticleFrame:
    """Give the page of the event ``<dataset>/<id>``."""
    found = known_at(context, path, Event)
    service = service_of(context, path)
    if found is None or service is None:
        return unknown(context, service)
    words, one = context.words, happening(context, found)
    title, day = words.text(found.record.title), near(context, one.day(today(context)))
    rows = _facts(context, one)
    rest = f"{words.day(one.start.date())}, {hours_of(context, one)}"
    return ArticleFrame(
        title=title,
        subtitle=words.text(service.title),
        age=age_of(found.freshness, words),
        verdict=capital(day),
        rest=capital(rest),
        rows=rows,
        footnote=sources(context, service),
        action=Action(
            title=words("Emporter ce rendez-vous"),
            detail=words("Scannez avec votre téléphone"),
            glyph="qrcode",
            route="takeaway",
            argument=f"event/{path}",
            honey=False,
        ),
        spoken=(f"{title}.", f"{capital(day)}, {rest}.", *all_said(rows)),
    )


def _facts(context: Context, one: Happening) -> tuple[Row, ...]:
    words, record, event = context.words, one.known.record, one.facts
    name, _, rest = place_of(event).partition(", ")
    body = words.text(record.body)
    stated = (
        ("map-pin", "culture", name, rest),
        ("ticket", "live", event.price, words("Prix")),
        ("info-circle", "school", words("À savoir") if body else "", body),
    )
    return facts(stated, demo=record.demo)
