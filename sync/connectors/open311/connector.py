"""Makes records of GeoReport answers: the problems one may report, and the reports.

=======  ================================================================
kind     record
=======  ================================================================
problem  ``problem:<service_code>``, a service
report   ``report:<service_request_id>``, a request, at its position
=======  ================================================================
A report's title is the name of its service, its body what was written; e-mail, telephone and
names of citizens, which some servers give away, are not read. What isn't told stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Literal
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Problem, Report, data_of
from kiosk.domain.record import Record
from sync.connectors.base import Context, Item, each, record_of
from sync.connectors.open311.answers import Entry, entries_of
from sync.connectors.times import moment_of, zone_of

KEYWORDS_MAX = 30

State = Literal["", "open", "closed"]


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the services' and requests' records; raises InputRefused when it isn't GeoReport."""
    build = partial(_record, context=context, zone=zone_of(context))
    yield from each(((entry.where, entry) for entry in entries_of(raw)), build)


def _record(entry: Entry, context: Context, zone: ZoneInfo) -> Record:
    if entry.line("service_request_id"):
        return _report(entry, context, zone)
    if entry.line("service_code"):
        return _problem(entry, context)
    raise InputRefused("neither service_request_id nor service_code")


def _problem(entry: Entry, context: Context) -> Record:
    facts = Problem(
        code=entry.line("service_code"),
        group=entry.line("group"),
        keywords=_keywords(entry.line("keywords")),
        asks_more=entry.truth("metadata"),
    )
    return record_of(
        context,
        id=f"problem:{facts.code}",
        kind="problem",
        title=entry.line("service_name"),
        body=entry.text("description"),
        data=data_of(facts),
    )


def _keywords(text: str) -> tuple[str, ...]:
    words = (word.strip() for word in text.split(","))
    return tuple(dict.fromkeys(filter(None, words)))[:KEYWORDS_MAX]


def _report(entry: Entry, context: Context, zone: ZoneInfo) -> Record:
    reported_at = _time(entry, "requested_datetime", zone)
    updated_at = _time(entry, "updated_datetime", zone)
    facts = Report(
        state=_state(entry.line("status")),
        problem=entry.line("service_code"),
        reported_at=reported_at,
        updated_at=updated_at,
        expected_at=_time(entry, "expected_datetime", zone),
        answer=entry.text("status_notes"),
        agency=entry.line("agency_responsible"),
        address=entry.line("address"),
    )
    return record_of(
        context,
        id=f"report:{entry.line('service_request_id')}",
        kind="report",
        title=entry.line("service_name") or facts.problem,
        body=entry.text("description"),
        geo=entry.geo(),
        data=data_of(facts),
    )


def _state(status: str) -> State:
    told = status.casefold()
    if told == "open":
        return "open"
    return "closed" if told == "closed" else ""


def _time(entry: Entry, name: str, zone: ZoneInfo) -> datetime | None:
    text = entry.line(name)
    return moment_of(text, zone) if text else None
