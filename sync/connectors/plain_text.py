"""Makes plain text of HTML from outside; nothing in it is fetched or executed.

Rules:
1. Scripts, styles and what isn't content are left out with all that stands in them.
2. A block (p, div, h1 …) and a br begin a line; an item of a list begins with a bullet.
3. Character references are resolved; a picture is its alternative text.
4. What stands after ``HTML_CHARS_MAX`` characters or ``HTML_TAGS_MAX`` tags is cut off: a record
   keeps less, and html.parser takes quadratic time for tags that never end.
"""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser

HTML_CHARS_MAX = 16_000  # four times the body that a record keeps
HTML_TAGS_MAX = 2_000

_DROPPED = frozenset(("script", "style", "template", "head", "noscript", "iframe", "object"))
_BLOCKS = frozenset((
    "p", "div", "br", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "tr", "section",
    "article", "blockquote", "pre", "hr", "dl", "dt", "dd", "figure", "figcaption", "header",
    "footer", "address",
))  # fmt: skip
_LINES_APART = re.compile(r"\s*\n\s*")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")


class _Collector(HTMLParser):
    """Collects the text of a fragment, a piece at a time."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._dropping = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED and not self._dropping:
            self._dropping = tag
        elif tag == "li":
            self.pieces.append("\n• ")
        elif tag == "img":
            self.handle_data(dict(attrs).get("alt") or "")
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _DROPPED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._dropping:
            self._dropping = ""
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self.pieces.append(_BLANKS.sub(" ", data))


def plain(html: str) -> str:
    """Give the fragment as lines of plain text.

    Markup that html.parser can't read ends the text there; what stood before it stays.
    """
    collector = _Collector()
    bounded = "<".join(html[:HTML_CHARS_MAX].split("<")[:HTML_TAGS_MAX])
    with suppress(AssertionError):  # html.parser's word for a declaration that it doesn't know
        collector.feed(bounded)
        collector.close()
    return _LINES_APART.sub("\n", "".join(collector.pieces)).strip()
