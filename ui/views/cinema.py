"""The cinemas' showings of today or tomorrow, film by film."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from kiosk.domain.facts import Place
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame, Pill
from ui.views.events import Happening, place_of, to_come
from ui.views.frame import Row, joined, marked, said
from ui.views.moments import capital, labelled, near, today
from ui.views.records import Known, age_of_all, known, nothing_known, sources

DAYS = 3


def build_cinema(context: Context, argument: str) -> ArticleFrame:
    """Give the showings of ``<service>/<day>``; of today, or the next day that has any."""
    words = context.words
    service_id, _, asked = argument.partition("/")
    service = context.territory.service(service_id)
    coming = to_come(context, service)
    day = _chosen(context, coming, asked)
    shown = [one for one in coming if one.start.date() == day]
    rows = (*_films(context, service, shown), *_cinemas(context, service))
    return ArticleFrame(
        title=words.text(service.title),
        subtitle=words.text(context.territory.name),
        age=age_of_all(context, [one.known for one in shown]),
        days=_pills(context, service, coming, day),
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=(
            f"{words.text(service.title)}, {near(context, day)}.",
            *(labelled(context, row.section, said(row)) for row in rows[:8]),
        ),
    )


def _chosen(context: Context, coming: list[Happening], asked: str) -> date:
    days = _days(context)
    named = {day.isoformat(): day for day in days}
    there = {one.start.date() for one in coming}
    return named.get(asked) or next(filter(there.__contains__, days), days[0])


def _days(context: Context) -> list[date]:
    return [today(context) + timedelta(days=i) for i in range(DAYS)]


def _pills(
    context: Context, service: Service, coming: list[Happening], chosen: date
) -> tuple[Pill, ...]:
    there = Counter(one.start.date() for one in coming)
    counts = {day: there[day] for day in _days(context)}
    return tuple(
        Pill(
            key=day.isoformat(),
            label=capital(near(context, day)),
            detail=context.words.n("{n} séance", "{n} séances", count),
            argument=f"{service.id}/{day.isoformat()}",
            chosen=day == chosen,
            faded=not count,
        )
        for day, count in counts.items()
    )


def _films(context: Context, service: Service, shown: list[Happening]) -> Iterator[Row]:
    """Give a row a film, cinemas in the order of the most asked for, films by next showing."""
    rank = _ranks(context, service)

    def cinema(one: Happening) -> tuple[int, str]:
        return rank.get(one.facts.place, len(rank)), one.facts.place

    def film(one: Happening) -> str:
        return context.words.text(one.known.record.title)

    for _, here in groupby(sorted(shown, key=cinema), key=cinema):
        films: dict[str, list[Happening]] = {}
        for one in here:
            films.setdefault(film(one), []).append(one)
        yield from (_row(context, title, times) for title, times in films.items())


def _ranks(context: Context, service: Service) -> dict[str, int]:
    """Give each cinema's place in the list, by each of its names: showings may use any."""
    cinemas = known(context, service, Place)
    return {name: i for i, one in enumerate(cinemas) for name in one.record.title.values()}


def _row(context: Context, title: str, times: list[Happening]) -> Row:
    words, first = context.words, times[0]
    later = ", ".join(words.time(one.start) for one in times[1:])
    return Row(
        key=first.known.path,
        heading=title,
        detail=words.text(first.known.record.body),
        glyph="movie",
        family="culture",
        trailing=words.clock(first.start),
        state_text=words("puis {times}", times=later) if later else "",
        state_glyph="clock" if later else "",
        section=place_of(first.facts),
        demo=first.known.record.demo,
        route="event",
        argument=first.known.path,
    )


def _cinemas(context: Context, service: Service) -> Iterator[Row]:
    found: list[Known[Place]] = known(context, service, Place)
    for one in found:
        row = Row(
            key=one.path,
            heading=context.words.text(one.record.title),
            detail=joined(one.facts.address, one.facts.commune),
            glyph="map-pin",
            family="live",
            section=context.words("Les cinémas\u00a0: tarifs, accès, téléphone"),
            demo=one.record.demo,
            route="place",
            argument=f"{service.id}/{one.path}",
        )
        yield marked(row, one.freshness, context.words)
