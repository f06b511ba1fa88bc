"""Builds the page on which any phone verifies receipts and tickets: one file, no network."""

from __future__ import annotations

from collections.abc import Sequence

from kiosk.app.console import ROOT
from kiosk.domain.errors import InputRefused
from kiosk.domain.sealed import PUBLIC_KEY_BYTES

FOLDER = ROOT / "assets" / "verify"
SCRIPTS = ("verifier.js", "page.js")
KEYS_MAX = 1000


def page(public_keys: Sequence[bytes]) -> str:
    """Give the page that believes these public keys."""
    names = ", ".join(f'"{key.hex()}"' for key in dict.fromkeys(public_keys))
    text = (FOLDER / "page.html").read_text(encoding="utf-8").replace("/* keys */", names)
    for script in SCRIPTS:
        code = (FOLDER / script).read_text(encoding="utf-8").replace('"use strict";\n', "")
        text = text.replace(f"/* {script} */", code.strip())
    return text


def public_key(word: str) -> bytes:
    """Read a public key in hexadecimal; raises InputRefused."""
    try:
        key = bytes.fromhex(word)
    except ValueError as wrong:
        raise InputRefused(f"not a public key: {wrong}", where=word[:80]) from wrong
    if len(key) != PUBLIC_KEY_BYTES:
        raise InputRefused(f"a public key has {PUBLIC_KEY_BYTES} bytes", where=word[:80])
    return key
