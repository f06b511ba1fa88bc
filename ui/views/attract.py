"""What the kiosk shows while nobody is there: alerts, notices and what is on, slide by slide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from kiosk.domain.facts import Notice
from kiosk.domain.freshness import Freshness
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.events import hours_of, place_of, to_come
from ui.views.frame import Action, Frame, age_of, worst
from ui.views.moments import capital, near, today
from ui.views.notices import all_notices, gravity, topic_of
from ui.views.records import Known
from ui.words import Words

OF_EACH_MAX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """One message, large: what it is, its words, when and where; ``tone`` bad, warn or plain."""

    kicker: str
    heading: str
    detail: str = ""
    foot: str = ""
    glyph: str = ""
    family: str = "culture"
    tone: str = "plain"
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttractFrame(Frame):
    """The loop's frame: its slides, never none, and the clock."""

    slides: tuple[Slide, ...]
    clock: str = ""
    day: str = ""


def build_attract(context: Context, _argument: str = "") -> AttractFrame:
    """Give the slides in turn: an alert, an event, a notice, then the next of each."""
    words = context.words
    told = [*_notices(context), *_events(context)]
    slides = tuple(slide for slide, _ in _in_turn(told)) or (_welcome(context),)
    return AttractFrame(
        title=words.text(context.territory.name),
        subtitle=words.text(context.territory.host),
        age=age_of(worst([fresh for _, fresh in told]), words),
        slides=slides,
        clock=words.clock(context.here_now()),
        day=words.day(today(context)),
        action=Action(
            title=words("Posez votre carte ici"),
            detail=words("Solde, recharge, entrées, prêts"),
            glyph="nfc",
            route="card",
        ),
        spoken=tuple(f"{slide.kicker}. {slide.heading}. {slide.foot}." for slide in slides),
    )


def _in_turn(told: list[tuple[Slide, Freshness]]) -> Iterator[tuple[Slide, Freshness]]:
    """Mix the kinds of slide: one of each, then the next of each."""
    kinds: dict[str, list[tuple[Slide, Freshness]]] = {}
    for one in told:
        kinds.setdefault(one[0].kicker, []).append(one)
    rounds = (
        islice(kind, turn, turn + 1) for turn in range(OF_EACH_MAX) for kind in kinds.values()
    )
    return chain.from_iterable(rounds)


def _notices(context: Context) -> Iterator[tuple[Slide, Freshness]]:
    for service, one in sorted(all_notices(context), key=_weight):
        yield _notice(context.words, service.family, one), one.freshness


def _weight(pair: tuple[Service, Known[Notice]]) -> tuple[int, int]:
    return -gravity(pair[1]), -pair[1].record.popularity


def _notice(words: Words, family: str, one: Known[Notice]) -> Slide:
    alert = gravity(one) > 0
    return Slide(
        kicker=words("Alerte") if alert else words("Information"),
        heading=words.text(one.record.title),
        detail=words.text(one.record.body),
        glyph=topic_of(one),
        family=family,
        tone=("plain", "warn", "bad", "bad")[gravity(one)],
        demo=one.record.demo,
    )


def _events(context: Context) -> Iterator[tuple[Slide, Freshness]]:
    words = context.words
    for service in context.territory.services:
        if service.kind != "agenda":
            continue
        for one in to_come(context, service)[:OF_EACH_MAX]:
            day = capital(near(context, one.day(today(context))))
            slide = Slide(
                kicker=words.text(service.title),
                heading=words.text(one.known.record.title),
                detail=words.text(one.known.record.body),
                foot=f"{day}, {hours_of(context, one)}\n{place_of(one.facts)}",
                glyph=service.icon,
                family=service.family,
                demo=one.known.record.demo,
            )
            yield slide, one.known.freshness


def _welcome(context: Context) -> Slide:
    words = context.words
    return Slide(
        kicker=words("Bienvenue"),
        heading=words.text(context.territory.name),
        detail=words("Touchez l’écran pour commencer."),
        glyph="hand-click",
        family="move",
    )
