"""Every declared error has a sentence that a citizen can read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.domain import errors
from ui.sentences import SENTENCES, sentence
from ui.words import Words

JARGON = ("exception", "error", "erreur", "None", "code d’", "serveur", "http", "_")


def keys(kind: type[errors.AlveoleError] = errors.AlveoleError) -> Iterator[str]:
    for child in kind.__subclasses__():
        if child.message_key:
            yield child.message_key
        yield from keys(child)


def test_there_is_a_sentence_for_each_key_and_no_other() -> None:
    assert set(SENTENCES) == set(keys())


@pytest.mark.parametrize("key", sorted(keys()))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_sentence_is_whole_and_without_jargon(key: str, language: str) -> None:
    said = sentence(Words(language), key)
    assert said.endswith(".")
    assert said[0].isupper()
    assert [word for word in JARGON if word in said] == []


def test_no_key_is_no_sentence() -> None:
    assert sentence(Words(), "") == ""


def test_a_sentence_is_said_in_the_citizens_language() -> None:
    assert sentence(Words("en"), "card.blocked") != sentence(Words("fr"), "card.blocked")
