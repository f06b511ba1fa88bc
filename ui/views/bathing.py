"""Bathing places: the flag while it holds, the water's quality, each with its date.

Rules:
1. A flag past its time, or older than it may be believed, is withdrawn; the place stays.
2. No flag is never said to be safe.
3. Where bathing is forbidden, that comes before flag and quality.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from kiosk.domain.facts import Bathing
from kiosk.domain.freshness import ABSENT, Freshness, State
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame
from ui.views.doors import door_words
from ui.views.frame import Row, Tone, joined, marked
from ui.views.moments import capital, labelled, until
from ui.views.records import Known, age_of_all, known, nothing_known, sources, spoken_list
from ui.words import N_

Beach = Known[Bathing]

# Decree 2022-105, article D. 322-11 of the Code du sport: name, meaning, colour, ink, tone.
FLAGS: Mapping[str, tuple[str, str, str, str, Tone]] = {
    "green": (
        N_("drapeau vert"),
        N_("Baignade surveillée, sans danger apparent."),
        "#1d6b35",
        "#ffffff",
        "good",
    ),
    "yellow": (
        N_("drapeau jaune"),
        N_("Baignade surveillée, avec un danger limité ou marqué."),
        "#ffd21f",
        "#14202b",
        "warn",
    ),
    "red": (N_("drapeau rouge"), N_("Baignade interdite."), "#b3261e", "#ffffff", "bad"),
    "purple": (
        N_("drapeau violet"),
        N_("Eau polluée ou animaux dangereux\u00a0: ne vous baignez pas."),
        "#5b2a6e",
        "#ffffff",
        "bad",
    ),
}
# Directive 2006/7/EC, annex II.
QUALITIES: Mapping[str, tuple[str, Tone]] = {
    "excellent": (N_("eau excellente"), "good"),
    "good": (N_("eau de bonne qualité"), "good"),
    "sufficient": (N_("eau de qualité suffisante"), "warn"),
    "insufficient": (N_("eau de qualité insuffisante"), "bad"),
}
SAMPLES: Mapping[str, tuple[str, Tone]] = {
    "good": (N_("bon"), "good"),
    "average": (N_("moyen"), "warn"),
    "poor": (N_("mauvais"), "bad"),
}


def build_bathing(context: Context, service_id: str) -> ArticleFrame:
    """Give the focus place large, then what is known of each place."""
    words = context.words
    service = context.territory.service(service_id)
    found = beaches(context, service)
    name, verdict, rest, tone = _answer(context, found[0]) if found else _NO_ANSWER
    rows = tuple(chain.from_iterable(_rows(context, service, one) for one in found))
    told = f"{verdict}. {rest}" if verdict else ""
    return ArticleFrame(
        title=words.text(service.title),
        subtitle=name,
        lead=words.text(service.intro),
        age=age_of_all(context, found),
        verdict=verdict,
        rest=rest,
        tone=tone,
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=spoken_list(context, service, rows, told),
    )


_NO_ANSWER: tuple[str, str, str, Tone] = ("", "", "", "muted")


def _answer(context: Context, one: Beach) -> tuple[str, str, str, Tone]:
    return (context.words.text(one.record.title), *_verdict(context, one))


def beaches(context: Context, service: Service) -> list[Beach]:
    """Give the service's bathing places, its focus first."""
    found = known(context, service, Bathing)
    return sorted(found, key=lambda one: one.record.id != service.focus)


def flag_of(context: Context, one: Beach) -> str:
    """Give the flag that flies now, "" when none is known."""
    facts = one.facts
    over = facts.flag_until is not None and context.clock.now() >= facts.flag_until
    return "" if over or one.freshness.state is State.LAST_GOOD else facts.flag


def tell_bathing(context: Context, service: Service) -> tuple[list[str], Freshness]:
    """Give the wordings of the focus place's flag, else of its water."""
    found = beaches(context, service)
    if not found:
        return [], ABSENT
    one = found[0]
    verdict = _verdict(context, one)[0]
    name = context.words.text(one.record.title).split(",")[0]
    return [labelled(context, name, verdict[:1].lower() + verdict[1:]), verdict], one.freshness


