"""Car parks and the like: how many places are free, and since when that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kiosk.domain.facts import Gauge, Place
from kiosk.domain.freshness import State
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.frame import Frame, Row, Tone, age_of, all_said, joined, marked
from ui.views.records import Known, age_of_all, known, nothing_known, sources
from ui.words import N_

SHORT_OF_PLACES = 0.1  # of the capacity: below, few places are left
# What is said when there is nothing left, and little: places are free, vehicles are there to rent.
NOTHING_LEFT: Mapping[str, str] = {"vehicles": N_("plus de vélo")}
LITTLE_LEFT: Mapping[str, str] = {"vehicles": N_("presque vide")}
ARTICLES = ("de", "du", "des", "la", "le", "les", "l’", "d’", "the", "of")


def build_gauges(context: Context, service_id: str) -> Frame:
    """Give a row for each place with a gauge, and for each gauge without a place."""
    words = context.words
    service = context.territory.service(service_id)
    gauges = known(context, service, Gauge)
    rows = tuple(_rows(context, service, gauges))
    return Frame(
        title=words.text(service.title),
        subtitle=words.text(context.territory.name),
        lead=words.text(service.intro),
        age=age_of_all(context, gauges),
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=(words.text(service.title) + ".", *all_said(rows)),
    )


def _rows(context: Context, service: Service, gauges: Sequence[Known[Gauge]]) -> list[Row]:
    """Give the gauges in their order, then the places whose gauge says nothing any more."""
    places = {one.facts.gauge or one.record.id: one for one in known(context, service, Place)}
    told = [_row(context, service, gauge, places.get(gauge.record.id)) for gauge in gauges]
    heard = {gauge.record.id for gauge in gauges}
    silent = [_silent(context, service, one) for key, one in places.items() if key not in heard]
    return told + silent


def _row(
    context: Context, service: Service, gauge: Known[Gauge], place: Known[Place] | None
) -> Row:
    words, facts = context.words, gauge.facts
    age = age_of(gauge.freshness, words)
    word, tone = state_of(context, gauge)
    figure = words.number(facts.value) if facts.open else ""
    return Row(
        key=gauge.path,
        heading=words.text((place or gauge).record.title),
        detail=_detail(context, facts, place),
        glyph=service.icon,
        family=service.family,
        trailing=figure,
        unit=_unit(context, facts) if figure else "",
        state_text=joined(word, age.label, age.text),
        state_glyph=age.glyph,
        tone=tone,
        demo=gauge.record.demo,
        route="place" if place else "",
        argument=f"{service.id}/{place.path}" if place else "",
    )


def _unit(context: Context, gauge: Gauge) -> str:
    """Give what is counted: free places, or vehicles to rent."""
    if gauge.what == "vehicles":
        return context.words("à louer")
    return context.words.n("place", "places", gauge.value)


def counted(context: Context, gauge: Gauge) -> str:
    """Give « 32 places », « 5 à louer »."""
    return f"{context.words.number(gauge.value)} {_unit(context, gauge)}"


def _detail(context: Context, gauge: Gauge, place: Known[Place] | None) -> str:
    room = context.words("{capacity} places en tout", capacity=gauge.capacity)
    return joined(place.facts.commune if place else "", room)


def state_of(context: Context, gauge: Known[Gauge]) -> tuple[str, Tone]:
    """Say in a word whether there is room; a count that isn't live is never shown as good."""
    words, facts = context.words, gauge.facts
    if not facts.open:
        return words("fermé"), "bad"
    if facts.value <= 0:
        return words(NOTHING_LEFT.get(facts.what, N_("complet"))), "bad"
    if facts.capacity and facts.value < facts.capacity * SHORT_OF_PLACES:
        return words(LITTLE_LEFT.get(facts.what, N_("presque complet"))), "warn"
    tones = {State.LIVE: "good", State.LAST_GOOD: "warn"}
    return "", tones.get(gauge.freshness.state, "muted")


def _silent(context: Context, service: Service, place: Known[Place]) -> Row:
    row = Row(
        key=place.path,
        heading=context.words.text(place.record.title),
        detail=place.facts.commune,
        glyph=service.icon,
        family=service.family,
        state_text=context.words("places libres\u00a0: pas d’information en ce moment"),
        state_glyph="question-mark",
        demo=place.record.demo,
        route="place",
        argument=f"{service.id}/{place.path}",
    )
    return marked(row, place.freshness, context.words)


def short_names(titles: Sequence[str]) -> list[str]:
    """Give what tells the titles apart: « Gare » of « Parking de la Gare » among car parks."""
    split = [title.split() for title in titles]
    head, tail = _shared(split), _shared([words[::-1] for words in split])
    return [" ".join(_bare(words[head : len(words) - tail])) for words in split]


def _shared(split: Sequence[Sequence[str]]) -> int:
    """Give how many words all begin with; 0 when they don't differ after them."""
    for place, words in enumerate(zip(*split, strict=False)):
        if len(set(words)) > 1:
            return place
    return 0


def _bare(words: list[str]) -> list[str]:
    """Drop the articles before a name, unless they are part of it (« Les Halles »)."""
    kept = list(words)
    while len(kept) > 1 and kept[0] in ARTICLES:
        kept = kept[1:]
    return kept
