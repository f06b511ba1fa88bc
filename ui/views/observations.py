"""What was measured or seen: air, pollen, noise, snow, views; each with its moment.

A service may show its notices below.
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.facts import Observation
from kiosk.domain.freshness import ABSENT, Freshness, State
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.frame import Frame, Row, Tone, age_of, joined, worst
from ui.views.moments import labelled, local, small, today
from ui.views.notices import notice_row, notices_now
from ui.views.records import Known, known, nothing_known, sources, spoken_list

TONES: Mapping[str, Tone] = {"good": "good", "fair": "muted", "poor": "warn", "bad": "bad"}


def build_observations(context: Context, service_id: str) -> Frame:
    """Give a row for each observation of a service, then its notices that hold now."""
    words = context.words
    service = context.territory.service(service_id)
    seen, notices = known(context, service, Observation), notices_now(context, service)
    fresh = [*(one.freshness for one in seen), *(one.freshness for one in notices)]
    rows = (
        *(_row(context, service, one) for one in seen),
        *(notice_row(context, service, one) for one in notices),
    )
    return Frame(
        title=words.text(service.title),
        subtitle=words.text(context.territory.name),
        lead=words.text(service.intro),
        age=age_of(worst(fresh), words),
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=spoken_list(context, service, rows),
    )


def tell_observations(context: Context, service: Service) -> tuple[list[str], Freshness]:
    """Give the wordings of the focus, else of the only one, else how many there are."""
    found = known(context, service, Observation)
    told = [one for one in found if one.record.id == service.focus] or found
    if len(told) == 1:
        return _wordings(context, told[0]), told[0].freshness
    if not told:
        return [], ABSENT
    name = context.words.text(context.territory.datasets[told[0].record.dataset].title)
    return [f"{len(told)} {small(name)}"], worst([one.freshness for one in told])


def _wordings(context: Context, one: Known[Observation]) -> list[str]:
    name, said = context.words.text(one.record.title).split(",")[0], _said(context, one)
    return [labelled(context, name, said) if said else name, said]


def _figure(context: Context, one: Known[Observation]) -> str:
    value = one.facts.value
    return "" if value is None else context.words.decimal(value)


def _said(context: Context, one: Known[Observation]) -> str:
    """Give its word, else its value with the unit, "" for a view."""
    facts, figure = one.facts, _figure(context, one)
    return context.words.text(facts.word) or f"{figure}\u00a0{facts.unit}".strip()


def _moment(context: Context, one: Known[Observation]) -> str:
    """Give « dernière image aujourd’hui à 10 h 30 », "" for what isn't a picture."""
    if not one.facts.picture:
        return ""
    words, taken = context.words, local(context, one.record.observed_at)
    if taken.date() == today(context):
        return words("dernière image à {time}", time=words.time(taken))
    return words("dernière image du {day}", day=words.short_day(taken.date()))


def _row(context: Context, service: Service, one: Known[Observation]) -> Row:
    words, facts = context.words, one.facts
    age = age_of(one.freshness, words)
    old = one.freshness.state is State.LAST_GOOD
    figure = _figure(context, one)
    return Row(
        key=one.path,
        heading=words.text(one.record.title),
        detail=words.text(one.record.body),
        glyph=facts.topic or service.icon,
        family=service.family,
        trailing=figure,
        unit=facts.unit if figure else "",
        state_text=joined(words.text(facts.word), _moment(context, one), age.label, age.text),
        state_glyph=age.glyph,
        tone="warn" if old else TONES.get(facts.level, "muted"),
        demo=one.record.demo,
    )
