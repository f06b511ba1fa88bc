"""Ski runs and lifts: how many are open, which, and since when that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kiosk.domain.facts import Slope
from kiosk.domain.freshness import ABSENT, Freshness, State
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame
from ui.views.frame import Row, Tone, joined, marked, worst
from ui.views.moments import capital
from ui.views.records import Known, age_of_all, known, nothing_known, sources, spoken_list
from ui.words import N_

Run = Known[Slope]

LIFT = "lift"
STATES: Mapping[str, tuple[str, str, Tone]] = {  # word, icon, tone
    "open": (N_("en service"), "circle-check", "good"),
    "opening": (N_("ouvre bientôt"), "clock", "warn"),
    "closed": (N_("fermé"), "x", "bad"),
    "out_of_season": (N_("hors saison"), "calendar-time", "muted"),
    "": (N_("état inconnu"), "question-mark", "muted"),
}
# The colours of runs (AFNOR NF S52-100): name, colour, ink.
DIFFICULTIES: Mapping[str, tuple[str, str, str]] = {
    "green": (N_("verte"), "#1d6b35", "#ffffff"),
    "blue": (N_("bleue"), "#1f4a8a", "#ffffff"),
    "red": (N_("rouge"), "#b3261e", "#ffffff"),
    "black": (N_("noire"), "#14202b", "#ffffff"),
    "": ("", "", ""),
}
SORTS: Mapping[str, tuple[str, str]] = {  # name of the list, icon
    "piste": (N_("Pistes"), "ski-jumping"),
    "nordic": (N_("Pistes de fond"), "trekking"),
    "sledge": (N_("Luge"), "snowflake"),
    LIFT: (N_("Remontées mécaniques"), "aerial-lift"),
}


def build_slopes(context: Context, service_id: str) -> ArticleFrame:
    """Give how many runs and lifts of a service are open, then each of them."""
    words = context.words
    service = context.territory.service(service_id)
    found = sorted(known(context, service, Slope), key=_order)
    rows = tuple(_row(context, one) for one in found)
    verdict, rest = _verdict(context, found)
    told = f"{verdict}. {rest}" if verdict else ""
    return ArticleFrame(
        title=words.text(service.title),
        subtitle=found[0].facts.resort if found else words.text(context.territory.name),
        lead=words.text(service.intro),
        age=age_of_all(context, found),
        verdict=verdict,
        rest=rest,
        tone="warn" if _old(found) else "muted",
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=spoken_list(context, service, rows, told),
    )


def tell_slopes(context: Context, service: Service) -> tuple[list[str], Freshness]:
    """Give the wordings of how many runs are open; an old count would send people for nothing."""
    found = known(context, service, Slope)
    if not found:
        return [], ABSENT
    fresh = worst([one.freshness for one in found])
    if _old(found):
        return [context.words("Pas d’état récent")], fresh
    return [_open_runs(context, found)], fresh


def _order(one: Run) -> tuple[int, bool, int]:
    """Put runs before lifts, open ones first, easy ones first."""
    facts = one.facts
    return (
        list(SORTS).index(facts.sort),
        facts.state != "open",
        list(DIFFICULTIES).index(facts.difficulty),
    )


def _old(found: Sequence[Run]) -> bool:
    return any(one.freshness.state is State.LAST_GOOD for one in found)


def _count(found: Sequence[Run], *, lifts: bool) -> tuple[int, int]:
    """Give how many are open, and of how many."""
    right = [one for one in found if (one.facts.sort == LIFT) is lifts]
    return sum(one.facts.state == "open" for one in right), len(right)


def _open_runs(context: Context, found: Sequence[Run]) -> str:
    open_, total = _count(found, lifts=False)
    return context.words.n(
        "{n} piste ouverte sur {total}", "{n} pistes ouvertes sur {total}", open_, total=total
    )


def _verdict(context: Context, found: Sequence[Run]) -> tuple[str, str]:
    """Give the runs that are open, then the lifts and what is prepared; a warning when old."""
    words = context.words
    if not found:
        return "", ""
    if _old(found):
        return words("État à vérifier"), words("Appelez la station avant de partir.")
    open_, total = _count(found, lifts=True)
    lifts = words.n(
        "{n} remontée sur {total} en service.",
        "{n} remontées sur {total} en service.",
        open_,
        total=total,
    )
    ready = sum(one.facts.groomed is True for one in found if one.facts.state == "open")
    prepared = words.n("{n} piste préparée.", "{n} pistes préparées.", ready)
    return _open_runs(context, found), f"{lifts} {prepared}"


def _row(context: Context, one: Run) -> Row:
    words, facts = context.words, one.facts
    state, glyph, tone = STATES[facts.state]
    colour, paint, ink = DIFFICULTIES[facts.difficulty]
    ready = words("préparée") if facts.groomed and facts.state == "open" else ""
    row = Row(
        key=one.path,
        heading=words.text(one.record.title),
        detail=capital(joined(words(colour) if colour else "", facts.sector)),
        glyph=SORTS[facts.sort][1],
        family="school",
        badge_colour=paint,
        badge_ink=ink,
        state_text=joined(words(state), ready),
        state_glyph=glyph,
        tone=tone,
        section=words(SORTS[facts.sort][0]),
        demo=one.record.demo,
    )
    return marked(row, one.freshness, words)
