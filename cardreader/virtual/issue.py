"""The keys that virtual cards are issued with: test keys, known to everybody who reads this file.

Nothing in production takes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from cardreader.desfire.crypto import diversify
from cardreader.keys import KeySet, diversifier
from cardreader.layout import Key

KEY_VERSION = 1


def known_master(key: Key) -> bytes:
    """Give a test master key, before diversification."""
    return hashlib.sha256(b"alveole test key %d" % key).digest()[:16]


def known_keys(uid: bytes) -> Mapping[Key, bytes]:
    """Give the keys as they stand on the card with ``uid``."""
    return {key: diversify(known_master(key), diversifier(uid)) for key in Key}


def known_set() -> KeySet:
    """Give the masters together, for an authority."""
    return KeySet(version=KEY_VERSION, masters={key: known_master(key) for key in Key})
