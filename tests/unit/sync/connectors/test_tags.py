from __future__ import annotations

import pytest

from kiosk.domain.record import Json
from sync.connectors.tags import (
    PHONES,
    TAG_CHARS_MAX,
    TAGS_MAX,
    address_in_tags,
    first_tag,
    kept_tags,
    sort_in_tags,
    text_in_tag,
    wheelchair_in_tags,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  a\nb ", "a b"),
        (7, "7"),
        (7.5, ""),
        (True, ""),
        (None, ""),
        (["a"], ""),
        ("\u202ea", "a"),
    ],
)
def test_a_tag_is_one_clean_line(value: Json, text: str) -> None:
    assert text_in_tag({"name": value}, "name") == text


def test_an_absent_tag_is_empty() -> None:
    assert text_in_tag({}, "name") == ""


def test_the_first_filled_tag_wins() -> None:
    assert first_tag({"phone": "", "contact:phone": "1", "mobile": "2"}, PHONES) == "1"
    assert first_tag({}, PHONES) == ""


@pytest.mark.parametrize(
    ("tags", "sort"),
    [
        ({"name": "x", "amenity": "library"}, "amenity=library"),
        ({"shop": "bakery", "amenity": "cafe"}, "amenity=cafe"),
        ({"healthcare": "doctor"}, "healthcare=doctor"),
        ({"highway": "bus_stop"}, "highway=bus_stop"),
        ({"highway": "residential", "name": "Rue Basse"}, ""),
        ({"building": "yes"}, ""),
        ({"amenity": ""}, ""),
    ],
)
def test_what_a_place_is_stands_in_its_first_sort(tags: dict[str, Json], sort: str) -> None:
    assert sort_in_tags(tags) == sort


@pytest.mark.parametrize(
    ("value", "gets_in"),
    [
        ("yes", "yes"),
        ("designated", "yes"),
        ("limited", "limited"),
        ("no", "no"),
        ("bad", ""),
        ("", ""),
    ],
)
def test_only_known_words_tell_of_wheelchairs(value: str, gets_in: str) -> None:
    assert wheelchair_in_tags({"wheelchair": value}) == gets_in


@pytest.mark.parametrize(
    ("tags", "address"),
    [
        ({}, ""),
        ({"addr:street": "rue Basse"}, "rue Basse"),
        ({"addr:housenumber": 5, "addr:street": "rue Basse"}, "5 rue Basse"),
        ({"addr:postcode": "61000", "addr:city": "Bourg"}, "61000 Bourg"),
        ({"addr:street": "rue Basse", "addr:city": "Bourg"}, "rue Basse, Bourg"),
    ],
)
def test_an_address_has_only_its_known_parts(tags: dict[str, Json], address: str) -> None:
    assert address_in_tags(tags) == address


def test_kept_tags_are_bounded_in_number_and_length() -> None:
    tags: dict[str, Json] = {f"tag{number}": "x" * 1000 for number in range(TAGS_MAX + 5)}
    kept = kept_tags(tags)
    assert len(kept) == TAGS_MAX
    assert kept["tag0"] == "x" * (TAG_CHARS_MAX - 1) + "…"


def test_structures_are_no_tags() -> None:
    assert kept_tags({"a": [1], "b": {}, "c": None, "d": 1.5, "e": True}) == {"d": 1.5, "e": True}