def _verdict(context: Context, one: Beach) -> tuple[str, str, Tone]:
    """Give the answer to « may one bathe? », what it means, and its tone."""
    words, facts, flag = context.words, one.facts, flag_of(context, one)
    if facts.forbidden:
        return words("Baignade interdite"), words.text(one.record.body), "bad"
    if flag:
        name, meaning, _, _, tone = FLAGS[flag]
        return capital(words(name)), words(meaning), tone
    if facts.supervised or facts.flag:
        rest = words("Sans drapeau, la baignade n’est pas surveillée.")
        return words("Pas de drapeau connu"), rest, "muted"
    return _water(context, one)


def _water(context: Context, one: Beach) -> tuple[str, str, Tone]:
    words, facts = context.words, one.facts
    if not facts.quality:
        return words("Qualité inconnue"), words.text(one.record.body), "muted"
    name, tone = QUALITIES[facts.quality]
    old = one.freshness.state is State.LAST_GOOD
    return capital(words(name)), words.text(one.record.body), "warn" if old else tone


def _rows(context: Context, service: Service, one: Beach) -> list[Row]:
    told = (
        _ban_row(context, one),
        _flag_row(context, one),
        _quality_row(context, one),
        _sample_row(context, one),
        _warmth_row(context, one),
    )
    section = joined(context.words.text(one.record.title), one.facts.commune)
    rows = [
        Row(
            key=f"{one.path}/{glyph}",
            heading=capital(heading),
            detail=detail,
            glyph=glyph,
            badge_colour=colour,
            badge_ink=ink,
            family=service.family,
            section=section,
            demo=one.record.demo,
        )
        for heading, detail, glyph, colour, ink in told
        if heading
    ]
    return [marked(row, one.freshness, context.words) for row in rows]


_Told = tuple[str, str, str, str, str]  # heading, detail, icon, its colours
_NOTHING: _Told = ("", "", "", "", "")


def _ban_row(context: Context, one: Beach) -> _Told:
    if not one.facts.forbidden:
        return _NOTHING
    why = context.words.text(one.record.body)
    return context.words("baignade interdite"), why, "hand-stop", "#b3261e", "#ffffff"


def _flag_row(context: Context, one: Beach) -> _Told:
    """Give the flag with its end; of a place with lifeguards also that none is known."""
    words, facts, flag = context.words, one.facts, flag_of(context, one)
    if flag:
        name, meaning, colour, ink, _ = FLAGS[flag]
        ends = until(context, facts.flag_until) if facts.flag_until else ""
        return (
            words(name),
            joined(meaning and words(meaning).rstrip("."), ends),
            "flag",
            colour,
            ink,
        )
    if not facts.supervised:
        return _NOTHING
    hours = door_words(context, facts.supervised).line
    return (
        words("pas de drapeau connu"),
        words("Surveillance\u00a0: {hours}", hours=hours),
        "flag-off",
        "",
        "",
    )


def _quality_row(context: Context, one: Beach) -> _Told:
    if not one.facts.quality:
        return _NOTHING
    name = context.words(QUALITIES[one.facts.quality][0])
    return name, context.words("Classement de la saison"), "droplet", "", ""


def _sample_row(context: Context, one: Beach) -> _Told:
    words, facts = context.words, one.facts
    if not facts.sample:
        return _NOTHING
    said = words("prélèvement {verdict}", verdict=words(SAMPLES[facts.sample][0]))
    taken = words.day(facts.sampled_on) if facts.sampled_on else words("date inconnue")
    return said, capital(taken), "test-pipe", "", ""


def _warmth_row(context: Context, one: Beach) -> _Told:
    warmth = one.facts.water_c
    if warmth is None:
        return _NOTHING
    said = f"{context.words.decimal(warmth)}\u00a0°C"
    return said, context.words("Température de l’eau"), "temperature", "", ""
