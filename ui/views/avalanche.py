"""Avalanche bulletins that hold: the risk of each massif by altitude and slope.

Rules:
1. A bulletin that is over, or older than it may be believed, is withdrawn: never shown.
2. Without a bulletin nothing is said of the risk, and the screen says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kiosk.domain.facts import Avalanche, AvalancheRisk
from kiosk.domain.freshness import ABSENT, Freshness, State
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame, Pill, facts, phone_row
from ui.views.compass import points
from ui.views.frame import Row, all_said, joined
from ui.views.moments import capital, labelled, until
from ui.views.records import Known, age_of_all, known, sources
from ui.words import N_

Bulletin = Known[Avalanche]

# European avalanche danger scale (EAWS, 2022): name, colour, ink, what it asks of people.
SCALE: Mapping[int, tuple[str, str, str, str]] = {
    1: (N_("Faible"), "#ccff66", "#14202b", N_("Prudence sur les pentes très raides.")),
    2: (N_("Limité"), "#ffff00", "#14202b", N_("Choisissez bien votre itinéraire.")),
    3: (N_("Marqué"), "#ff9900", "#14202b", N_("Évitez les pentes raides.")),
    4: (N_("Fort"), "#d0021b", "#ffffff", N_("Restez sur les pentes peu raides.")),
    5: (N_("Très fort"), "#14202b", "#ffffff", N_("Renoncez à sortir en montagne.")),
}
CAUTION_FROM, DANGER_FROM = 2, 3


def build_avalanche(context: Context, argument: str) -> ArticleFrame:
    """Give the bulletin of ``<service>/<massif's id>``; without, the focus or the gravest."""
    words = context.words
    service_id, _, asked = argument.partition("/")
    service = context.territory.service(service_id)
    found = bulletins(context, service)
    one = _chosen(service, found, asked)
    empty = words("Aucun bulletin valable en ce moment. Renseignez-vous avant de sortir.")
    verdict, rest, note = _verdict(context, one)
    rows = _rows(context, service, one)
    return ArticleFrame(
        title=words.text(service.title),
        subtitle=one.facts.massif if one else "",
        lead="" if one else empty,
        age=age_of_all(context, [one] if one else []),
        verdict=verdict,
        rest=rest,
        note=note,
        tone=_tone(one),
        options=_options(context, service, found, one),
        rows=rows,
        footnote=sources(context, service),
        spoken=(
            words.text(service.title) + ".",
            *((f"{verdict}. {rest} {note}",) if one else (empty,)),
            *all_said(rows),
        ),
    )


def bulletins(context: Context, service: Service) -> list[Bulletin]:
    """Give the bulletins that hold, the gravest first."""
    now = context.clock.now()
    held = [
        one
        for one in known(context, service, Avalanche)
        if now < one.facts.valid_until and one.freshness.state is not State.LAST_GOOD
    ]
    return sorted(held, key=lambda one: -one.facts.level)


def tell_avalanche(context: Context, service: Service) -> tuple[list[str], Freshness]:
    """Give the wordings of the risk; without a bulletin that none holds."""
    one = _chosen(service, bulletins(context, service), "")
    if one is None:
        return [context.words("Pas de bulletin valable")], ABSENT
    risk = _risk(context, one.facts.level)
    return [labelled(context, one.facts.massif, risk), capital(risk)], one.freshness


def _chosen(service: Service, found: Sequence[Bulletin], asked: str) -> Bulletin | None:
    by_id = {one.record.id: one for one in found}
    return by_id.get(asked) or by_id.get(service.focus) or next(iter(found), None)


def _risk(context: Context, level: int) -> str:
    """Give « risque 3 sur 5, marqué »."""
    name = context.words(SCALE[level][0]).lower()
    return context.words("risque {level} sur 5, {name}", level=level, name=name)


def _verdict(context: Context, one: Bulletin | None) -> tuple[str, str, str]:
    """Give the risk, what it asks of people, and until when the bulletin holds."""
    if one is None:
        return "", "", ""
    words = context.words
    level = one.facts.level
    ends = until(context, one.facts.valid_until)
    return (
        capital(_risk(context, level)),
        words(SCALE[level][3]),
        words("Bulletin valable {until}.", until=ends),
    )


def _tone(one: Bulletin | None) -> str:
    if one is None or one.facts.level == CAUTION_FROM:
        return "warn"
    return "bad" if one.facts.level >= DANGER_FROM else "muted"


def _options(
    context: Context, service: Service, found: Sequence[Bulletin], chosen: Bulletin | None
) -> tuple[Pill, ...]:
    if len(found) < 2:
        return ()
    return tuple(
        Pill(
            key=one.record.id,
            label=one.facts.massif,
            detail=context.words("{level} sur 5", level=one.facts.level),
            argument=f"{service.id}/{one.record.id}",
            chosen=one is chosen,
        )
        for one in found
    )


def _rows(context: Context, service: Service, one: Bulletin | None) -> tuple[Row, ...]:
    """Give the belts of altitude, the slopes and the snow, and whom to call."""
    phone = phone_row(context, service.phone or context.territory.phone)
    if one is None:
        return phone
    belts = one.facts.risks or (AvalancheRisk(level=one.facts.level),)
    told = (*_stated(context, one), *phone)
    return (
        *(_belt(context, one, number, risk) for number, risk in enumerate(belts)),
        *(replace(row, section=context.words("À savoir")) for row in told),
    )


def _stated(context: Context, one: Bulletin) -> tuple[Row, ...]:
    """Give the slopes to fear and what the snow is like, where the bulletin says so."""
    words, record = context.words, one.record
    slopes = capital(points(context, one.facts.aspects))
    body = words.text(record.body)
    stated = (
        ("mountain", "nature", slopes, words("Pentes les plus dangereuses")),
        ("snowflake", "school", words("Le manteau neigeux") if body else "", body),
    )
    return facts(stated, demo=record.demo)


def _belt(context: Context, one: Bulletin, number: int, risk: AvalancheRisk) -> Row:
    words = context.words
    name, colour, ink, _ = SCALE[risk.level]
    later = ""
    if risk.later is not None:
        later = words("{risk} dans la journée", risk=_risk(context, risk.later))
    return Row(
        key=f"{one.path}/{number}",
        heading=_altitudes(context, risk),
        detail=joined(words(name), words("{level} sur 5", level=risk.level)),
        badge=str(risk.level),
        badge_colour=colour,
        badge_ink=ink,
        state_text=capital(later),
        state_glyph="clock" if later else "",
        tone="warn",
        section=words("Selon l’altitude"),
        demo=one.record.demo,
    )


def _altitudes(context: Context, risk: AvalancheRisk) -> str:
    """Give « Au-dessus de 2\u202f200\u00a0m », « Toutes altitudes »."""
    words = context.words
    low, high = risk.above_m, risk.below_m
    if low is None:
        below = words("Au-dessous de {high}\u00a0m", high=words.number(high or 0))
        return words("Toutes altitudes") if high is None else below
    if high is None:
        return words("Au-dessus de {low}\u00a0m", low=words.number(low))
    return words("De {low} à {high}\u00a0m", low=words.number(low), high=words.number(high))
