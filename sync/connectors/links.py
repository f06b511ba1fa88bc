"""Reads web addresses: what isn't absolute http is none, so that nothing else is ever opened."""

from __future__ import annotations

from kiosk.domain.text import clean_line

LINK_MAX = 500


def web_address(text: str) -> str:
    """Give the address, "" when it isn't one, or is longer than ``LINK_MAX``."""
    address = clean_line(text, limit=LINK_MAX + 1)
    known = address.casefold().startswith(("https://", "http://"))
    return address if known and len(address) <= LINK_MAX else ""
