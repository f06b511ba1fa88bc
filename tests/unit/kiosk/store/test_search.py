from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.domain.search import Hit
from kiosk.store.database import ContentReader
from kiosk.store.search import SNIPPET_MAX, plain, score, search, words_of
from tests.unit.kiosk.store.contents import NOW, publish, record

TOWN = [
    record("pool", "Piscine Alencéa", body="Bassin de 25 m, toboggan.", popularity=60),
    record("cinema", "Cinéma Planet’Ciné", body="À côté de la piscine.", popularity=80),
    record("sisters", "Œuvre des Sœurs", data={"commune": "Écouché"}),
    record("school", "École Pierre et Marie Curie", popularity=10),
    record("gone", "Piscine d’été", popularity=90, valid_until=NOW - timedelta(days=1)),
    replace(record("english"), title={"fr": "Marché", "en": "Market"}),
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> ContentReader:
    path = tmp_path_factory.mktemp("town") / "content.db"
    publish(path, TOWN)
    return ContentReader(path)


def ids(town: ContentReader, text: str, limit: int = 20) -> list[str]:
    return [hit.id for hit in search(town, text, NOW, language="fr", limit=limit)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("alen", ["pool"]),
        ("ALENCEA", ["pool"]),
        ("cinema planet", ["cinema"]),
        ("planet cinema", ["cinema"]),
        ("planet'ciné", ["cinema"]),
        ("oeuvre", ["sisters"]),
        ("œuvre soeurs", ["sisters"]),
        ("ecole curie", ["school"]),
        ("ecouche", ["sisters"]),
        ("market", ["english"]),
        ("toboggan", ["pool"]),
        ("nothing like it", []),
        ("piscine curie", []),
    ],
)
def test_every_word_is_a_prefix_and_accents_do_not_count(
    town: ContentReader, text: str, found: list[str]
) -> None:
    assert ids(town, text) == found


def test_the_title_goes_before_the_body_and_what_expired_sinks(town: ContentReader) -> None:
    assert ids(town, "piscine") == ["pool", "cinema", "gone"]


def test_a_limit_keeps_the_best(town: ContentReader) -> None:
    assert ids(town, "piscine", limit=1) == ["pool"]
    assert ids(town, "piscine", limit=0) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        '"',
        "'; DROP TABLE record; --",
        "* OR NOT AND NEAR(",
        "names:piscine",
        "{names} : x",
        "^a",
        "-",
        "\x00",
        "a\x00b",
        "\ud800",
        "🦭",
        "ب",
        "ﬁ",
        "a" * 10_000,
        "a " * 10_000,
        '"' * 10_000,
        "é" * 500,
    ],
)
def test_hostile_text_finds_little_and_breaks_nothing(town: ContentReader, text: str) -> None:
    assert isinstance(ids(town, text), list)
    assert town.fault == ""


@given(st.text(max_size=60))
def test_no_text_breaks_the_search(town: ContentReader, text: str) -> None:
    ids(town, text)
    assert town.fault == ""


@given(st.text(max_size=80))
@example("ꟹ")  # a letter whose compatibility form is a ligature
def test_plain_text_is_words_and_stays_so(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert "  " not in once


@given(st.text(max_size=2000))
def test_words_are_bounded(text: str) -> None:
    words = words_of(text)
    assert len(words) <= 8
    assert all(0 < len(word) <= 40 for word in words)


def test_other_scripts_are_found(tmp_path: Path) -> None:
    publish(tmp_path / "content.db", [record("ru", "Бассейн"), record("ar", "مسبح")])
    reader = ContentReader(tmp_path / "content.db")
    assert ids(reader, "басс") == ["ru"]
    assert ids(reader, "مسب") == ["ar"]
    reader.close()


def test_a_whole_word_of_the_title_beats_a_beginning_beats_the_body() -> None:
    exact, begun, body = (
        score(["gare"], names, 0, expired=False) for names in ("la gare", "la garenne", "ici")
    )
    assert exact > begun > body


def test_popularity_decides_between_equals() -> None:
    assert score(["gare"], "la gare", 50, expired=False) > score(
        ["gare"], "la gare", 20, expired=False
    )


def test_only_the_most_popular_are_ranked(tmp_path: Path) -> None:
    many = [record(f"r{number:04}", f"Arrêt {number}", popularity=50) for number in range(300)]
    publish(tmp_path / "content.db", [*many, record("rare", "Arrêt", popularity=0)])
    reader = ContentReader(tmp_path / "content.db")
    assert "rare" not in ids(reader, "arret", limit=300)
    assert len(ids(reader, "arret", limit=300)) == 200
    reader.close()


def hit(town: ContentReader, text: str, language: str = "fr") -> Hit:
    return search(town, text, NOW, language=language, limit=1)[0]


def test_a_hit_tells_where_it_lies(town: ContentReader) -> None:
    found = hit(town, "alen")
    assert (found.dataset, found.kind, found.demo) == ("places", "place", False)
    assert found.title == {"fr": "Piscine Alencéa"}
    assert found.snippet == {"fr": "Bassin de 25 m, toboggan."}
    assert found.score > 2


def test_a_long_body_is_cut_at_words_around_what_was_found(tmp_path: Path) -> None:
    body = "mot " * 100 + "toboggan géant " + "fin " * 100
    publish(tmp_path / "content.db", [record("a", "Parc", body=body), record("b", "Parc", body="")])
    reader = ContentReader(tmp_path / "content.db")
    snippet = hit(reader, "tobog").snippet["fr"]
    assert "toboggan géant" in snippet
    assert snippet.startswith("…mot")
    assert snippet.endswith("fin…")
    assert len(snippet) <= SNIPPET_MAX + 2
    assert hit(reader, "parc").snippet["fr"].startswith("mot")
    reader.close()


def test_a_row_that_is_not_sound_is_left_out(tmp_path: Path) -> None:
    from kiosk.store.database import open_to_write

    publish(tmp_path / "content.db", [record("a", "Parc"), record("b", "Parc")])
    connection = open_to_write(tmp_path / "content.db")
    connection.execute("UPDATE record SET title='not json' WHERE id='a'")
    connection.close()
    reader = ContentReader(tmp_path / "content.db")
    assert ids(reader, "parc") == ["b"]
    reader.close()
