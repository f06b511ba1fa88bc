"""Taking a screen away: what the QR code holds, how to scan it, and the same in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Duty, Event, Menu, Step, WasteDay, facts_of
from kiosk.domain.freshness import ABSENT
from kiosk.domain.record import Record
from kiosk.domain.takeaway import (
    Appointment,
    Contact,
    calendar_event,
    contact_card,
    geo_uri,
    plain_text,
    whole_days,
)
from kiosk.domain.transit import Departure
from ui.context import Context
from ui.qr import code_of, matrix_of
from ui.views.departures import board_of, heading_of, is_rail, stop_of
from ui.views.exceptions import place_of
from ui.views.frame import Action, Frame, Row, age_of, worst

BOARD_MAX = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeawayFrame(Frame):
    """``code`` is the picture's name (``image://qr/<code>``), ``what`` says what it holds.

    ``figure`` is what is to be copied by hand, in large signs; "" for nothing.
    """

    code: str = ""
    figure: str = ""
    what: str = ""
    how: str = ""
    payload: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is carried off: the payload, what it is called, its lines as a person reads them."""

    payload: str
    what: str
    lines: tuple[str, ...]


def build_takeaway(context: Context, argument: str) -> TakeawayFrame:
    """Give the screen of ``<what>/<dataset>/<id>`` or ``departures/<service>``.

    The record's kind decides the form; ``what`` "counter" asks for a place's contact card.
    """
    what, _, rest = argument.partition("/")
    if what == "departures":
        return _board(context, rest)
    dataset_id, _, record_id = rest.partition("/")
    dataset = context.territory.datasets.get(dataset_id)
    dated = context.cache.record(dataset_id, record_id, dataset.policy) if dataset else None
    if dated is None:
        return _nothing(context)
    record = dated.value
    parcel = _contact(context, record) if what == "counter" else parcel_of(context, record)
    frame = _shown(context, context.words.text(record.title), parcel, demo=record.demo)
    return replace(
        frame,
        age=age_of(dated.freshness, context.words),
        footnote=context.words(
            "Source\u00a0: {source}.", source=f"{record.source} ({record.licence})"
        ),
        action=_other_form(context, record, what),
    )


def parcel_of(context: Context, record: Record) -> Parcel:
    """Give the parcel of a record in the form that its kind asks for, else as text."""
    pack = _PACKERS.get(record.kind, _text)
    try:
        return pack(context, record)
    except InputRefused:  # facts of another shape: title and text are left
        return _text(context, record)


@lru_cache(maxsize=1)
def _picture(payload: str) -> str:
    """Give the code of the payload; kept, since a screen is built again each minute."""
    return code_of(matrix_of(payload))


def _shown(context: Context, title: str, parcel: Parcel, *, demo: bool) -> TakeawayFrame:
    words = context.words
    how = words(
        "Ouvrez l’appareil photo de votre téléphone, visez le carré, touchez ce qui s’affiche."
        " Pas besoin d’Internet."
    )
    return TakeawayFrame(
        title=words("Emporter"),
        subtitle=title,
        age=age_of(ABSENT, words),
        code=_picture(parcel.payload),
        what=parcel.what,
        how=how,
        payload=parcel.payload,
        rows=(
            Row(
                key="text",
                glyph="file-text",
                heading=parcel.lines[0],
                detail="\n".join(parcel.lines[1:]),
                demo=demo,
            ),
        ),
        spoken=(f"{parcel.what}.", how, *(f"{line}." for line in parcel.lines)),
    )


def _nothing(context: Context) -> TakeawayFrame:
    words = context.words
    sentence = words("Il n’y a rien à emporter ici. Demandez à l’accueil.")
    return TakeawayFrame(
        title=words("Emporter"), age=age_of(ABSENT, words), empty=sentence, spoken=(sentence,)
    )


def _other_form(context: Context, record: Record, what: str) -> Action:
    """Offer the contact card of a place that is on a map, and the way back to the map."""
    words = context.words
    if record.kind != "place" or record.geo is None:
        return Action(title="")
    if what == "counter":
        title, detail, form = words("Emporter le lieu"), words("Pour votre carte ou GPS"), "place"
    else:
        title, detail, form = words("Emporter le contact"), words("Adresse, téléphone"), "counter"
    return Action(
        title=title,
        detail=detail,
        glyph="qrcode",
        route="takeaway",
        argument=f"{form}/{record.dataset}/{record.id}",
        honey=False,
    )


def _board(context: Context, service_id: str) -> TakeawayFrame:
    service = next((s for s in context.territory.services if s.id == service_id), None)
    stop = stop_of(context, service) if service else None
    if service is None or stop is None:
        return _nothing(context)
    words = context.words
    board = board_of(context, service, limit=BOARD_MAX)
    lines = tuple(_departure(context, one) for one in board)
    demo = any(one.freshness.demo for one in board)
    now = context.here_now()
    head = f"{stop.name}, {words.day(now.date())} {words.clock(now)}"
    notes = (words("Horaires prévus, sans les retards."), _demo(context, demo=demo))
    parcel = Parcel(
        payload=plain_text((head, *lines, *notes)),
        what=words("Les prochains départs, en texte"),
        lines=(head, *lines, notes[0]),
    )
    frame = _shown(context, stop.name, parcel, demo=demo)
    return replace(frame, age=age_of(worst([one.freshness for one in board]), words))


