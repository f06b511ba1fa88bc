"""How to get from here to a place: on foot when it is near, else by a direct ride.

The answer is no more than what the timetable says: no changes, straight lines on foot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from kiosk.domain.distance import metres
from kiosk.domain.facts import Place
from kiosk.domain.record import Geo
from kiosk.domain.territory import Service
from kiosk.usecases.direct_rides import (
    WALK_M_PER_MIN,
    WALK_MAX_M,
    Halt,
    Ride,
    Way,
    best_way,
    halts_near,
)
from ui.context import Context
from ui.views.article import ArticleFrame, fact, phone_row, unknown
from ui.views.departures import heading_of, leaves_at, line_of, state_of
from ui.views.frame import Row, Tone, age_of, all_said, joined, worst
from ui.views.measures import duration, length
from ui.views.moments import capital, heading, labelled, near, today
from ui.views.records import Known, datasets_of, known, known_at, nothing_known, sources

BY_FOOT_MAX_M = 600  # no bus is looked for below
WALKABLE_MAX_M = 2_000  # up to here one walks when that is sooner than to wait for the ride
PLACES_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the page says: verdict and rest in large words, its tone, rows below."""

    verdict: str
    rest: str
    tone: Tone
    rows: tuple[Row, ...] = ()


def build_itinerary(context: Context, argument: str) -> ArticleFrame:
    """Give the destinations of ``<service>``, or the way to ``<service>/<dataset>/<record>``."""
    service_id, _, path = argument.partition("/")
    service = context.territory.service(service_id)
    if not path:
        return _destinations(context, service)
    place = known_at(context, path, Place)
    if place is None or place.record.geo is None:
        return unknown(context, service)
    return _journey(context, service, place, place.record.geo)


def _destinations(context: Context, service: Service) -> ArticleFrame:
    words = context.words
    places = [one for one in known(context, service, Place, limit=PLACES_MAX) if one.record.geo]
    rows = tuple(_destination(context, service, one) for one in places)
    return ArticleFrame(
        title=words.text(service.title),
        subtitle=words("Départ\u00a0: {place}", place=words.text(context.territory.host)),
        lead=words.text(service.intro),
        age=age_of(worst([one.freshness for one in places]), words),
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=(f"{words.text(service.title)}. {words.text(service.intro)}", *all_said(rows)),
    )


def _destination(context: Context, service: Service, one: Known[Place]) -> Row:
    dataset = context.territory.datasets[one.record.dataset]
    home = next((s for s in context.territory.services if dataset.id in s.datasets), service)
    return Row(
        key=one.path,
        heading=context.words.text(one.record.title),
        detail=joined(one.facts.address, one.facts.commune),
        glyph=home.icon,
        family=home.family,
        section=context.words.text(dataset.title),
        demo=one.record.demo,
        route="itinerary",
        argument=f"{service.id}/{one.path}",
    )


def _journey(context: Context, service: Service, place: Known[Place], there: Geo) -> ArticleFrame:
    words, title = context.words, context.words.text(place.record.title)
    away = metres(context.territory.position, there.lat, there.lon)
    answer, way = _answer(context, service, there, away)
    known_of = [ride.departure.freshness for ride in way.rides] if way else [place.freshness]
    rows = (*answer.rows, _place_row(context, service, place))
    return ArticleFrame(
        title=title,
        subtitle=words("Départ\u00a0: {place}", place=words.text(context.territory.host)),
        age=age_of(worst(known_of), words),
        verdict=answer.verdict,
        rest=answer.rest,
        tone=answer.tone,
        rows=rows,
        footnote=sources(context, service),
        spoken=(f"{title}.", f"{answer.verdict}. {answer.rest}", *all_said(rows)),
    )


def _later_than_a_walk(context: Context, way: Way | None, away: float) -> bool:
    """Say whether one would have walked there before the next ride leaves."""
    if way is None or way.next is None:
        return True
    wait = leaves_at(way.next.departure) - context.here_now()
    return wait >= timedelta(minutes=_minutes(away))


def _answer(
    context: Context, service: Service, there: Geo, away: float
) -> tuple[Answer, Way | None]:
    """Give the answer, and the way with its rides where one was found."""
    on_foot = _on_foot(context, away)
    if away <= BY_FOOT_MAX_M:
        return on_foot, None
    by_bus, way = _by_bus(context, service, there)
    if away > WALKABLE_MAX_M or not _later_than_a_walk(context, way, away):
        return by_bus, way
    return replace(on_foot, rows=by_bus.rows if way else ()), way


def _on_foot(context: Context, away: float) -> Answer:
    words = context.words
    takes = duration(context, _minutes(away))
    return Answer(
        verdict=words("À pied, environ {time}", time=takes),
        rest=words("{length} en ligne droite.", length=length(context, away)),
        tone="good",
    )


