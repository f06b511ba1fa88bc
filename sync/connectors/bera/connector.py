"""Makes a record of each massif's avalanche bulletin that still holds.

Rules:
1. A bulletin that is over at ``now`` is withdrawn (rejected), and so is one that a later one of
   the same file replaces: an old risk is never shown as the present one.
2. One without an end, or that would hold longer than VALID_MAX, is rejected.
3. The level is the highest of all that the bulletin names, whatever it calls the highest.
4. A belt of altitude whose bound can't be read is told as "somewhere": only the level stays.
5. Levels that the bulletin leaves open (empty, 0, -1) are unknown; without any it is rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args
from xml.etree.ElementTree import Element

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Aspect, Avalanche, AvalancheLevel, AvalancheRisk, data_of
from kiosk.domain.record import Json, Record
from kiosk.domain.text import clean_line
from sync.connectors.base import Context, Item, each, record_of, reject_of
from sync.connectors.strict_xml import child, children, local, read_xml, text_of
from sync.connectors.times import moment_of, zone_of
from sync.connectors.validity import still_holds, was_seen

BULLETINS_MAX = 500  # there are some forty massifs
VALID_MAX = timedelta(days=4)
LAYERS_MAX = 20
_BULLETIN = "BULLETINS_NEIGE_AVALANCHE"
_BELT = re.compile(r"([<>])\s*(\d{3,4})", re.ASCII)
_COUNT = re.compile(r"\d{1,4}", re.ASCII)
_NOT_TOLD = ("", "0", "-1")
_LEVELS: tuple[AvalancheLevel, ...] = get_args(AvalancheLevel)
_NAMES = {
    1: ("faible", "low"),
    2: ("limité", "moderate"),
    3: ("marqué", "considerable"),
    4: ("fort", "high"),
    5: ("très fort", "very high"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """One massif's bulletin: its element, when it was made and until when it holds."""

    element: Element
    massif: str
    made: datetime
    until: datetime


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the bulletins that hold; raises InputRefused when the file has no bulletin."""
    latest: dict[str, Bulletin] = {}
    for number, element in enumerate(_elements(read_xml(raw)), 1):
        where = f"bulletin {number}"
        try:
            bulletin = _bulletin(element, context)
        except InputRefused as wrong:
            yield reject_of(where, wrong)
            continue
        earlier = latest.get(bulletin.massif)
        if earlier:
            yield reject_of(where, f"{bulletin.massif}: the later of two bulletins stands")
        if not earlier or earlier.made <= bulletin.made:
            latest[bulletin.massif] = bulletin
    yield from each(latest.items(), lambda bulletin: _record(bulletin, context))


def _elements(root: Element) -> list[Element]:
    found = [root] if local(root) == _BULLETIN else list(children(root, _BULLETIN))
    if not found:
        raise InputRefused(f"not an avalanche bulletin: no {_BULLETIN}")
    if len(found) > BULLETINS_MAX:
        raise InputRefused(f"more than {BULLETINS_MAX} bulletins")
    return found


def _bulletin(element: Element, context: Context) -> Bulletin:
    zone = zone_of(context)
    massif = clean_line(element.get("MASSIF", "").replace("_", " ")).title()
    if not massif:
        raise InputRefused("no massif")
    made = moment_of(element.get("DATEDIFFUSION", "") or element.get("DATEBULLETIN", ""), zone)
    ends = text_of(element, "DateValidite") or element.get("DATEVALIDITE", "")
    until = moment_of(ends, zone)
    if not made < until <= made + VALID_MAX:
        raise InputRefused(f"valid until {until.isoformat()}, made at {made.isoformat()}")
    return Bulletin(element=element, massif=massif, made=made, until=until)


def _record(bulletin: Bulletin, context: Context) -> Record:
    was_seen(bulletin.made, context.now)
    still_holds(bulletin.made, bulletin.until, context.now)
    panel = child(bulletin.element, "CARTOUCHERISQUE")
    risk = child(panel, "RISQUE") if panel is not None else None
    if panel is None or risk is None:
        raise InputRefused(f"{bulletin.massif}: no risk in it")
    level = _highest(risk)
    facts = Avalanche(
        massif=bulletin.massif,
        level=level,
        risks=_belts(risk),
        aspects=_aspects(child(panel, "PENTE")),
        valid_until=bulletin.until,
    )
    french, english = _NAMES[level]
    return record_of(
        context,
        id=bulletin.massif,
        kind="avalanche",
        title={
            "fr": f"{bulletin.massif}\u00a0: risque d’avalanche {level} sur 5, {french}",
            "en": f"{bulletin.massif}: avalanche danger {level} of 5, {english}",
        },
        body={"fr": _words(bulletin.element, panel)},
        observed_at=bulletin.made,
        valid_from=bulletin.made,
        valid_until=bulletin.until,
        data={**data_of(facts), "snow": _snow(child(bulletin.element, "ENNEIGEMENT"))},
    )


def _level(risk: Element, name: str) -> AvalancheLevel | None:
    told = risk.get(name, "").strip()
    if told in _NOT_TOLD:
        return None
    for level in _LEVELS:
        if str(level) == told:
            return level
    raise InputRefused(f"{name}: not a level of 1 to 5: {told[:20]}")


def _highest(risk: Element) -> AvalancheLevel:
    names = ("RISQUEMAXI", "RISQUE1", "RISQUE2", "EVOLURISQUE1", "EVOLURISQUE2")
    told = {_level(risk, name) for name in names}
    for level in reversed(_LEVELS):
        if level in told:
            return level
    raise InputRefused("no level of risk in it")


def _belts(risk: Element) -> tuple[AvalancheRisk, ...]:
    """Give the risk by belt, lower belt first; nothing when a bound can't be read."""
    told = list(_levels(risk))
    belts = [_belt(risk, rank, level, alone=len(told) == 1) for rank, level in told]
    return tuple(filter(None, belts)) if None not in belts else ()


