"""Four words that two screens show of one key, for people to compare (TRUST.md).

A word is a "proquint" (arXiv:0901.4016): sixteen bits as consonant, vowel, consonant, vowel,
consonant, the same to a French ear and an English one. Four of them are 64 bits of SHA-256: to
find another key with the same words takes longer than an enrolment's code lives.
"""

from __future__ import annotations

import hashlib

WORDS = 4
_CONSONANTS, _VOWELS = "bdfghjklmnprstvz", "aiou"
_PARTS = ((12, _CONSONANTS), (10, _VOWELS), (6, _CONSONANTS), (4, _VOWELS), (0, _CONSONANTS))


def fingerprint(public_key: bytes) -> str:
    """Give the four words of a public key, with blanks between them."""
    digest = hashlib.sha256(public_key).digest()
    numbers = [int.from_bytes(digest[2 * i : 2 * i + 2], "big") for i in range(WORDS)]
    return " ".join(_word(number) for number in numbers)


def _word(number: int) -> str:
    return "".join(letters[number >> shift & len(letters) - 1] for shift, letters in _PARTS)
