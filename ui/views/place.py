"""One place: is it open, today's timeline, the week, prices, access, how to get there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kiosk.domain.facts import Gauge, Place, facts_of
from kiosk.domain.freshness import ABSENT, Dated
from kiosk.domain.hours import Door, Interval
from kiosk.domain.money import Money
from kiosk.domain.record import Record
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.doors import DoorWords, door_words
from ui.views.frame import Action, Frame, Row, age_of
from ui.views.places import nothing_known, sources

DAY_FROM_H, DAY_TO_H = 7, 22  # what the day's timeline shows


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
    service_id, dataset_id, record_id = [*argument.split("/", 2), "", ""][:3]
    service = context.territory.service(service_id)
    dataset = context.territory.datasets.get(dataset_id)
    dated = context.cache.record(dataset_id, record_id, dataset.policy) if dataset else None
    if dated is None:
        return _unknown(context, service)
    return _known(context, service, dated)


def _unknown(context: Context, service: Service) -> PlaceFrame:
    words = context.words
    sentence = nothing_known(context, service)
    return PlaceFrame(
        title=words.text(service.title),
        age=age_of(ABSENT, words),
        empty=sentence,
        spoken=(sentence,),
    )


def _known(context: Context, service: Service, dated: Dated[Record]) -> PlaceFrame:
    words, record = context.words, dated.value
    place = facts_of(record, Place)
    door = door_words(context, place.hours)
    now = context.here_now()
    midnight = datetime.combine(now.date(), time(), tzinfo=now.tzinfo)
    rows = tuple(_rows(context, service, record, place))
    return PlaceFrame(
        title=words.text(record.title),
        subtitle=", ".join(part for part in (place.address, place.commune) if part),
        age=age_of(dated.freshness, words),
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
            argument=f"place/{record.dataset}/{record.id}",
            honey=False,
        ),
        spoken=_spoken(words.text(record.title), door, rows),
    )


def _spoken(title: str, door: DoorWords, rows: tuple[Row, ...]) -> tuple[str, ...]:
    return (
        f"{title} : {door.word} {door.rest}.",
        *(f"{row.heading}. {row.detail}" for row in rows),
    )


def _share(moment: datetime, midnight: datetime) -> float:
    hours = (moment - midnight).total_seconds() / 3600
    inside = DAY_FROM_H <= hours <= DAY_TO_H
    return (hours - DAY_FROM_H) / (DAY_TO_H - DAY_FROM_H) if inside else -1.0


def _segments(context: Context, place: Place, midnight: datetime) -> tuple[Segment, ...]:
    opens, closes = midnight + timedelta(hours=DAY_FROM_H), midnight + timedelta(hours=DAY_TO_H)
    found = context.hours.intervals(place.hours, opens, closes)
    return tuple(
        Segment(
            start=_share(span.start, midnight),
            length=(span.end - span.start).total_seconds() / 3600 / (DAY_TO_H - DAY_FROM_H),
            label=f"{context.words.time(span.start)} – {context.words.time(span.end)}",
        )
        for span in found
        if span.door is Door.OPEN
    )


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
    spans = context.hours.intervals(place.hours, day, day + timedelta(days=1))
    return "\n".join(_span(span) for span in spans) or context.words("fermé")


def _span(span: Interval) -> str:
    return "–".join(f"{m.hour}" if m.minute == 0 else f"{m:%-H:%M}" for m in (span.start, span.end))


def _rows(context: Context, service: Service, record: Record, place: Place) -> list[Row]:
    words = context.words
    rows = [*_gauge_rows(context, service, place)]
    if place.prices:
        said = [
            f"{words.text(p.label)} {words.money(Money(p.cents)) if p.cents else words('gratuit')}"
            for p in place.prices
        ]
        rows.append(
            Row(
                key="prices",
                glyph="ticket",
                family="live",
                heading=said[0],
                detail=", ".join(said[1:]),
                demo=record.demo,
            )
        )
    if words.text(place.access):
        rows.append(
            Row(
                key="access",
                glyph="wheelchair",
                family="move",
                heading=words("Accessibilité"),
                detail=words.text(place.access),
                demo=record.demo,
            )
        )
    if place.stop:
        rows.append(
            Row(
                key="stop",
                glyph="map-pin",
                family="culture",
                heading=words("Arrêt {stop}", stop=place.stop),
                detail=words("le plus proche"),
                demo=record.demo,
            )
        )
    if place.phone:
        rows.append(
            Row(
                key="phone",
                glyph="phone-call",
                family="care",
                heading=place.phone,
                detail=words("Téléphone"),
                demo=record.demo,
            )
        )
    if words.text(record.body):
        rows.append(
            Row(
                key="body",
                glyph="info-circle",
                family="school",
                heading=words("À savoir"),
                detail=words.text(record.body),
                demo=record.demo,
            )
        )
    return rows


def _gauge_rows(context: Context, service: Service, place: Place) -> list[Row]:
    """Give the line that says how many people are inside, when a live gauge counts them."""
    words = context.words
    for name in service.datasets:
        dataset = context.territory.datasets.get(name)
        dated = (
            context.cache.record(name, place.gauge, dataset.policy)
            if dataset and place.gauge
            else None
        )
        if dated is None or dated.value.kind != "gauge":
            continue
        gauge = facts_of(dated.value, Gauge)
        age = age_of(dated.freshness, words)
        share = gauge.value / gauge.capacity if gauge.capacity else 0
        crowd = (
            words("Peu de monde")
            if share < 0.4
            else words("Du monde")
            if share < 0.8
            else words("Presque plein")
        )
        return [
            Row(
                key="gauge",
                glyph="users",
                family="nature",
                heading=crowd,
                detail=words(
                    "{n} personnes sur {capacity}", n=gauge.value, capacity=gauge.capacity
                ),
                state_text=f"{age.label}, {age.text}",
                state_glyph=age.glyph,
                tone="good" if dated.freshness.state == "live" else "muted",
                demo=dated.freshness.demo,
            )
        ]
    return []
