"""The departure board of a stop."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.freshness import State
from kiosk.domain.territory import Service
from kiosk.domain.transit import Departure, StopFound
from ui.context import Context
from ui.views.frame import Action, Banner, Frame, Row, Tone, age_of, all_said, worst
from ui.views.moments import heading, today
from ui.views.notices import all_notices, announced
from ui.views.records import sources

BOARD_MAX = 12
MINUTES_MAX = 20  # up to here a wait is given in minutes, further on as a time of day
RAIL = (2, 100, 109)  # GTFS route_type: rail, and the extended railway types from 100 to 109


def build_departures(context: Context, service_id: str) -> Frame:
    """Give the board of a service's stop (``focus``)."""
    words = context.words
    service = context.territory.service(service_id)
    stop = stop_of(context, service)
    board = board_of(context, service, limit=BOARD_MAX)
    name = stop.name if stop else words.text(service.title)
    age = age_of(worst([d.freshness for d in board]), words)
    rows = tuple(_row(context, departure) for departure in board)
    banner = _warning(context, service)
    return Frame(
        title=name,
        subtitle=words("Prochains départs"),
        age=age,
        banner=banner,
        rows=rows,
        empty=words("Aucun départ prévu dans les prochaines heures."),
        footnote=_source(context, service),
        action=Action(
            title=words("Emporter ces horaires"),
            detail=words("Scannez avec votre téléphone"),
            glyph="qrcode",
            route="takeaway",
            argument=f"departures/{service.id}",
            honey=False,
        ),
        spoken=(
            words("{stop}, prochains départs.", stop=name),
            *((f"{banner.text}.",) if banner.text else ()),
            *all_said(rows),
        ),
    )


def board_of(context: Context, service: Service, *, limit: int) -> list[Departure]:
    """Give the next departures of the service's focus stop, soonest first, of its own datasets."""
    stop = stop_of(context, service)
    if stop is None:
        return []
    return list(context.timetable.departures(stop.key, context.here_now(), limit=limit))


def stop_of(context: Context, service: Service) -> StopFound | None:
    """Give the service's focus stop as its own datasets know it, None when they don't."""
    stops = context.timetable.stops(service.focus, limit=10) if service.focus else []
    return next((stop for stop in stops if stop.dataset in service.datasets), None)


def is_rail(departure: Departure) -> bool:
    """Say whether a departure is a train (they are known by their destination, not a line)."""
    return departure.route_type == RAIL[0] or RAIL[1] <= departure.route_type <= RAIL[2]


def leaves_at(departure: Departure) -> datetime:
    """Give when it leaves: the live time where one is known."""
    return departure.expected or departure.scheduled


def heading_of(departure: Departure) -> str:
    """Give where it goes; a train's headsign may be its number, so its last stop comes first."""
    first, second = departure.headsign, departure.destination
    return (second or first) if is_rail(departure) else (first or second)


def line_of(context: Context, departure: Departure) -> str:
    """Give « Ligne 2 » or, for a train, where it goes."""
    if is_rail(departure):
        return heading_of(departure)
    return context.words("Ligne {line}", line=departure.line)


def state_of(context: Context, departure: Departure) -> tuple[str, str, Tone]:
    """Say whether a departure is live, late, planned or cancelled: text, icon, tone."""
    words = context.words
    if departure.cancelled:
        return words("supprimé"), "x", "bad"
    if departure.expected is None or departure.freshness.state is not State.LIVE:
        return words("horaire prévu"), "calendar-time", "muted"
    late = int((departure.expected - departure.scheduled).total_seconds() // 60)
    if late >= 2:
        return words("retard {n} min", n=late), "clock", "bad"
    return words("en direct"), "broadcast", "good"


def _row(context: Context, departure: Departure) -> Row:
    state_text, state_glyph, tone = state_of(context, departure)
    here = leaves_at(departure).astimezone(context.here_now().tzinfo)
    figure, unit = figure_of(context, departure, here)
    return Row(
        key=f"{departure.trip}/{departure.scheduled.isoformat()}",
        heading=heading_of(departure),
        section="" if here.date() == today(context) else heading(context, here.date()),
        state_text=state_text,
        state_glyph=state_glyph,
        tone=tone,
        badge=departure.line or "–",
        badge_colour=departure.colour,
        badge_ink=departure.text_colour,
        trailing=figure,
        unit=unit,
        mark_glyph="wheelchair" if departure.wheelchair else "",
        demo=departure.freshness.demo,
    )


def figure_of(context: Context, departure: Departure, here: datetime) -> tuple[str, str]:
    """Give the minutes to wait and their unit, or the time of day; nothing when cancelled."""
    if departure.cancelled:
        return "", ""
    left = int((here - context.clock.now()).total_seconds() // 60)
    if 0 <= left <= MINUTES_MAX and not is_rail(departure):
        return str(left), context.words("min")
    return context.words.clock(here), ""


def _warning(context: Context, service: Service) -> Banner:
    """Give the notice about this way of travelling (its topic is the service's icon), if any."""
    about = (one for _, one in all_notices(context) if one.facts.topic == service.icon)
    one = next(about, None)
    if one is None:
        return Banner(text="")
    text = announced(context, one)
    return Banner(text=text, glyph="alert-triangle", route="notice", argument=one.path)


def _source(context: Context, service: Service) -> str:
    rest = context.words("Sans réseau, l’horaire prévu reste affiché.")
    return f"{sources(context, service)} {rest}"
