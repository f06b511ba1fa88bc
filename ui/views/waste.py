"""Waste days: the next collections where the kiosk stands, and in the other communes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kiosk.domain.facts import WasteDay
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame, Pill
from ui.views.frame import Row, all_said, joined
from ui.views.moments import capital, heading, labelled, near, small, today
from ui.views.records import Known, age_of_all, known, nothing_known, sources

NEXT_MAX = 6
Collection = Known[WasteDay]

# How each stream looks: icon, colour of the bin, colour of the icon on it.
STREAMS: Mapping[str, tuple[str, str, str]] = {
    "household": ("trash", "#3a3f45", "#ffffff"),
    "recycling": ("recycle", "#ffd21f", "#14202b"),
    "glass": ("bottle", "#1d5230", "#ffffff"),
    "bio": ("apple", "#6b4423", "#ffffff"),
    "bulky": ("bed", "#5b2a6e", "#ffffff"),
    "paper": ("news", "#1f4a8a", "#ffffff"),
}


def build_waste(context: Context, argument: str) -> ArticleFrame:
    """Give the collections of ``<service>/<commune>/<sector>``; of the kiosk's place without."""
    words = context.words
    service_id, commune, sector = [*argument.split("/", 2), "", ""][:3]
    service = context.territory.service(service_id)
    coming = to_come(context, service)
    commune, sector = _place(coming, commune, sector)
    here = [one for one in coming if _at(one) == (commune, sector)]
    rows = (
        *(_row(context, one) for one in here[:NEXT_MAX]),
        *_others(context, service, coming, commune),
    )
    verdict, rest, note = _next(context, here)
    return ArticleFrame(
        title=words.text(service.title),
        subtitle=joined(commune, sector),
        age=age_of_all(context, here),
        verdict=verdict,
        rest=rest,
        note=note,
        options=_sectors(service, coming, commune, sector),
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=(
            f"{words.text(service.title)}, {commune} {sector}.",
            *((f"{labelled(context, verdict, rest)}. {note}",) if verdict else ()),
            *all_said(rows),
        ),
    )


def to_come(context: Context, service: Service) -> list[Collection]:
    """Give the collections from today on, soonest first, the most asked for place first."""
    first = today(context)
    ahead = [one for one in known(context, service, WasteDay) if one.facts.day >= first]
    return sorted(ahead, key=lambda one: (one.facts.day, -one.record.popularity))


def next_here(context: Context, service: Service) -> list[Collection]:
    """Give what is collected on the next day where the kiosk stands."""
    coming = to_come(context, service)
    here = _place(coming, "", "")
    ahead = [one for one in coming if _at(one) == here]
    return [one for one in ahead if one.facts.day == ahead[0].facts.day]


def bin_of(context: Context, one: Collection) -> str:
    """Give a collection's short name: « bac jaune » of « Bac jaune\u00a0: emballages »."""
    name = context.words.text(one.record.title)
    return small(name.split(":")[0].split(",")[0].strip())


def _at(one: Collection) -> tuple[str, str]:
    return one.facts.commune, one.facts.sector


def _place(coming: list[Collection], commune: str, sector: str) -> tuple[str, str]:
    """Give the commune and sector asked for; else the most asked for, in the alphabet's order."""
    there = [one for one in coming if commune in ("", one.facts.commune)]
    if any(_at(one) == (commune, sector) for one in there):
        return commune, sector
    first = min(there, key=lambda one: (-one.record.popularity, _at(one)), default=None)
    return _at(first) if first else (commune, sector)


def _next(context: Context, here: list[Collection]) -> tuple[str, str, str]:
    """Give the day, the streams and the advice of the next collection; empty texts for none."""
    if not here:
        return "", "", ""
    words, day = context.words, here[0].facts.day
    same = [one for one in here if one.facts.day == day]
    names = ", ".join(words.text(one.record.title) for one in same)
    return capital(near(context, day)), names, words.text(here[0].record.body)


def _row(context: Context, one: Collection) -> Row:
    glyph, colour, ink = STREAMS[one.facts.stream]
    return Row(
        key=one.path,
        heading=context.words.text(one.record.title),
        detail=heading(context, one.facts.day),
        glyph=glyph,
        badge_colour=colour,
        badge_ink=ink,
        section=context.words("Prochaines collectes"),
        demo=one.record.demo,
    )


def _sectors(
    service: Service, coming: list[Collection], commune: str, chosen: str
) -> tuple[Pill, ...]:
    there = {one.facts.sector for one in coming if one.facts.commune == commune}
    if len(there) < 2:
        return ()
    return tuple(
        Pill(
            key=sector,
            label=sector or commune,
            argument=f"{service.id}/{commune}/{sector}",
            chosen=sector == chosen,
        )
        for sector in sorted(there)
    )


def _others(
    context: Context, service: Service, coming: list[Collection], commune: str
) -> Iterator[Row]:
    """Give a row for each other commune with its next collection."""
    nearest: dict[str, Collection] = {}
    for one in coming:
        nearest.setdefault(one.facts.commune, one)
    for name in sorted(nearest.keys() - {commune}):
        first = nearest[name]
        day = capital(near(context, first.facts.day))
        yield Row(
            key=f"commune/{name}",
            heading=name,
            detail=labelled(context, day, bin_of(context, first)),
            glyph="map-pin",
            family="live",
            section=context.words("Autres communes"),
            demo=first.record.demo,
            route="waste",
            argument=f"{service.id}/{name}",
        )
