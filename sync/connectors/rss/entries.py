"""Finds the entries of a feed and reads their texts, whichever dialect it speaks.

========  ==================  ==========================================================
dialect   root                entries
========  ==================  ==========================================================
RSS 2.0   rss / channel       item in the channel (0.9x: also beside it)
RSS 1.0   rdf:RDF             item beside the channel; rdf:about is its id
Atom      feed                entry
========  ==================  ==========================================================
A text's language is its own ``xml:lang``, else its entry's, else the feed's (``xml:lang`` or
``language``), else the context's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from xml.etree.ElementTree import Element, tostring

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Geo
from kiosk.domain.text import clean_line
from sync.connectors.base import first_of, geo_of
from sync.connectors.links import web_address
from sync.connectors.plain_text import plain
from sync.connectors.strict_xml import XML_LANG, child, children, local, text_of

ENTRIES_MAX = 5_000
CATEGORIES_MAX = 20

_ROOTS = ("rss", "rdf", "feed")
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_TITLES = ("title",)
_BODIES = ("encoded", "content", "description", "summary", "fullitem", "body")
_MARKUP = ("html", "xhtml", "text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed: its element, the feed's, and the language of both."""

    element: Element
    language: str
    dialect: str

    def texts(self, *names: str) -> dict[str, str]:
        """Give the first of these texts that isn't empty, by its language."""
        parts = (part for name in names for part in children(self.element, name))
        read = ((self._language(part), self._plain(part)) for part in parts)
        return dict(islice(((tag, text) for tag, text in read if text), 1))

    def title(self) -> dict[str, str]:
        """Give the title on one line, {} when there is none."""
        return self.texts(*_TITLES)

    def body(self) -> dict[str, str]:
        """Give the fullest text that there is, {} when there is none."""
        return self.texts(*_BODIES)

    def id(self) -> str:
        """Give the feed's own identifier, "" when it has none."""
        own = text_of(self.element, "guid", "id") or self.element.get(_ABOUT, "")
        return clean_line(own, limit=1_000)

    def url(self) -> str:
        """Give the web address of the whole text, "" when there is none that is absolute."""
        links = (link.get("href") or link.text or "" for link in self._links())
        return first_of(map(web_address, links))

    def categories(self) -> list[str]:
        """Give the names under which it is filed, each once."""
        parts = list(children(self.element, "category", "subject"))[:CATEGORIES_MAX]
        names = (
            clean_line(part.get("label") or part.text or part.get("term") or "") for part in parts
        )
        return list(dict.fromkeys(filter(None, names)))

    def geo(self) -> Geo | None:
        """Give the position of GeoRSS or of the old geo:lat, None when there is none."""
        pair = _pair(self.element) or [text_of(self.element, "lat"), text_of(self.element, "long")]
        try:
            return geo_of(float(pair[0]), float(pair[1]))
        except ValueError:
            return None

    def _links(self) -> Iterator[Element]:
        links = children(self.element, "link", "guid")
        return (link for link in links if link.get("rel", "alternate") == "alternate")

    def _language(self, part: Element) -> str:
        return _tag(part.get(XML_LANG, self.language)) or self.language

    def _plain(self, part: Element) -> str:
        if len(part):
            return plain(_markup(part))
        text = part.text or ""
        return plain(text) if self._is_html(part) else text.strip()

    def _is_html(self, part: Element) -> bool:
        """RSS texts are HTML by custom; Atom's say so by ``type`` (0.3: by ``mode``)."""
        escaped = part.get("mode") == "escaped"
        return self.dialect != "feed" or escaped or part.get("type", "").casefold() in _MARKUP


def entries_of(root: Element, language: str) -> list[Entry]:
    """Give the feed's entries; raises InputRefused when it isn't a feed or is endless."""
    dialect = local(root).casefold()
    if dialect not in _ROOTS:
        raise InputRefused("not RSS or Atom: its root is none of rss, RDF and feed")
    channel = child(root, "channel")
    spoken = _tag(root.get(XML_LANG, "") or _told(channel)) or language
    found = _items(root) if channel is None else [*_items(channel), *_items(root)]
    if len(found) > ENTRIES_MAX:
        raise InputRefused(f"more than {ENTRIES_MAX} entries")
    return [_entry(part, spoken, dialect) for part in found]


def _items(parent: Element) -> list[Element]:
    return list(children(parent, "item", "entry"))


def _entry(part: Element, language: str, dialect: str) -> Entry:
    own = _tag(part.get(XML_LANG, "")) or language
    return Entry(element=part, language=own, dialect=dialect)


def _told(channel: Element | None) -> str:
    return "" if channel is None else text_of(channel, "language") or channel.get(XML_LANG, "")


def _tag(language: str) -> str:
    """Give the first subtag (fr of fr-FR), "" when it is none."""
    tag = language.strip().casefold().partition("-")[0]
    return tag if tag.isascii() and tag.isalpha() and len(tag) in (2, 3) else ""


def _markup(part: Element) -> str:
    """Give an element's content as markup without namespaces, for the reader of HTML."""
    copies = (tostring(inner, encoding="unicode") for inner in _bare(part))
    return (part.text or "") + "".join(copies)


def _bare(part: Element) -> Iterator[Element]:
    for inner in part.iter():
        inner.tag = local(inner)
    return iter(part)


def _pair(element: Element) -> list[str] | None:
    """Give [latitude, longitude] of a point or a gml:pos, None when there is none."""
    texts = [part.text or "" for part in element.iter() if local(part) in ("point", "pos")]
    pairs = [text.replace(",", " ").split() for text in texts]
    return next((pair for pair in pairs if len(pair) == 2), None)
