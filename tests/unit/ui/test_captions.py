"""The captions line: whole, in order, as long as reading takes, and then empty."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.captions import LEAST_S, PER_CHARACTER_S, PIECE_MAX, PIECES_MAX, Captions, pieces_of

sentences = st.lists(st.text("abc é.", max_size=300), max_size=8)
LONG = "mot " * 60


def said(captions: Captions, *, step: float = 1.0) -> list[str]:
    """Everything that the line shows until it is empty."""
    seen, now = [captions.text], 0.0
    for _ in range(10_000):
        if not captions.text:
            break
        now += step
        if captions.advance(now):
            seen.append(captions.text)
    return seen


def test_a_short_sentence_is_one_piece() -> None:
    assert pieces_of(["Bonjour."]) == ["Bonjour."]


@given(sentences)
def test_no_piece_is_longer_than_the_line(texts: list[str]) -> None:
    assert all(0 < len(piece) <= PIECE_MAX for piece in pieces_of(texts))


@given(sentences)
def test_no_word_is_lost_or_moved(texts: list[str]) -> None:
    letters = "".join("".join(texts).split())
    assert "".join("".join(pieces_of(texts)).split()) == letters


def test_an_endless_text_is_cut() -> None:
    assert len(pieces_of(["mot " * 100_000])) == PIECES_MAX


def test_nothing_is_shown_before_anything_is_said() -> None:
    assert Captions().text == ""
    assert not Captions().advance(99)


def test_the_sentences_are_shown_one_after_the_other_and_then_nothing() -> None:
    captions = Captions()
    captions.begin(["Un.", "Deux.", "Trois."], 0, slow=False)
    assert said(captions) == ["Un.", "Deux.", "Trois.", ""]


def test_a_piece_stays_as_long_as_reading_takes() -> None:
    captions = Captions()
    captions.begin([LONG], 0, slow=False)
    reading = len(captions.text) * PER_CHARACTER_S
    assert not captions.advance(reading - 0.1)
    assert captions.advance(reading)


def test_a_short_piece_stays_a_moment() -> None:
    captions = Captions()
    captions.begin(["Oui."], 10, slow=False)
    assert not captions.advance(10 + LEAST_S - 0.1)
    assert captions.advance(10 + LEAST_S)


def test_with_slow_times_a_piece_stays_three_times_as_long() -> None:
    captions = Captions()
    captions.begin(["Oui."], 0, slow=True)
    assert not captions.advance(3 * LEAST_S - 0.1)
    assert captions.advance(3 * LEAST_S)


def test_a_new_text_takes_the_place_of_the_old_one() -> None:
    captions = Captions()
    captions.begin(["Ancien.", "Suite."], 0, slow=False)
    captions.begin(["Nouveau."], 1, slow=False)
    assert said(captions) == ["Nouveau.", ""]


def test_stopping_empties_the_line_at_once() -> None:
    captions = Captions()
    captions.begin(["Un.", "Deux."], 0, slow=False)
    captions.stop()
    assert captions.text == ""
    assert not captions.advance(99)
