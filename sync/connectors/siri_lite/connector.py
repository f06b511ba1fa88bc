"""Makes records of SIRI: next departures at a stop, and messages to passengers.

===========  ====================================================================
kind         data
===========  ====================================================================
trip_update  {trip, route, start_day, stop, stop_sequence, delay_s, expected,
             cancelled} as gtfs_rt has them, and {line, destination, aimed,
             platform, at_stop}; ``expected`` and ``aimed`` in epoch seconds or null
notice       {level, topic, channel, lines, stops}
===========  ====================================================================
Rules:
1. A departure counts before an arrival. The delay is the expected time less the aimed one; null
   when either isn't told.
2. What is said of a departure holds ``extra["valid_s"]`` (90) seconds after it was recorded.
3. A message of the channel "Perturbation" is yellow, others are information; one that is over or
   cancelled in the same delivery is withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Level, Notice, data_of
from kiosk.domain.record import Json, Record
from kiosk.domain.text import clean_line
from sync.connectors.base import Context, Item, each, record_of
from sync.connectors.siri_lite.tree import Node, delivery_of
from sync.connectors.times import moment_of, zone_of
from sync.connectors.validity import still_holds

VALID_S, VALID_S_MAX = 90, 86_400
REFS_MAX = 200

_AIMED = ("AimedDepartureTime", "AimedArrivalTime")
_EXPECTED = ("ExpectedDepartureTime", "ActualDepartureTime", "ExpectedArrivalTime")
_ALARMING = ("perturbation", "warnings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the delivery says of all its items."""

    context: Context
    zone: ZoneInfo
    answered_at: datetime
    lasting: timedelta
    cancelled: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """When a vehicle calls: one of ``aimed`` and ``expected`` is known; ``moment`` names it."""

    call: Node
    aimed: datetime | None
    expected: datetime | None
    moment: datetime

    def delay_s(self) -> int | None:
        """Give how late it is in seconds; None when either time isn't known."""
        if self.aimed is None or self.expected is None:
            return None
        return int((self.expected - self.aimed).total_seconds())


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the departures and messages; raises InputRefused when it isn't such a delivery."""
    delivery = delivery_of(raw)
    stops = list(delivery.nodes("StopMonitoringDelivery"))
    messages = list(delivery.nodes("GeneralMessageDelivery"))
    if not stops and not messages:
        raise InputRefused("SIRI without stop monitoring and general messages")
    reading = _reading(delivery, messages, context)
    visits = [visit for stop in stops for visit in stop.nodes("MonitoredStopVisit")]
    infos = [info for part in messages for info in part.nodes("InfoMessage", "GeneralMessage")]
    yield from each(_numbered("visit", visits), partial(_departure, reading=reading))
    yield from each(_numbered("message", infos), partial(_message, reading=reading))


def _numbered(what: str, nodes: list[Node]) -> Iterator[tuple[str, Node]]:
    return ((f"{what} {number}", node) for number, node in enumerate(nodes, 1))


def _reading(delivery: Node, messages: list[Node], context: Context) -> Reading:
    seconds = context.extra.get("valid_s", VALID_S)
    if not isinstance(seconds, int) or not 0 < seconds <= VALID_S_MAX:
        raise InputRefused(f"valid_s isn't between 1 and {VALID_S_MAX}", where="context")
    zone = zone_of(context)
    gone = (
        cancelled.text("InfoMessageIdentifier")
        for part in messages
        for cancelled in part.nodes("InfoMessageCancellation", "GeneralMessageCancellation")
    )
    return Reading(
        context=context,
        zone=zone,
        answered_at=_time(delivery, ("ResponseTimestamp",), zone) or context.observed_at,
        lasting=timedelta(seconds=seconds),
        cancelled=frozenset(gone),
    )


