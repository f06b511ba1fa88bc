"""Notices and alerts: the gravest first, and one notice's page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kiosk.domain.facts import Notice
from kiosk.domain.freshness import State
from kiosk.domain.record import Record
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame, fact, phone_row, unknown
from ui.views.frame import Frame, Row, Tone, age_of, all_said, joined
from ui.views.moments import capital, until
from ui.views.records import (
    Known,
    age_of_all,
    known,
    known_at,
    service_of,
    sources,
)
from ui.words import N_

LEVELS = ("info", "yellow", "orange", "red")  # ever graver
LEVEL_NAMES: Mapping[str, str] = {
    "info": N_("information"),
    "yellow": N_("vigilance jaune"),
    "orange": N_("vigilance orange"),
    "red": N_("vigilance rouge"),
}
TONES: Mapping[str, Tone] = {"info": "muted", "yellow": "warn", "orange": "bad", "red": "bad"}


def build_notices(context: Context, service_id: str) -> Frame:
    """Give what holds now of a service's notices."""
    words = context.words
    service = context.territory.service(service_id)
    holding = notices_now(context, service)
    rows = tuple(notice_row(context, service, one) for one in holding)
    return Frame(
        title=words.text(service.title),
        subtitle=words.text(context.territory.name),
        lead=words.text(service.intro),
        age=age_of_all(context, holding),
        rows=rows,
        empty=words("Rien à signaler en ce moment."),
        footnote=sources(context, service),
        spoken=(
            words.text(service.title) + ".",
            *(all_said(rows) or (words("Rien à signaler en ce moment."),)),
        ),
    )


def notices_now(context: Context, service: Service) -> list[Known[Notice]]:
    """Give the notices that hold now, the gravest first, then the most asked for."""
    now = context.clock.now()
    holding = [one for one in known(context, service, Notice) if _holds(one.record, now)]
    return sorted(holding, key=lambda one: -gravity(one))


def all_notices(context: Context) -> list[tuple[Service, Known[Notice]]]:
    """Give what holds now of every service of notices, each with its service."""
    services = [one for one in context.territory.services if one.kind == "notices"]
    return [(service, one) for service in services for one in notices_now(context, service)]


def _holds(record: Record, now: datetime) -> bool:
    started = record.valid_from is None or record.valid_from <= now
    return started and (record.valid_until is None or now < record.valid_until)


def gravity(one: Known[Notice]) -> int:
    """Give 0 for an information, 1 to 3 for alerts."""
    return LEVELS.index(one.facts.level)


def announced(context: Context, one: Known[Notice]) -> str:
    """Give a notice's title for a banner; an old one says so, as the screen's age isn't its own."""
    title = context.words.text(one.record.title)
    if one.freshness.state is not State.LAST_GOOD:
        return title
    age = age_of(one.freshness, context.words)
    return joined(title, age.label, age.text)


def topic_of(one: Known[Notice]) -> str:
    """Give the notice's icon."""
    return one.facts.topic or ("alert-triangle" if gravity(one) else "info-circle")


def _end(context: Context, one: Known[Notice]) -> str:
    ends = one.record.valid_until
    return until(context, ends) if ends else ""


def notice_row(context: Context, service: Service, one: Known[Notice]) -> Row:
    """Give a notice's line in a list."""
    words, level = context.words, one.facts.level
    told = [words(LEVEL_NAMES[level]) if gravity(one) else "", _end(context, one)]
    return Row(
        key=one.path,
        heading=words.text(one.record.title),
        detail=words.text(one.record.body),
        glyph=topic_of(one),
        family=service.family,
        state_text=capital(joined(*told)),
        state_glyph="alert-triangle" if gravity(one) else "clock",
        tone=TONES[level],
        demo=one.record.demo,
        route="notice",
        argument=one.path,
    )


def build_notice(context: Context, path: str) -> ArticleFrame:
    """Give the page of the notice ``<dataset>/<id>``."""
    one, service = known_at(context, path, Notice), service_of(context, path)
    if one is None or service is None:
        return unknown(context, service)
    words, record = context.words, one.record
    title, body = words.text(record.title), words.text(record.body)
    ends = _end(context, one)
    level = capital(words(LEVEL_NAMES[one.facts.level]))
    rows = (
        *((fact("clock", "school", capital(ends), demo=record.demo),) if ends else ()),
        *phone_row(context, service.phone or context.territory.phone),
    )
    return ArticleFrame(
        title=words.text(service.title),
        subtitle=level,
        age=age_of(one.freshness, words),
        verdict=title,
        rest=body,
        tone=TONES[one.facts.level],
        rows=rows,
        footnote=sources(context, service),
        spoken=(f"{level}.", f"{title}.", body, *all_said(rows)),
    )
