"""Our own keyboard: AZERTY with its accents, digits, and the few keys that aren't letters.

It is ten units wide. A key's ``row`` counts from the top, ``column`` and ``span`` are in units.
In the small form accents share the second layer with the digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ui.words import N_, Words

UNITS = 10
ERASE, CLEAR, LAYER, SPACE = "erase", "clear", "layer", " "

_LETTERS = ("azertyuiop", "qsdfghjklm", "wxcvbn’-")
_REFERENCE = ("1234567890", "AZERTYUIOP", "QSDFGHJKLM", "WXCVBN-")
_ACCENTS = "éèêàçùôîûœ"
_DIGITS = "1234567890"
_SIGNS = ("1234567890", "âäëïöüÿæñß", "/+&@.,’-")
# How letters that sound alike, or not at all, are announced.
_SAID: Mapping[str, str] = {
    "é": N_("e accent aigu"),
    "è": N_("e accent grave"),
    "ê": N_("e accent circonflexe"),
    "à": N_("a accent grave"),
    "ç": N_("c cédille"),
    "ù": N_("u accent grave"),
    "ô": N_("o accent circonflexe"),
    "î": N_("i accent circonflexe"),
    "û": N_("u accent circonflexe"),
    "œ": N_("e dans l’o"),
    "’": N_("apostrophe"),
    "-": N_("trait d’union"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key: what it does (a character, or a command), how it looks and is announced."""

    press: str
    label: str = ""
    glyph: str = ""
    said: str = ""
    row: int = 0
    column: float = 0.0
    span: float = 1.0


def keys_of(words: Words, *, digits: bool, small: bool) -> tuple[Key, ...]:
    """Give the keys of a layer: letters, or digits; ``small`` spares the row of accents."""
    if digits:
        lines: Sequence[str] = (_DIGITS, _ACCENTS, _SIGNS[2]) if small else _SIGNS
    else:
        lines = _LETTERS if small else (*_LETTERS, _ACCENTS)
    keys = [
        _letter(words, char, row, column)
        for row, line in enumerate(lines)
        for column, char in enumerate(line)
    ]
    erase = Key(
        press=ERASE, glyph="backspace", said=words("Effacer une lettre"), row=2, column=8, span=2
    )
    return (*keys, erase, *_bottom(words, len(lines), digits=digits, small=small))


def reference_keys(words: Words) -> tuple[Key, ...]:
    """Give the keys of a bill's reference: digits first, capitals, no layer and no blank."""
    keys = [
        _letter(words, char, row, column)
        for row, line in enumerate(_REFERENCE)
        for column, char in enumerate(line)
    ]
    row, column = len(_REFERENCE) - 1, len(_REFERENCE[-1])
    erase = Key(
        press=ERASE, glyph="backspace", said=words("Effacer une lettre"), row=row, column=column
    )
    clear = Key(press=CLEAR, glyph="trash", said=words("Tout effacer"), row=row, column=8.5)
    return (*keys, replace(erase, span=1.5), replace(clear, span=1.5))


def _letter(words: Words, char: str, row: int, column: int) -> Key:
    said = words(_SAID[char]) if char in _SAID else char
    return Key(press=char, label=char, said=said, row=row, column=column)


def _bottom(words: Words, row: int, *, digits: bool, small: bool) -> tuple[Key, ...]:
    other = "123 é" if small else "123"
    layer = Key(
        press=LAYER,
        label="abc" if digits else other,
        said=words("Lettres") if digits else words("Chiffres"),
        span=2,
    )
    space = Key(press=SPACE, label=words("espace"), said=words("espace"), column=2, span=5)
    clear = Key(
        press=CLEAR,
        label=words("Effacer"),
        glyph="trash",
        said=words("Tout effacer"),
        column=7,
        span=3,
    )
    return tuple(replace(key, row=row) for key in (layer, space, clear))


def rows_of(keys: Sequence[Key]) -> int:
    """Give the number of rows."""
    return max((key.row for key in keys), default=-1) + 1


def beside(keys: Sequence[Key], index: int, down: int) -> int:
    """Give the index of the key nearest in the next row down (1) or up (-1); -1: there is none."""
    if not 0 <= index < len(keys):
        return -1
    here = keys[index]
    middle = here.column + here.span / 2
    there = [i for i, key in enumerate(keys) if key.row == here.row + down]
    return min(there, key=lambda i: abs(keys[i].column + keys[i].span / 2 - middle), default=-1)