def _departure(visit: Node, reading: Reading) -> Record:
    journey = visit.node("MonitoredVehicleJourney")
    passage = _passage(journey.node("MonitoredCall"), reading.zone)
    recorded_at = _time(visit, ("RecordedAtTime",), reading.zone) or reading.answered_at
    facts = _facts(visit, journey, passage)
    line, trip = facts["line"], facts["trip"]
    destinations = journey.texts("DestinationName", reading.context.language)
    titles = {tag: f"{line} {name}".strip() for tag, name in destinations.items()}
    own = visit.text("ItemIdentifier")
    return record_of(
        reading.context,
        id=own or f"{line}|{trip}@{facts['stop']}#{passage.moment.isoformat()}",
        kind="trip_update",
        title=titles or f"{line or trip}",
        observed_at=recorded_at,
        valid_until=max(recorded_at, reading.answered_at) + reading.lasting,
        data={**facts, "destination": next(iter(destinations.values()), "")},
    )


def _passage(call: Node, zone: ZoneInfo) -> Passage:
    aimed = _time(call, _AIMED, zone)
    expected = _time(call, _EXPECTED, zone)
    moment = aimed or expected
    if moment is None:
        raise InputRefused("neither an aimed nor an expected time")
    return Passage(call=call, aimed=aimed, expected=expected, moment=moment)


def _facts(visit: Node, journey: Node, passage: Passage) -> dict[str, Json]:
    framed, call = journey.node("FramedVehicleJourneyRef"), passage.call
    statuses = {call.text(name).casefold() for name in ("DepartureStatus", "ArrivalStatus")}
    return {
        "trip": framed.text("DatedVehicleJourneyRef") or journey.text("VehicleJourneyName"),
        "route": journey.text("LineRef"),
        "start_day": _day(framed.text("DataFrameRef")),
        "stop": call.text("StopPointRef") or visit.text("MonitoringRef"),
        "stop_sequence": None,
        "delay_s": passage.delay_s(),
        "expected": _epoch(passage.expected),
        "cancelled": "cancelled" in statuses,
        "line": journey.text("PublishedLineName", "LineRef"),
        "aimed": _epoch(passage.aimed),
        "platform": call.text("DeparturePlatformName", "ArrivalPlatformName"),
        "at_stop": call.text("VehicleAtStop").casefold() == "true",
    }


def _epoch(moment: datetime | None) -> int | None:
    return int(moment.timestamp()) if moment else None


def _day(text: str) -> str:
    """Give a day as GTFS writes it (20261122), "" when the frame isn't a day."""
    digits = text.replace("-", "")
    return digits if len(digits) == 8 and digits.isascii() and digits.isdecimal() else ""


def _message(info: Node, reading: Reading) -> Record:
    identity = info.text("InfoMessageIdentifier", "ItemIdentifier")
    if identity and identity in reading.cancelled:
        raise InputRefused("withdrawn: it was cancelled")
    recorded_at = _time(info, ("RecordedAtTime",), reading.zone)
    ends = _time(info, ("ValidUntilTime",), reading.zone)
    still_holds(None, ends, reading.context.now)
    texts = _said(info, reading.context.language)
    channel = info.text("InfoChannelRef")
    content = info.node("Content")
    return record_of(
        reading.context,
        id=f"message:{identity or '|'.join(texts.values())}",
        kind="notice",
        title={tag: clean_line(text) for tag, text in texts.items()},
        body=texts,
        observed_at=recorded_at or reading.answered_at,
        valid_from=recorded_at,
        valid_until=ends,
        data={
            **data_of(Notice(level=_level(channel))),
            "channel": channel,
            "lines": _refs(content, "LineRef"),
            "stops": _refs(content, "StopPointRef"),
        },
    )


def _level(channel: str) -> Level:
    return "yellow" if channel.casefold() in _ALARMING else "info"


def _said(info: Node, language: str) -> dict[str, str]:
    """Give the text of a message: that of its messages, else its content, by language."""
    messages = [
        part.texts("MessageText", language) for part in info.node("Content").nodes("Message")
    ]
    told = next(filter(None, messages), None)
    return told or info.texts("Content", language)


def _refs(content: Node, name: str) -> list[Json]:
    values = content.fields.get(name)
    many = values[:REFS_MAX] if isinstance(values, list) else [values]
    texts = (Node(fields={name: value}).text(name) for value in many)
    return [*dict.fromkeys(filter(None, texts))]


def _time(node: Node, names: tuple[str, ...], zone: ZoneInfo) -> datetime | None:
    text = node.text(*names)
    return moment_of(text, zone) if text else None
