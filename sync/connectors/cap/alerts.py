"""Reads CAP alerts: the envelope, and its infos with the languages of one info brought together.

Two infos are one in two languages when they stand at the same rank within their language and
tell the same urgency, severity, certainty and end; else each stands alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.etree.ElementTree import Element

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Geo
from kiosk.domain.text import clean_line
from sync.connectors.base import geo_of
from sync.connectors.plain_text import plain
from sync.connectors.strict_xml import children, local, read_xml, text_of

ALERTS_MAX = 2_000
INFOS_MAX = 200  # of one alert
AREAS_MAX = 100  # of one info
REFERENCES_MAX = 200

_SAME = ("urgency", "severity", "certainty", "expires")
Key: TypeAlias = tuple[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What an alert says, by language; its first element holds what isn't language."""

    rank: int
    first: Element
    spoken: dict[str, Element] = field(default_factory=dict[str, Element])

    def texts(self, *names: str) -> dict[str, str]:
        """Give these elements' text, one under the other, by language."""
        joined = {
            tag: "\n".join(filter(None, (plain(text_of(info, name)) for name in names)))
            for tag, info in self.spoken.items()
        }
        return {tag: text for tag, text in joined.items() if text}

    def areas(self) -> list[str]:
        """Give the names of the areas in the first language, each once."""
        names = (clean_line(text_of(area, "areaDesc")) for area in self._areas())
        return list(dict.fromkeys(filter(None, names)))

    def codes(self, kind: str) -> dict[str, list[str]]:
        """Give the values of the pairs of a kind (``geocode`` of areas, ``parameter``)."""
        owners = self._areas() if kind == "geocode" else [self.first]
        pairs = (part for owner in owners for part in children(owner, kind))
        found: dict[str, list[str]] = {}
        for pair in pairs:
            name, value = (clean_line(text_of(pair, part)) for part in ("valueName", "value"))
            found.setdefault(name, []).append(value)
        return {
            name: list(dict.fromkeys(filter(None, values)))
            for name, values in found.items()
            if name
        }

    def geo(self) -> Geo | None:
        """Give the centre of the first circle; a polygon has no point of its own: None."""
        circles = (text_of(area, "circle") for area in self._areas())
        circle = next(filter(None, circles), "").split(" ")[0].split(",")
        try:
            return geo_of(float(circle[0]), float(circle[1]))
        except (ValueError, IndexError):
            return None

    def _areas(self) -> list[Element]:
        return list(children(self.first, "area"))[:AREAS_MAX]


def alerts_of(raw: bytes) -> list[Element]:
    """Give the alerts of a document: its root, or those within a wrapper; raises InputRefused."""
    root = read_xml(raw)
    alerts = [part for part in root.iter() if local(part) == "alert" and _is_cap(part)]
    if not alerts:
        raise InputRefused("not CAP: no alert with an identifier")
    if len(alerts) > ALERTS_MAX:
        raise InputRefused(f"more than {ALERTS_MAX} alerts")
    return alerts


def _is_cap(alert: Element) -> bool:
    return ":cap:" in alert.tag or bool(text_of(alert, "identifier"))


def key_of(alert: Element) -> str:
    """Give what names an alert: its identifier is unique for its sender only."""
    return f"{text_of(alert, 'sender')}|{text_of(alert, 'identifier')}"


def references_of(alert: Element) -> Iterator[str]:
    """Give the keys of the earlier alerts that this one updates or cancels."""
    for triple in text_of(alert, "references").split()[:REFERENCES_MAX]:
        parts = triple.rsplit(",", 2)  # sender,identifier,sent
        if len(parts) == 3:
            yield f"{parts[0]}|{parts[1]}"


def infos_of(alert: Element, language: str) -> list[Info]:
    """Give what the alert says; ``language`` is that of an info without one."""
    parts = list(children(alert, "info"))
    if not parts:
        raise InputRefused("no info in it")
    if len(parts) > INFOS_MAX:
        raise InputRefused(f"more than {INFOS_MAX} infos")
    ranks: Counter[str] = Counter()
    found: dict[Key, Info] = {}
    for part in parts:
        tag = text_of(part, "language").partition("-")[0].casefold() or language
        ranks[tag] += 1
        key = ranks[tag], tuple(text_of(part, name) for name in _SAME)
        found.setdefault(key, Info(rank=len(found) + 1, first=part)).spoken[tag] = part
    return list(found.values())
