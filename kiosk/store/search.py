"""Finds records by words: FTS5 for the first hits in order of popularity, Python to rank them.

Rules:
1. Every word is a prefix; accents, case and the ligatures œ and æ don't count.
2. Only the first HITS_MAX hits in row order (the most popular) are ranked: ranking every hit
   of a short word (bm25) is what makes a search slow.
3. A word found whole in the title beats a word begun in the title beats one in the body;
   what has expired sinks; popularity decides between equals.
4. No text a person can type raises: words are letters and digits only, quoted, and bounded.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec

from kiosk.domain.record import POPULARITY_MAX, Localised, text_in
from kiosk.domain.search import Hit
from kiosk.store.database import ContentReader

HITS_MAX = 200
WORDS_MAX = 8
TEXT_MAX = 400
WORD_MAX = 40
SNIPPET_MAX = 160

_WORD = re.compile(r"[^\W_]+")
_LATIN_MARKS = re.compile("[\u0300-\u036f]+")
_EXACT, _BEGUN, _BODY, _FIRST, _EXPIRED = 3.0, 2.0, 0.5, 0.25, 3.0
_CANDIDATES = (
    "SELECT r.no, r.names, r.valid_until<=? FROM record_fts AS f JOIN record AS r ON r.no=f.rowid"
    " WHERE f.record_fts MATCH ? ORDER BY f.rowid LIMIT ?"
)
_HIT = (
    "SELECT r.id, d.id, r.kind, r.title, r.body, r.demo FROM record AS r"
    " JOIN dataset AS d ON d.no=r.dataset_no WHERE r.no=?"
)


def plain(text: str) -> str:
    """Give the text's words without accents, in small letters, parted by one blank."""
    folded = text.casefold().replace("’", " ")
    try:
        words = folded.encode("latin-1").translate(_LATIN_1)
    except UnicodeEncodeError:
        return _plain(folded)
    if _OTHER in words:
        return _plain(folded)
    return b" ".join(words.split()).decode()


def _plain(folded: str) -> str:
    """Do the same for signs of any alphabet."""
    if not folded.isascii():
        folded = _bare(folded)
    return " ".join(_WORD.findall(folded))


def _bare(folded: str) -> str:
    """Give the text without accents and ligatures; Latin's own marks are taken away at speed."""
    # NFKD makes capitals and ligatures of odd letters: they are undone after it
    parts = unicodedata.normalize("NFKD", folded).casefold()
    bare = _LATIN_MARKS.sub("", parts.replace("œ", "oe").replace("æ", "ae"))
    if bare.isascii():
        return bare
    return "".join(c for c in bare if not unicodedata.combining(c))


def _latin_1() -> bytes:
    """Give what each sign of Latin-1 is in plain words; a table is three times as fast."""
    within = [_plain(f"a{chr(code).casefold()}b") for code in range(256)]
    signs = (word[1].encode() if len(word) == 3 and word.isascii() else _OTHER for word in within)
    return b"".join(signs)


_OTHER = b"\x00"  # is more than one sign, or none of ASCII
_LATIN_1 = _latin_1()


def words_of(text: str) -> list[str]:
    """Give the words to look for: at most WORDS_MAX, each at most WORD_MAX long, none twice."""
    words = dict.fromkeys(word[:WORD_MAX] for word in plain(text[:TEXT_MAX]).split())
    return list(islice(words, WORDS_MAX))


def score(words: list[str], names: str, popularity: int, *, expired: bool) -> float:
    """Give how well a record answers; ``names`` are its titles, plain."""
    padded = f" {names} "
    points = 0.0
    for word in words:
        if f" {word} " in padded:
            points += _EXACT
        elif f" {word}" in padded:
            points += _BEGUN
        else:
            points += _BODY
    same = names == " ".join(words)
    first = names.startswith(words[0])
    whole = points / len(words) + same + _FIRST * first
    return whole + popularity / POPULARITY_MAX - _EXPIRED * expired


def search(
    reader: ContentReader, text: str, now: datetime, *, language: str, limit: int
) -> list[Hit]:
    """Give what matches each word of ``text``, best first; [] for a text without words."""
    words = words_of(text)
    if not words or limit <= 0:
        return []
    hits = (
        _hit(row, points, words, language)
        for points, no in _ranked(reader, words, now.timestamp())[:limit]
        for row in reader.rows(_HIT, (no,))
    )
    return [hit for hit in hits if hit is not None]


def _ranked(reader: ContentReader, words: list[str], epoch: float) -> list[tuple[float, int]]:
    """Give the points and row numbers of the first hits, best first."""
    query = " ".join(f'"{word}"*' for word in words)
    ranked = sorted(
        (-score(words, names, _popularity(no), expired=bool(expired)), no)
        for no, names, expired in reader.rows(_CANDIDATES, (epoch, query, HITS_MAX))
    )
    return [(-points, no) for points, no in ranked]


def _popularity(rowid: int) -> int:
    return POPULARITY_MAX - (rowid >> 40)


def _hit(row: tuple[Any, ...], points: float, words: list[str], language: str) -> Hit | None:
    record_id, dataset, kind, title, body, demo = row
    try:
        titles = msgspec.json.decode(title, type=dict[str, str])
        bodies = msgspec.json.decode(body, type=dict[str, str])
    except msgspec.MsgspecError:
        return None
    return Hit(
        id=record_id,
        dataset=dataset,
        kind=kind,
        title=titles,
        snippet=_snippet(bodies, words, language),
        score=round(points, 3),
        demo=bool(demo),
    )


def _snippet(bodies: Localised, words: list[str], language: str) -> Localised:
    """Cut the body around the first word that it holds, at whole words."""
    text, tag = text_in(bodies, language)
    text = " ".join(text.split())
    if len(text) <= SNIPPET_MAX:
        return {tag: text} if text else {}
    start = max(_first_found(text, words) - SNIPPET_MAX // 3, 0)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    cut = text[start : start + SNIPPET_MAX]
    if start + SNIPPET_MAX < len(text):
        cut = cut.rpartition(" ")[0] + "…"
    return {tag: ("…" if start else "") + cut}


def _first_found(text: str, words: list[str]) -> int:
    """Give where the first word of the text begins that one of ``words`` begins; 0 when none."""
    for found in _WORD.finditer(text):
        if plain(found.group()).startswith(tuple(words)):
            return found.start()
    return 0
