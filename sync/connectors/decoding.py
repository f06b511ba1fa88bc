"""Turns the bytes of a text feed into text, whatever encoding its author used."""

from __future__ import annotations

import codecs

from kiosk.domain.errors import InputRefused

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(raw: bytes) -> tuple[str, str]:
    """Give (text, encoding): UTF-8 with or without a mark, UTF-16 with one, else Windows-1252.

    Windows-1252 holds what French offices export when it isn't UTF-8; its five unused bytes
    become U+FFFD. Raises InputRefused for binary data (a NUL in the first kilobytes).
    """
    try:
        if raw.startswith(_UTF16):
            return raw.decode("utf-16"), "utf-16"
        text, encoding = raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = raw.decode("cp1252", errors="replace"), "windows-1252"
    if "\0" in text[:4096]:
        raise InputRefused("binary data, not text")
    return text, encoding
