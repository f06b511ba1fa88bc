"""Makes road notices of a DATEX II publication: situations, or traffic regulations.

Rules:
1. What is a test or an exercise, suspended, not in force, or over at ``now``, is rejected.
2. Only what is written for the public is read: ``generalPublicComment``, never the comments
   between operators.
3. The level is that of the severity told; a closure without one stays "info", and ``closed``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from xml.etree.ElementTree import Element

from kiosk.domain.errors import InputRefused
from sync.connectors.base import Context, Item, each
from sync.connectors.datex2 import regulations, situations
from sync.connectors.datex2.extract import type_of
from sync.connectors.strict_xml import local, read_xml
from sync.connectors.times import zone_of

_ROOTS = ("d2LogicalModel", "payload", "messageContainer", "payloadPublication", "Envelope")
_PUBLICATIONS = ("payloadPublication", "payload")
_READ = ("SituationPublication", "TrafficRegulationPublication")


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the notices; raises InputRefused when it isn't a publication of situations."""
    publications = _publications(read_xml(raw))
    zone = zone_of(context)
    for publication in publications:
        yield from each(
            situations.situations(publication),
            partial(situations.notice_of, context=context, zone=zone),
        )
        yield from each(
            regulations.regulations(publication),
            partial(regulations.notice_of, context=context, zone=zone),
        )


def _publications(root: Element) -> list[Element]:
    if local(root) not in _ROOTS:
        raise InputRefused(f"not DATEX II: it begins with {local(root)[:40]}")
    by_type = [(type_of(one), one) for one in root.iter() if local(one) in _PUBLICATIONS]
    read = [one for told, one in by_type if told in _READ]
    if not read:
        told = dict(by_type[:5])
        raise InputRefused(f"neither situations nor regulations: {', '.join(told)}")
    return read
