"""Every declared error has a sentence that a citizen can read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kiosk.domain import errors
from ui.sentences import SENTENCES, STAFF, sentence, staff_sentence
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
    assert staff_sentence(Words(), "") == ""


@pytest.mark.parametrize("key", sorted(STAFF))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_staff_are_not_sent_to_their_own_desk(key: str, language: str) -> None:
    said = staff_sentence(Words(language), key)
    assert said.endswith(".")
    assert said != sentence(Words(language), key)
    assert [word for word in ("accueil", "desk") if word in said] == []
    assert [word for word in JARGON if word in said] == []


def test_staff_read_the_citizens_sentence_where_it_helps_them_too() -> None:
    assert staff_sentence(Words(), "card.other") == sentence(Words(), "card.other")


def test_a_sentence_is_said_in_the_citizens_language() -> None:
    assert sentence(Words("en"), "card.blocked") != sentence(Words("fr"), "card.blocked")