def _minutes(away: float) -> int:
    return max(round(away / WALK_M_PER_MIN), 1)


def _by_bus(context: Context, service: Service, there: Geo) -> tuple[Answer, Way | None]:
    """Give the direct rides of the first of the service's feeds that has any."""
    far = ""
    for stops in (one for one in datasets_of(context, service) if one.kind == "stop"):
        boards = halts_near(context.cache, stops, context.territory.position)
        alights = halts_near(context.cache, stops, there)
        way = best_way(context.timetable, boards, alights, context.here_now())
        if way is not None:
            return _found(context, way), way
        far = far or _missing(context, boards, alights)
    return _none(context, service, far), None


def _missing(context: Context, boards: list[Halt], alights: list[Halt]) -> str:
    """Say which end has no stop in walking distance; nothing when both have."""
    words, most = context.words, length(context, WALK_MAX_M)
    if not boards:
        return words("Aucun arrêt à moins de {length} d’ici.", length=most)
    if not alights:
        return words("Aucun arrêt à moins de {length} de ce lieu.", length=most)
    return ""


def _none(context: Context, service: Service, why: str) -> Answer:
    words = context.words
    phone = service.phone or context.territory.phone
    rest = words("Avec un changement, peut-être\u00a0: demandez à l’accueil, ou appelez.")
    return Answer(
        verdict=words("Pas de trajet direct"),
        rest=why or rest,
        tone="warn",
        rows=phone_row(context, phone),
    )


def _found(context: Context, way: Way) -> Answer:
    words, first = context.words, way.next
    start, end = words.text(way.board.name), words.text(way.alight.name)
    rides = tuple(_ride(context, ride) for ride in way.rides)
    verdict = capital(words("supprimé"))
    if first is not None:
        verdict = labelled(context, line_of(context, first.departure), _clock(context, first))
    return Answer(
        verdict=verdict,
        rest=words(
            "De l’arrêt {start} à l’arrêt {end}, sans changement.",
            start=start,
            end=end,
        ),
        tone="good" if first else "bad",
        rows=(
            fact(
                "map-pin",
                "move",
                words("Montez à l’arrêt {stop}", stop=start),
                _away(context, way.board),
            ),
            fact(
                "walk",
                "move",
                words("Descendez à l’arrêt {stop}", stop=end),
                _away(context, way.alight),
            ),
            *rides,
        ),
    )


def _away(context: Context, halt: Halt) -> str:
    return context.words("{length} à pied, en ligne droite", length=length(context, halt.away_m))


def _clock(context: Context, ride: Ride) -> str:
    """Give « 10:47 », « demain 06:32 »."""
    here = leaves_at(ride.departure).astimezone(context.here_now().tzinfo)
    day = "" if here.date() == today(context) else near(context, here.date())
    return f"{day} {context.words.clock(here)}".strip()


def _section(context: Context, ride: Ride) -> str:
    """Give the heading above a ride: today's first, then the days."""
    day = leaves_at(ride.departure).astimezone(context.here_now().tzinfo).date()
    if day == today(context):
        return context.words("Prochains départs directs")
    return heading(context, day)


def _ride(context: Context, ride: Ride) -> Row:
    words, departure = context.words, ride.departure
    state_text, state_glyph, tone = state_of(context, departure)
    arrives = words("arrivée non précisée, c’est le terminus")
    if ride.arrives is not None:
        there = ride.arrives.astimezone(context.here_now().tzinfo)
        arrives = words("arrivée à {time}", time=words.clock(there))
    return Row(
        key=f"{departure.trip}/{departure.scheduled.isoformat()}",
        heading=words("Vers {place}", place=heading_of(departure)),
        detail=arrives,
        badge=departure.line or "–",
        badge_colour=departure.colour,
        badge_ink=departure.text_colour,
        trailing="" if departure.cancelled else _clock(context, ride).split(" ")[-1],
        state_text=state_text,
        state_glyph=state_glyph,
        tone=tone,
        section=_section(context, ride),
        mark_glyph="wheelchair" if departure.wheelchair else "",
        demo=departure.freshness.demo,
    )


def _place_row(context: Context, service: Service, place: Known[Place]) -> Row:
    dataset = place.record.dataset
    home = next((s for s in context.territory.services if dataset in s.datasets), service)
    return Row(
        key=place.path,
        heading=context.words.text(place.record.title),
        detail=joined(place.facts.address, place.facts.commune),
        glyph=home.icon,
        family=home.family,
        section=context.words("Ce lieu"),
        demo=place.record.demo,
        route="place",
        argument=f"{home.id}/{place.path}",
    )
