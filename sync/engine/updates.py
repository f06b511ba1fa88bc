"""Turns what a GTFS-Realtime feed says of trips into what the timetable's store keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Record, Reject
from kiosk.domain.transit import TripUpdate

KIND = "trip_update"


class _Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The data of a record of kind trip_update (sync/connectors/gtfs_rt)."""

    trip: str
    start_day: str
    stop: str
    stop_sequence: int | None
    delay_s: int | None
    expected: int | None
    cancelled: bool


def trip_updates_of(items: Iterable[Record | Reject]) -> Iterator[TripUpdate]:
    """Give the updates among ``items``; other kinds and rejects are left out.

    Raises InputRefused when a trip_update's data isn't as the connector writes it.
    """
    for item in items:
        if isinstance(item, Record) and item.kind == KIND:
            yield _update(item)


def _update(record: Record) -> TripUpdate:
    try:
        facts = msgspec.convert(dict(record.data), _Facts)
    except msgspec.ValidationError as wrong:
        raise InputRefused(str(wrong), where=record.id) from wrong
    expected = facts.expected
    return TripUpdate(
        trip=facts.trip,
        stop=facts.stop,
        stop_sequence=facts.stop_sequence,
        start_day=facts.start_day,
        delay_s=facts.delay_s,
        expected=None if expected is None else datetime.fromtimestamp(expected, UTC),
        cancelled=facts.cancelled,
        observed_at=record.observed_at,
        valid_until=record.valid_until,
        demo=record.demo,
    )
