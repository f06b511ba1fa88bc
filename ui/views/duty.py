"""Who is on duty now, who comes next, and the emergency numbers."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.facts import Duty, Place
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame, phone_row
from ui.views.frame import Row, all_said, joined, marked
from ui.views.moments import capital, local, near, until
from ui.views.records import Known, age_of_all, known, nothing_known, sources
from ui.words import N_

NEXT_MAX = 4

# Known to everybody in France; 112 by the European Electronic Communications Code, article 109;
# 3237 is the pharmacists' own national number.
NUMBERS: Mapping[str, str] = {
    "15": N_("Samu\u00a0: urgence médicale"),
    "112": N_("Toute urgence, dans toute l’Europe"),
    "114": N_("Urgence par SMS, sourds et malentendants"),
    "3237": N_("Pharmacies de garde, jour et nuit"),
}


def build_duty(context: Context, service_id: str) -> ArticleFrame:
    """Give who is on duty now, the next ones, and whom to call."""
    words = context.words
    service = context.territory.service(service_id)
    turns = turns_of(context, service)
    now = on_duty(context, turns)
    verdict, rest, note = _verdict(context, service, now)
    rows = (
        *_now_rows(context, service, now),
        *_numbers(context),
        *(_row(context, service, one) for one in _next(context, turns)[:NEXT_MAX]),
    )
    return ArticleFrame(
        title=words.text(service.title),
        subtitle=words.text(context.territory.name),
        lead=words.text(service.intro),
        age=age_of_all(context, turns[: NEXT_MAX + 1]),
        verdict=verdict,
        rest=rest,
        note=note,
        tone="good" if now else "warn",
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=(f"{verdict}, {rest}.", *all_said(rows)),
    )


def _verdict(context: Context, service: Service, now: Known[Duty] | None) -> tuple[str, str, str]:
    """Give who is on duty, until when, and what to know before going."""
    words = context.words
    if now is None:
        return words("Garde inconnue"), words("Appelez le 3237, ou le 15 en cas d’urgence."), ""
    rest = words("de garde {until}", until=until(context, now.facts.ends_at))
    return place_name(context, service, now), rest, words.text(now.record.body)


def turns_of(context: Context, service: Service) -> list[Known[Duty]]:
    """Give the turns that aren't over, soonest first."""
    now = context.clock.now()
    found = [one for one in known(context, service, Duty) if one.facts.ends_at > now]
    return sorted(found, key=lambda one: one.facts.starts_at)


def on_duty(context: Context, turns: list[Known[Duty]]) -> Known[Duty] | None:
    """Give whose turn it is now: of several, the one that began first."""
    now = context.clock.now()
    return next((one for one in turns if one.facts.starts_at <= now), None)


def _next(context: Context, turns: list[Known[Duty]]) -> list[Known[Duty]]:
    now = context.clock.now()
    return [one for one in turns if one.facts.starts_at > now]


def place_name(context: Context, service: Service, one: Known[Duty]) -> str:
    """Give the name of the place on duty, the turn's own title where it isn't known."""
    place = _place_of(context, service, one)
    return context.words.text(place.record.title if place else one.record.title)


def _place_of(context: Context, service: Service, one: Known[Duty]) -> Known[Place] | None:
    there = known(context, service, Place)
    return next((place for place in there if place.record.id == one.facts.place), None)


def _now_rows(context: Context, service: Service, one: Known[Duty] | None) -> tuple[Row, ...]:
    if one is None:
        return ()
    place = _place_of(context, service, one)
    phone = one.facts.phone or (place.facts.phone if place else "")
    rows = phone_row(context, phone, demo=one.record.demo)
    if place is None:
        return rows
    facts = place.facts
    where = Row(
        key=place.path,
        heading=joined(facts.address, facts.commune),
        glyph="map-pin",
        family="move",
        demo=place.record.demo,
        route="place",
        argument=f"{service.id}/{place.path}",
    )
    return (*rows, marked(where, place.freshness, context.words))


def _numbers(context: Context) -> tuple[Row, ...]:
    return tuple(
        Row(
            key=number,
            heading=context.words(meaning),
            badge=number,
            badge_colour="#8a2432",
            badge_ink="#ffffff",
            section=context.words("Numéros utiles"),
        )
        for number, meaning in NUMBERS.items()
    )


def _row(context: Context, service: Service, one: Known[Duty]) -> Row:
    words, starts = context.words, local(context, one.facts.starts_at)
    return Row(
        key=one.path,
        heading=place_name(context, service, one),
        detail=words(
            "{day}, de {start} à {end}",
            day=capital(near(context, starts.date())),
            start=words.time(starts),
            end=words.time(local(context, one.facts.ends_at)),
        ),
        glyph="clock",
        family="care",
        section=words("Gardes à venir"),
        demo=one.record.demo,
    )
