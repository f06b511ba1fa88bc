"""One place: is it open, today's timeline, the week, prices, access, how to get there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kiosk.domain.facts import Gauge, Place, Price
from kiosk.domain.freshness import ABSENT, State
from kiosk.domain.hours import Door, Interval
from kiosk.domain.money import Money
from kiosk.domain.record import Record
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import facts
from ui.views.doors import DoorWords, door_words
from ui.views.frame import Action, Frame, Row, age_of, all_said, joined
from ui.views.moments import labelled
from ui.views.records import Known, known, known_at, nothing_known, sources
from ui.views.shop import entry_row

DAY_FROM_H, DAY_TO_H = 7, 22  # what the day's timeline shows
DAY, DAY_LENGTH_H = timedelta(days=1), DAY_TO_H - DAY_FROM_H
CALM_BELOW, FULL_FROM = 0.4, 0.8  # shares of the capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """An open stretch on the day's timeline; start and length as shares of its width, 0…1."""

    start: float
    length: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the week's strip."""

    name: str
    hours: str
    today: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFrame(Frame):
    """A place's frame; ``now_at`` is the present on the timeline, 0…1 (-1: outside)."""

    verdict: str = ""
    rest: str = ""
    note: str = ""
    tone: str = "muted"
    segments: tuple[Segment, ...] = ()
    days: tuple[Day, ...] = ()
    now_at: float = -1.0


def build_place(context: Context, argument: str) -> PlaceFrame:
    """Give the screen of the place ``<service>/<dataset>/<record>``."""
    service_id, _, path = argument.partition("/")
    service = context.territory.service(service_id)
    one = known_at(context, path, Place)
    return _unknown(context, service) if one is None else _known(context, service, one)


def _unknown(context: Context, service: Service) -> PlaceFrame:
    words = context.words
    sentence = nothing_known(context, service)
    return PlaceFrame(
        title=words.text(service.title),
        age=age_of(ABSENT, words),
        empty=sentence,
        spoken=(sentence,),
    )


def _known(context: Context, service: Service, one: Known[Place]) -> PlaceFrame:
    words, record, place = context.words, one.record, one.facts
    door = door_words(context, place.hours)
    now = context.here_now()
    midnight = datetime.combine(now.date(), time(), tzinfo=now.tzinfo)
    rows = (*entry_row(context, service.id), *_rows(context, service, record, place))
    return PlaceFrame(
        title=words.text(record.title),
        subtitle=joined(place.address, place.commune),
        age=age_of(one.freshness, words),
        verdict=door.word,
        rest=door.rest,
        note=words.text(place.hours_note),
        tone=door.tone,
        segments=_segments(context, place, midnight),
        days=_days(context, place, midnight),
        now_at=_share(now, midnight),
        rows=rows,
        footnote=sources(context, service),
        action=Action(
            title=words("Emporter cette adresse"),
            detail=words("Scannez avec votre téléphone"),
            glyph="qrcode",
            route="takeaway",
            argument=f"place/{one.path}",
            honey=False,
        ),
        spoken=_spoken(words.text(record.title), door, rows),
    )


def _spoken(title: str, door: DoorWords, rows: tuple[Row, ...]) -> tuple[str, ...]:
    return (
        f"{title}. {door.line}.",
        *all_said(rows),
    )


def _share(moment: datetime, midnight: datetime) -> float:
    hours = (moment - midnight).total_seconds() / 3600
    inside = DAY_FROM_H <= hours <= DAY_TO_H
    return (hours - DAY_FROM_H) / DAY_LENGTH_H if inside else -1.0


def _segments(context: Context, place: Place, midnight: datetime) -> tuple[Segment, ...]:
    """Give today's open stretches, drawn from DAY_FROM_H to DAY_TO_H, with their real hours."""
    found = context.hours.intervals(place.hours, midnight, midnight + DAY)
    shown = [(span, *_drawn(span, midnight)) for span in found if span.door is Door.OPEN]
    return tuple(
        Segment(start=start, length=end - start, label=_hours_label(context, span))
        for span, start, end in shown
        if end > start
    )


def _drawn(span: Interval, midnight: datetime) -> tuple[float, float]:
    """Give where a stretch begins and ends on the timeline, 0…1."""
    hours = [(moment - midnight).total_seconds() / 3600 for moment in (span.start, span.end)]
    start, end = (min(max(hour, DAY_FROM_H), DAY_TO_H) for hour in hours)
    return (start - DAY_FROM_H) / DAY_LENGTH_H, (end - DAY_FROM_H) / DAY_LENGTH_H


