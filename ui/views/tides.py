"""Tides of a port: the next high and low waters, and the day as a curve; indicative.

Between two turns the water follows half a cosine, as good as the rule of twelfths.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from math import cos, pi

from kiosk.domain.facts import Tide
from kiosk.domain.freshness import ABSENT, Freshness
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame
from ui.views.frame import Row, joined
from ui.views.moments import heading, labelled, local, near, today
from ui.views.records import Known, age_of_all, known, nothing_known, sources, spoken_list

Water = Known[Tide]

NEXT_MAX = 12  # three days
CURVE_STEPS = 144  # ten minutes
DAY = timedelta(days=1)
FLOOR, CEILING = 0.08, 0.92  # of the picture's height: where the lowest and highest water lie


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A high or low water on the day's curve; ``at`` and ``level`` from 0 (left, low) to 1."""

    at: float
    level: float
    label: str
    metres: str
    high: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TidesFrame(ArticleFrame):
    """A port's frame: today's levels (0…1) and turns; ``now_x`` is -1 without a curve."""

    curve: tuple[float, ...] = ()
    turns: tuple[Turn, ...] = ()
    now_x: float = -1.0


def build_tides(context: Context, service_id: str) -> TidesFrame:
    """Give the tides of the service's port."""
    words = context.words
    service = context.territory.service(service_id)
    waters = of_port(context, service)
    ahead = _ahead(context, waters)[:NEXT_MAX]
    rows = tuple(_row(context, one) for one in ahead)
    verdict, rest, note = _next(context, ahead)
    curve, now = _curve(context, waters), _share(context, context.clock.now())
    told = f"{verdict}, {rest}. {note}" if verdict else ""
    return TidesFrame(
        title=words.text(service.title),
        subtitle=_port(ahead),
        lead=words.text(service.intro),
        age=age_of_all(context, ahead),
        verdict=verdict,
        rest=rest,
        note=note,
        rows=rows,
        curve=curve,
        turns=tuple(_turns(context, waters)) if curve else (),
        now_x=now if curve else -1.0,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=spoken_list(context, service, rows, told),
    )


def of_port(context: Context, service: Service) -> list[Water]:
    """Give the waters of one port in time's order: the focus, else the first one's."""
    found = sorted(known(context, service, Tide), key=lambda one: one.facts.time)
    ports = [one.facts.station for one in found]
    port = service.focus if service.focus in ports else next(iter(ports), "")
    return [one for one in found if one.facts.station == port]


def tell_tides(context: Context, service: Service) -> tuple[list[str], Freshness]:
    """Give the wordings of the next high water."""
    high = [one for one in _ahead(context, of_port(context, service)) if _is_high(one)]
    if not high:
        return [], ABSENT
    one = high[0]
    when = local(context, one.facts.time)
    day = "" if when.date() == today(context) else near(context, when.date())
    said = " ".join(filter(None, (_name(context, one), day, context.words.clock(when))))
    return [joined(said, _height(context, one)), said], one.freshness


def _ahead(context: Context, waters: Sequence[Water]) -> list[Water]:
    now = context.clock.now()
    return [one for one in waters if one.facts.time > now]


def _port(waters: Sequence[Water]) -> str:
    return waters[0].facts.station if waters else ""


def _is_high(one: Water) -> bool:
    return one.facts.kind == "high"


def _name(context: Context, one: Water) -> str:
    words = context.words
    return words("Pleine mer") if _is_high(one) else words("Basse mer")


def _height(context: Context, one: Water) -> str:
    return f"{context.words.decimal(one.facts.height_m)}\u00a0m"


def _next(context: Context, ahead: Sequence[Water]) -> tuple[str, str, str]:
    """Give the next turn, whether the sea rises, and what the figures are worth."""
    if not ahead:
        return "", "", ""
    words, one = context.words, ahead[0]
    rising = words("la mer monte") if one.facts.kind == "high" else words("la mer descend")
    when = words.clock(local(context, one.facts.time))
    note = words("Indicatif, sans le vent ni la pression. Ne pas naviguer avec.")
    return labelled(context, _name(context, one), when), joined(_height(context, one), rising), note


def _row(context: Context, one: Water) -> Row:
    words, when = context.words, local(context, one.facts.time)
    glyph, family = ("arrow-up", "move") if _is_high(one) else ("arrow-down", "nature")
    caution = words("indicatif") if one.facts.indicative else ""
    datum = words("au-dessus du zéro des cartes") if one.facts.datum else ""
    return Row(
        key=one.path,
        heading=_name(context, one),
        detail=f"{_height(context, one)} {datum}".strip(),
        glyph=glyph,
        family=family,
        trailing=words.clock(when),
        state_text=caution,
        state_glyph=caution and "info-circle",
        section=heading(context, when.date()),
        demo=one.record.demo,
    )


def _midnight(context: Context) -> datetime:
    now = context.here_now()
    return datetime.combine(now.date(), time(), tzinfo=now.tzinfo)


def _share(context: Context, moment: datetime) -> float:
    """Give a moment as a share of today, 0 at midnight."""
    return (moment - _midnight(context)) / DAY


def _scaled(waters: Sequence[Water], height_m: float) -> float:
    heights = [one.facts.height_m for one in waters]
    low, high = min(heights), max(heights)
    share = (height_m - low) / (high - low) if high > low else 0.5
    return FLOOR + share * (CEILING - FLOOR)


def _curve(context: Context, waters: Sequence[Water]) -> tuple[float, ...]:
    """Give today's water at each step; nothing unless the whole day is known."""
    start = _midnight(context)
    levels: list[float] = []
    for step in range(CURVE_STEPS + 1):
        height = _height_at(waters, start + DAY * step / CURVE_STEPS)
        if height is None:
            return ()
        levels.append(_scaled(waters, height))
    return tuple(levels)


def _height_at(waters: Sequence[Water], moment: datetime) -> float | None:
    for before, after in pairwise(waters):
        first, last = before.facts, after.facts
        if first.time <= moment <= last.time and first.time < last.time:
            share = (1 - cos(pi * ((moment - first.time) / (last.time - first.time)))) / 2
            return first.height_m + share * (last.height_m - first.height_m)
    return None


def _turns(context: Context, waters: Sequence[Water]) -> Iterator[Turn]:
    for one in waters:
        when = local(context, one.facts.time)
        if when.date() == today(context):
            yield Turn(
                at=_share(context, one.facts.time),
                level=_scaled(waters, one.facts.height_m),
                label=context.words.clock(when),
                metres=_height(context, one),
                high=_is_high(one),
            )
