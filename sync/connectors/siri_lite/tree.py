"""Reads SIRI in JSON or XML into one shape, since both say the same in the same words.

An XML element becomes an object of lists by name; one without elements its text, as
{"value", "lang"} like the texts of SIRI Lite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Json
from kiosk.domain.text import clean_line
from sync.connectors.base import is_number
from sync.connectors.strict_json import read_json
from sync.connectors.strict_xml import XML_LANG, local, read_xml


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One object of the message."""

    fields: Mapping[str, Json]

    def nodes(self, *names: str) -> Iterator[Node]:
        """Give the objects under these names, one or many of each."""
        for name in names:
            for value in _many(self.fields.get(name)):
                if isinstance(value, dict):
                    yield Node(fields=value)

    def node(self, *names: str) -> Node:
        """Give the first object under these names, an empty one when there is none."""
        return next(self.nodes(*names), Node(fields={}))

    def text(self, *names: str) -> str:
        """Give the first text under these names, on one line; "" when there is none."""
        told = (_text(value) for name in names for value in _many(self.fields.get(name)))
        return next((text for text in told if text), "")

    def texts(self, name: str, language: str) -> dict[str, str]:
        """Give the texts under a name by language; {} when there is none."""
        parts = ((_lang(value) or language, _text(value)) for value in _many(self.fields.get(name)))
        return {tag: text for tag, text in parts if text}


def delivery_of(raw: bytes) -> Node:
    """Give the ServiceDelivery; raises InputRefused when there is none."""
    if raw.lstrip()[:1] == b"<":
        root = read_xml(raw)
        message = Node(fields={local(root): _object(root)})
    else:
        document = read_json(raw)
        message = Node(fields=document if isinstance(document, dict) else {})
    inner = message.node("Siri") if "Siri" in message.fields else message
    delivery = inner.node("ServiceDelivery")
    if not delivery.fields:
        raise InputRefused("not SIRI: no ServiceDelivery")
    return delivery


def _object(element: Element) -> Json:
    if not len(element):
        text, lang = element.text or "", element.get(XML_LANG, "")
        return {"value": text, "lang": lang} if lang else text
    found: dict[str, list[Json]] = {}
    for part in element:
        found.setdefault(local(part), []).append(_object(part))
    return {name: [*values] for name, values in found.items()}


def _many(value: Json) -> list[Json]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Json) -> str:
    told = value.get("value") if isinstance(value, dict) else value
    if isinstance(told, bool):
        return "true" if told else "false"
    return clean_line(str(told), limit=4_000) if isinstance(told, str) or is_number(told) else ""


def _lang(value: Json) -> str:
    told = value.get("lang") if isinstance(value, dict) else ""
    return clean_line(told).partition("-")[0].casefold() if isinstance(told, str) else ""
