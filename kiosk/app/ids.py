"""The ids of what this kiosk begins."""

from __future__ import annotations


def new_id(letter: str) -> str:
    """Give an id: unguessable, short enough to be read aloud, eight bytes on the card."""
    import secrets  # put off with OpenSSL: no first frame needs it

    return f"{letter}-{secrets.token_hex(6)}"
