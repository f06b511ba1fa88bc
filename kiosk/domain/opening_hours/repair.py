"""Repairs the usual dirt of opening hours, and says what it did.

Comments are taken out first and put back untouched.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.opening_hours.lexer import CANONICAL
from kiosk.domain.opening_hours.signs import SIGNS, SPOKEN, Step

SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """The text in lower case, for its n-th comment the number n between two NUL characters."""

    text: str
    comments: tuple[str, ...]
    warnings: tuple[str, ...]


# The grammar's own words with whole times and dates need no repair. Atomic: it never backtracks.
_CLEAN = re.compile(
    rf"(?>(?:{'|'.join(CANONICAL)})(?![^\W\d_])|\d{{1,2}}:\d\d(?!\d)|24/7|(?:19|20)\d\d(?![-\d])"
    r"|(?:0[1-9]|[12]\d|3[01])(?!\d|\.|[ ]?[^\W\d_])|\[[-\d,]+\]|\x00\d+\x00|[ ,;:+|-])*+"
)
_QUOTED = re.compile(
    r'"(?P<plain>[^"]*)"'
    r"|(?P<odd>„[^“”\"]*[“”\"]|“[^”]*”|«[^»]*»|「[^」]*」|『[^』]*』|‚[^‘’]*[‘’]|‘[^‘’]*[‘’]"
    r"|(?<!\w)[’'](?!\s)[^’']*[’'](?!\w))"
)
_SPOKEN = re.compile(f"{SPOKEN}([^{SPOKEN}]*){SPOKEN}")


def repaired(text: str) -> Repaired:
    """Give ``text`` as the lexer wants it; raises HoursNotUnderstood for impossible times."""
    work = _Work()
    bare = _QUOTED.sub(work.quoted, re.sub("[\x00\x01]", " ", text))
    if '"' in bare:
        raise HoursNotUnderstood("a comment has no end")
    bare = work.apply(SIGNS, bare)
    bare = _folded(bare)
    if not _CLEAN.fullmatch(bare):
        from kiosk.domain.opening_hours.dirt import DATES, PHRASES, TIMES

        for steps in (PHRASES, TIMES, DATES):
            bare = work.apply(steps, bare)
        bare = _SPOKEN.sub(lambda found: work.put_away(found[1]), bare)
    return Repaired(text=bare, comments=tuple(work.comments), warnings=tuple(work.warnings))


def _folded(text: str) -> str:
    """Give ``text`` in lower case with plain digits and letters; folding takes Greek ones apart."""
    lower = unicodedata.normalize("NFKC", text).casefold().replace(SOFT_HYPHEN, "")
    return unicodedata.normalize("NFKC", lower)


@dataclass(slots=True)
class _Work:
    """Gathers comments and warnings while a text is repaired."""

    comments: list[str] = field(default_factory=list[str])
    warnings: list[str] = field(default_factory=list[str])

    def put_away(self, words: str) -> str:
        """Keep a comment; give what stands for it."""
        self.comments.append(words.strip())
        return f"\x00{len(self.comments) - 1}\x00"

    def quoted(self, found: re.Match[str]) -> str:
        """Keep a quotation."""
        if found["plain"] is not None:
            return self.put_away(found["plain"])
        self.warnings.append("other quotes read as a comment")
        return self.put_away(found["odd"][1:-1])

    def apply(self, steps: tuple[Step, ...], text: str) -> str:
        """Take the steps in turn; note those that changed anything."""
        for pattern, becomes, warning in steps:
            changed = pattern.sub(becomes, text)
            if warning and changed != text:
                self.warnings.append(warning)
            text = changed
        return text
