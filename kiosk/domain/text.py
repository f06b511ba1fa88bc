"""Cleaning of text that comes from outside, before it is stored or shown.

Control and bidirectional-override characters, lone surrogates and over-long text
break layouts, logs and screen readers, or spoof what is read (Unicode TR 36); they
end at this boundary.
"""

from __future__ import annotations

import re
import unicodedata

TITLE_MAX = 200
BODY_MAX = 4000

# Cc but tab and newline; bidi embeddings, overrides, isolates and marks; zero-width and BOM;
# surrogates; private use and noncharacters.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufff9-\ufffc\ufffe\uffff]"
)
_BLANKS = re.compile(r"[ \t]+")
_BREAKS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029 ]+")  # no-break spaces stay
# At most three combining marks after one letter ("zalgo" text climbs over its neighbours).
_MARK = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_MARK_RUN = re.compile(f"({_MARK}{{3}}){_MARK}+")


def clean(text: str, *, limit: int = BODY_MAX) -> str:
    """Give ``text`` in NFC without unsafe characters, at most ``limit`` characters.

    Newlines stay (CR LF and CR become LF); runs of blanks become one. A cut text ends
    with an ellipsis, so that nobody takes it for the whole.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return " ".join(text.split())  # most text is plain, and feeds have a lot of it
    text = text[: limit * 4].replace("\r\n", "\n").replace("\r", "\n")
    text = _UNSAFE.sub("", unicodedata.normalize("NFC", _UNSAFE.sub("", text)))
    text = _BLANKS.sub(" ", _MARK_RUN.sub(r"\1", text)).strip()
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def clean_line(text: str, *, limit: int = TITLE_MAX) -> str:
    """Give ``text`` cleaned, on one line."""
    if not text.isprintable():  # else it has no break
        text = _BREAKS.sub(" ", text[: limit * 4])
    return clean(text, limit=limit)


def fold(text: str) -> str:
    """Give the form used to compare names: no accents, case-folded, letters and digits only."""
    bare = text.casefold()
    if not bare.isascii():
        # NFKD makes capitals and ligatures of odd letters: they are undone after it
        parts = unicodedata.normalize("NFKD", bare).casefold()
        bare = "".join(c for c in parts if not unicodedata.combining(c))
        bare = bare.replace("œ", "oe").replace("æ", "ae")
    return " ".join(re.sub(r"[^0-9a-z]+", " ", bare).split())