def _hours_label(context: Context, span: Interval) -> str:
    words = context.words
    if span.end - span.start >= DAY:
        return words("24\u00a0h sur 24")
    return f"{words.time(span.start)} – {words.time(span.end)}"


def _days(context: Context, place: Place, midnight: datetime) -> tuple[Day, ...]:
    monday = midnight - timedelta(days=midnight.weekday())
    days = [monday + timedelta(days=i) for i in range(7)]
    unknown = context.hours.verdict(place.hours, midnight).door is Door.UNKNOWN
    return tuple(
        Day(
            name=context.words.weekday(day.date()),
            hours="?" if unknown else _hours_of(context, place, day),
            today=day.date() == midnight.date(),
        )
        for day in days
    )


def _hours_of(context: Context, place: Place, day: datetime) -> str:
    spans = context.hours.intervals(place.hours, day, day + DAY)
    if any(span.end - span.start >= DAY for span in spans):
        return context.words("24\u00a0h")
    return "\n".join(_span(span, day) for span in spans) or context.words("fermé")


def _span(span: Interval, day: datetime) -> str:
    """Give « 8:30–12 »; the night's end is 24."""
    ends = "24" if span.end >= day + DAY else _short(span.end)
    return f"{_short(span.start)}–{ends}"


def _short(moment: datetime) -> str:
    return f"{moment.hour}" if moment.minute == 0 else f"{moment:%-H:%M}"


def _rows(context: Context, service: Service, record: Record, place: Place) -> list[Row]:
    words, demo = context.words, record.demo
    stop = words("Arrêt {stop}", stop=place.stop) if place.stop else ""
    prices = [price_words(context, price) for price in place.prices]
    stated = (
        ("ticket", "live", *_first_and_rest(prices)),
        ("wheelchair", "move", words("Accessibilité"), words.text(place.access)),
        ("map-pin", "culture", stop, words("le plus proche")),
        ("phone-call", "care", place.phone, words("Téléphone")),
        ("info-circle", "school", words("À savoir"), words.text(record.body)),
        ("world", "nature", words("Sur internet"), place.website.removeprefix("https://")),
    )
    said_rows = [row for row in stated if row[0] == "ticket" or row[3]]
    return [*_gauge_rows(context, service, place), *facts(said_rows, demo=demo)]


def _first_and_rest(prices: list[str]) -> tuple[str, str]:
    return "".join(prices[:1]), ", ".join(prices[1:])


def price_words(context: Context, price: Price) -> str:
    """Give « Entrée : 5,20 € », « Lire sur place : gratuit »."""
    words = context.words
    said = words.money(Money(price.cents)) if price.cents else words("gratuit")
    return labelled(context, words.text(price.label), said)


def _gauge_rows(context: Context, service: Service, place: Place) -> list[Row]:
    """Give the line that says how many people are inside or places free, when that is known."""
    found = known(context, service, Gauge) if place.gauge else []
    one = next((gauge for gauge in found if gauge.record.id == place.gauge), None)
    if one is None:
        return []
    age = age_of(one.freshness, context.words)
    heading, detail, glyph = _counted(context, service, one.facts)
    return [
        Row(
            key="gauge",
            glyph=glyph,
            family="nature",
            heading=heading,
            detail=detail,
            state_text=f"{age.label}, {age.text}",
            state_glyph=age.glyph,
            tone="good" if one.freshness.state is State.LIVE else "muted",
            demo=one.freshness.demo,
        )
    ]


def _counted(context: Context, service: Service, gauge: Gauge) -> tuple[str, str, str]:
    """Say what a gauge counts: heading, detail, icon."""
    words, count = context.words, {"n": gauge.value, "capacity": gauge.capacity}
    if gauge.what == "free_places":
        return words("{n} places libres sur {capacity}", **count), "", service.icon
    if gauge.what == "vehicles":
        return words("{n} véhicules à louer", **count), "", service.icon
    detail = words("{n} personnes sur {capacity}", **count)
    return _crowd(context, gauge), detail, "users"


def _crowd(context: Context, gauge: Gauge) -> str:
    """Say how full it is, in words."""
    share = gauge.value / gauge.capacity if gauge.capacity else 0
    if share < CALM_BELOW:
        return context.words("Peu de monde")
    if share < FULL_FROM:
        return context.words("Du monde")
    return context.words("Presque plein")