def _levels(risk: Element) -> Iterator[tuple[str, AvalancheLevel]]:
    for rank in ("1", "2"):
        level = _level(risk, f"RISQUE{rank}")
        if level is not None:
            yield rank, level


def _belt(risk: Element, rank: str, level: AvalancheLevel, *, alone: bool) -> AvalancheRisk | None:
    place, later = risk.get(f"LOC{rank}", "").strip(), _level(risk, f"EVOLURISQUE{rank}")
    if alone and not place:
        return AvalancheRisk(level=level, later=later)
    bound = _BELT.fullmatch(place)
    if not bound:
        return None
    metres = int(bound[2])
    if bound[1] == ">":
        return AvalancheRisk(level=level, later=later, above_m=metres)
    return AvalancheRisk(level=level, later=later, below_m=metres)


def _aspects(slopes: Element | None) -> tuple[Aspect, ...]:
    if slopes is None:
        return ()
    known: tuple[Aspect, ...] = get_args(Aspect)
    return tuple(aspect for aspect in known if slopes.get(aspect, "").casefold() == "true")


def _words(element: Element, panel: Element) -> str:
    """Give the summary, the notice and the stability of the snow, a paragraph each."""
    stability = child(element, "STABILITE")
    summary = text_of(panel, "RESUME") or "\n".join(
        filter(None, (text_of(panel, "NATUREL"), text_of(panel, "ACCIDENTEL")))
    )
    detail = text_of(stability, "TEXTE") if stability is not None else ""
    return "\n\n".join(filter(None, (summary, text_of(panel, "AVIS"), detail)))


def _snow(cover: Element | None) -> dict[str, Json]:
    """Give from where there is snow, metres, and its depth by altitude, centimetres."""
    if cover is None:
        return {}
    layers = list(children(cover, "NIVEAU"))[:LAYERS_MAX]
    return {
        "from_north_m": _count(cover, "LimiteNord"),
        "from_south_m": _count(cover, "LimiteSud"),
        "depths": [
            {
                "altitude_m": _count(layer, "ALTI"),
                "north_cm": _count(layer, "N"),
                "south_cm": _count(layer, "S"),
            }
            for layer in layers
        ],
    }


def _count(element: Element, name: str) -> int | None:
    told = element.get(name, "")
    return int(told) if _COUNT.fullmatch(told) else None
