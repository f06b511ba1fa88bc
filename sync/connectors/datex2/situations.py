"""Makes a road notice of each situation record of a SituationPublication."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Notice, data_of
from kiosk.domain.record import Json, Record
from sync.connectors.base import Context, record_of
from sync.connectors.datex2.extract import (
    Part,
    line_of,
    periods_of,
    position_of,
    spoken,
    type_of,
    validity_of,
)
from sync.connectors.datex2.names import CLOSED, CLOSING, LEVELS, SITUATIONS, UNNAMED, Names
from sync.connectors.strict_xml import child, children, text_of
from sync.connectors.times import moment_of
from sync.connectors.validity import still_holds

TOPIC = "road"
TYPES_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """One record, with what its situation says for all its records."""

    element: Element
    severity: str
    real: str  # the header's informationStatus


def situations(publication: Element) -> Iterator[tuple[str, Situation]]:
    """Give (where it stands, record) of each record of each situation."""
    for number, situation in enumerate(children(publication, "situation"), 1):
        header = child(situation, "headerInformation")
        real = text_of(header, "informationStatus") if header is not None else ""
        severity = text_of(situation, "overallSeverity")
        for rank, element in enumerate(children(situation, "situationRecord"), 1):
            where = f"situation {number}, record {rank}"
            yield where, Situation(element=element, severity=severity, real=real)


def notice_of(situation: Situation, context: Context, zone: ZoneInfo) -> Record:
    """Give the record's notice; raises InputRefused when it is a test, suspended or over."""
    part = Part(situation.element)
    _is_for_the_public(situation, part)
    validity = validity_of(part, zone)
    still_holds(validity.starts, validity.ends, context.now)
    versioned = part.text("situationRecordVersionTime", "situationRecordObservationTime")
    severity = text_of(situation.element, "severity") or situation.severity
    line = line_of(part)
    return record_of(
        context,
        id=_id(situation.element),
        kind="notice",
        title=titles(_names(part), road_of(part)),
        body=spoken(children(situation.element, "generalPublicComment"), context.language),
        geo=position_of(part, line),
        observed_at=moment_of(versioned, zone) if versioned else None,
        valid_from=validity.starts,
        valid_until=validity.ends,
        data={
            **data_of(Notice(level=LEVELS.get(severity, "info"), topic=TOPIC)),
            **_told(part),
            "severity": severity,
            "periods": periods_of(validity),
            "line": [[lat, lon] for lat, lon in line],
        },
    )


def titles(names: Names, road: str) -> dict[str, str]:
    """Give the title by language: the road, then what is the matter."""
    french, english = names
    if not road:
        return {"fr": french, "en": english}
    return {"fr": f"{road}\u00a0: {french}", "en": f"{road}: {english}"}


def road_of(part: Part) -> str:
    """Give the road's number, else its name."""
    return part.text("roadNumber", "roadName") or next(
        iter(spoken(part.all("roadName"), "fr").values()), ""
    )


def _id(element: Element) -> str:
    name = element.get("id", "").strip()
    if not name:
        raise InputRefused("no id")
    return name


def _is_for_the_public(situation: Situation, part: Part) -> None:
    if situation.real not in ("", "real"):
        raise InputRefused(f"not real: {situation.real}")
    if part.text("validityStatus") == "suspended":
        raise InputRefused("withdrawn: suspended")


def _is_closed(part: Part) -> bool:
    told = part.texts("roadOrCarriagewayOrLaneManagementType", "trafficConstrictionType")
    return not CLOSING.isdisjoint(told)


def _names(part: Part) -> Names:
    return CLOSED if _is_closed(part) else SITUATIONS.get(type_of(part.element), UNNAMED)


def _told(part: Part) -> dict[str, Json]:
    types = part.texts(
        "roadOrCarriagewayOrLaneManagementType", "roadMaintenanceType", "accidentType",
        "abnormalTrafficType", "obstructionType", "publicEventType", "constructionWorkType",
    )  # fmt: skip
    return {
        "sort": type_of(part.element),
        "types": [*types[:TYPES_MAX]],
        "closed": _is_closed(part),
        "road": road_of(part),
        "direction": part.text("directionBound", "tpegDirection", "directionBoundOnLinearSection"),
        "probability": part.text("probabilityOfOccurrence"),
    }
