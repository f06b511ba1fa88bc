"""Walks: the list, the shortest first, and one walk's page."""

from __future__ import annotations

from kiosk.domain.facts import Walk
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame, facts, phone_row, unknown
from ui.views.frame import Action, Frame, Row, age_of, all_said, joined
from ui.views.measures import duration, length
from ui.views.moments import capital
from ui.views.records import (
    LIST_MAX,
    Known,
    age_of_all,
    known,
    known_at,
    nothing_known,
    service_of,
    sources,
)


def build_walks(context: Context, service_id: str) -> Frame:
    """Give the walks of a service, the shortest first, those of unknown length last."""
    words = context.words
    service = context.territory.service(service_id)
    found = walks_of(context, service)[:LIST_MAX]
    rows = tuple(_row(context, service, one) for one in found)
    return Frame(
        title=words.text(service.title),
        subtitle=words.text(context.territory.name),
        lead=words.text(service.intro),
        age=age_of_all(context, found),
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=(words.text(service.title) + ".", *all_said(rows)),
    )


def walks_of(context: Context, service: Service) -> list[Known[Walk]]:
    """Give the service's walks, the shortest first."""
    found = known(context, service, Walk)
    return sorted(found, key=lambda one: one.facts.distance_m or float("inf"))


def _row(context: Context, service: Service, one: Known[Walk]) -> Row:
    words, walk = context.words, one.facts
    takes = duration(context, walk.duration_min) if walk.duration_min else ""
    told = joined(takes, words.text(walk.difficulty))
    return Row(
        key=one.path,
        heading=words.text(one.record.title),
        detail=walk.commune,
        glyph=service.icon,
        family=service.family,
        trailing=words.decimal(walk.distance_m / 1000) if walk.distance_m else "",
        unit=words("km") if walk.distance_m else "",
        state_text=capital(told),
        state_glyph="clock" if told else "",
        demo=one.record.demo,
        route="walk",
        argument=one.path,
    )


def build_walk(context: Context, path: str) -> ArticleFrame:
    """Give the page of the walk ``<dataset>/<id>``: how long, how hard, where from, the steps."""
    one, service = known_at(context, path, Walk), service_of(context, path)
    if one is None or service is None:
        return unknown(context, service)
    words, walk = context.words, one.facts
    title, verdict = words.text(one.record.title), _size(context, walk)
    rest = capital(joined(words.text(walk.difficulty), _shape(context, walk)))
    rows = (*_facts(context, one), *phone_row(context, service.phone or context.territory.phone))
    return ArticleFrame(
        title=title,
        subtitle=walk.commune or words.text(service.title),
        age=age_of(one.freshness, words),
        verdict=verdict,
        rest=rest,
        rows=rows,
        footnote=sources(context, service),
        action=Action(
            title=words("Emporter ce lieu"),
            detail=words("Scannez avec votre téléphone"),
            glyph="qrcode",
            route="takeaway",
            argument=f"walk/{path}",
            honey=False,
        ),
        spoken=(f"{title}.", f"{joined(verdict, rest)}.", *all_said(rows)),
    )


def _size(context: Context, walk: Walk) -> str:
    """Give « 3 km, 1 h »; what nobody said is left out."""
    return joined(
        length(context, walk.distance_m) if walk.distance_m else "",
        duration(context, walk.duration_min) if walk.duration_min else "",
    )


def _shape(context: Context, walk: Walk) -> str:
    """Say whether the walk comes back to its start; nothing when nobody said."""
    if walk.loop is None:
        return ""
    return context.words("boucle") if walk.loop else context.words("aller simple")


def _facts(context: Context, one: Known[Walk]) -> tuple[Row, ...]:
    words, walk = context.words, one.facts
    climb = words("{n}\u00a0m de montée", n=walk.ascent_m) if walk.ascent_m else ""
    stated = (
        ("map-pin", "move", words("Départ"), words.text(walk.start)),
        ("arrow-up", "nature", words("Dénivelé"), climb),
        ("route", "culture", words("Étapes"), words.text(one.record.body)),
        ("wheelchair", "move", words("Accessibilité"), words.text(walk.access)),
        ("world", "nature", words("Sur internet"), walk.website.removeprefix("https://")),
    )
    return facts((row for row in stated if row[3]), demo=one.record.demo)