def _departure(context: Context, one: Departure) -> str:
    """Give « 10:46 2 → Gare », by the timetable: what is carried off outlives a delay."""
    line = f" {one.line}" if one.line and not is_rail(one) else ""
    text = f"{context.words.clock(one.scheduled)}{line} → {heading_of(one)}"
    return f"{text} ({context.words('supprimé')})" if one.cancelled else text


def _demo(context: Context, *, demo: bool) -> str:
    return context.words("Démonstration\u00a0: contenu inventé.") if demo else ""


def _text(context: Context, record: Record, *facts: str) -> Parcel:
    words = context.words
    lines = [words.text(record.title), *facts, words.text(record.body)]
    source = words("Source\u00a0: {source}.", source=record.source)
    demo = _demo(context, demo=record.demo)
    return Parcel(
        payload=plain_text([*lines, source, demo]),
        what=words("Un texte à garder"),
        lines=tuple(line for line in lines if line),
    )


def _event(context: Context, record: Record) -> Parcel:
    event = facts_of(record, Event)
    place = ", ".join(part for part in (event.place, event.commune) if part)
    starts: datetime | date = event.starts_at
    ends: datetime | date | None = event.ends_at
    zone = ZoneInfo(context.territory.timezone)
    first = event.starts_at.astimezone(zone)
    if event.all_day:
        last = event.ends_at.astimezone(zone).date() if event.ends_at else None
        starts, ends = first.date(), last or whole_days(first.date())[1]
    when = context.words.day(first.date())
    if not event.all_day:
        when = f"{when}, {context.words.time(first)}"
    lines = (when, place, event.price)
    return _appointment(context, record, (starts, ends), place, lines)


def _waste(context: Context, record: Record) -> Parcel:
    waste = facts_of(record, WasteDay)
    lines = (context.words.day(waste.day), waste.commune, waste.sector)
    return _appointment(context, record, whole_days(waste.day), waste.commune, lines)


def _appointment(
    context: Context,
    record: Record,
    when: tuple[datetime | date, datetime | date | None],
    place: str,
    lines: tuple[str, ...],
) -> Parcel:
    words, territory = context.words, context.territory
    title = words.text(record.title)
    note = [words.text(record.body), _demo(context, demo=record.demo)]
    payload = calendar_event(
        Appointment(
            uid=f"{record.id}.{record.dataset}@{territory.slug}.alveole",
            title=title,
            starts=when[0],
            ends=when[1],
            stamp=context.clock.now(),
            place=place,
            note="\n".join(part for part in note if part),
        )
    )
    return Parcel(
        payload=payload,
        what=words("Un rendez-vous pour votre agenda"),
        lines=tuple(line for line in (title, *lines, note[0]) if line),
    )


def _place(context: Context, record: Record) -> Parcel:
    if record.geo is None:
        return _contact(context, record)
    card = _contact(context, record) if record.kind == "place" else _text(context, record)
    return Parcel(
        payload=geo_uri(record.geo),
        what=context.words("Un lieu, pour votre carte ou GPS"),
        lines=card.lines,
    )


def _contact(context: Context, record: Record) -> Parcel:
    if record.kind != "place":
        return _text(context, record)
    words, place = context.words, place_of(context, record)
    name = words.text(record.title)
    note = [words.text(place.hours_note), _demo(context, demo=record.demo)]
    card = Contact(
        name=name,
        street=place.address,
        town=place.commune,
        phone=place.phone,
        website=place.website,
        note="\n".join(part for part in note if part),
        geo=record.geo,
    )
    lines = (name, place.address, place.commune, place.phone, place.website, note[0])
    return Parcel(
        payload=contact_card(card),
        what=words("Un contact, pour votre répertoire"),
        lines=tuple(line for line in lines if line),
    )


def _duty(context: Context, record: Record) -> Parcel:
    words, duty = context.words, facts_of(record, Duty)
    zone = ZoneInfo(context.territory.timezone)
    first, last = (moment.astimezone(zone) for moment in (duty.starts_at, duty.ends_at))
    until = words(
        "De {start} à {end}",
        start=f"{words.day(first.date())} {words.time(first)}",
        end=f"{words.day(last.date())} {words.time(last)}",
    )
    return _text(context, record, until, duty.phone)


def _menu(context: Context, record: Record) -> Parcel:
    menu = facts_of(record, Menu)
    head = f"{menu.canteen}, {context.words.day(menu.day)}"
    return _text(context, record, head, *(dish.name for dish in menu.dishes))


def _step(context: Context, record: Record) -> Parcel:
    words, step = context.words, facts_of(record, Step)
    papers = step.papers.get(words.language) or step.papers.get("fr") or []
    facts = [words.text(step.where), *(f"• {paper}" for paper in papers)]
    facts += [words.text(step.fee), words.text(step.delay), step.website]
    return _text(context, record, *(fact for fact in facts if fact))


_PACKERS: Mapping[str, Callable[[Context, Record], Parcel]] = {
    "event": _event,
    "waste": _waste,
    "place": _place,
    "stop": _place,
    "commune": _place,
    "walk": _place,
    "duty": _duty,
    "menu": _menu,
    "step": _step,
}
