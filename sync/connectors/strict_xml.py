"""Strict reading of XML from outside: no entities, no external parts, bounded depth and size.

Names are compared without their namespace, since feeds differ in it and agree on the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from kiosk.domain.errors import InputRefused
from sync.connectors.strict_json import DEPTH_MAX

TAGS_MAX = 1_000_000  # each costs some hundred bytes of memory
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def read_xml(raw: bytes) -> Element:
    """Give the root of the document in ``raw``; raises InputRefused.

    Declared entities, external ones and unknown encodings are refused; blanks before the XML
    declaration, which many sites send, are overlooked.
    """
    if raw.count(b"<") > TAGS_MAX:
        raise InputRefused(f"XML of more than {TAGS_MAX} tags")
    try:
        root = fromstring(raw.lstrip())
    except DefusedXmlException as wrong:
        raise InputRefused("XML with entities or external parts") from wrong
    except (ParseError, LookupError, ValueError) as wrong:
        raise InputRefused(f"not XML: {wrong}") from wrong
    if _deeper_than(root, DEPTH_MAX):
        raise InputRefused(f"XML nested deeper than {DEPTH_MAX}")
    return root


def _deeper_than(root: Element, depth: int) -> bool:
    level = [root]
    for _ in range(depth):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True


def local(element: Element) -> str:
    """Give the element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, *names: str) -> Iterator[Element]:
    """Give the children that bear one of these names, in the order of the document."""
    return (child for child in element if local(child) in names)


def child(element: Element, *names: str) -> Element | None:
    """Give the first child that bears the first of these names that any bears."""
    found = (one for name in names for one in children(element, name))
    return next(found, None)


def text_of(element: Element, *names: str) -> str:
    """Give the text of the first child of these names that has one, "" when none has."""
    texts = ((one.text or "").strip() for name in names for one in children(element, name))
    return next(filter(None, texts), "")
