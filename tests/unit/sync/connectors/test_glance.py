from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.record import Geo, Json
from sync.connectors.glance import (
    LANGUAGES_MAX,
    LINE_MAX,
    VALUES_MAX,
    at,
    joined,
    line,
    lines,
    many,
    number,
    one,
    position,
    texts,
    whole,
)

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_a_path_leads_through_objects_and_first_items() -> None:
    assert at({"a": [{"b": {"c": 1}}, {"b": 2}]}, "a", "b", "c") == 1
    assert at({"a": 1}) == {"a": 1}


@pytest.mark.parametrize("value", [None, 1, "a", [], {}, {"a": None}, {"a": []}, [[]]])
def test_a_path_that_leads_nowhere_gives_nothing(value: Json) -> None:
    assert at(value, "a", "b") is None


def test_one_of_a_list_is_its_first() -> None:
    assert one([1, 2]) == 1
    assert one([]) is None
    assert one("a") == "a"


def test_many_of_one_is_a_list_of_one() -> None:
    assert many("a") == ["a"]
    assert many(None) == []
    assert many([1, 2]) == [1, 2]
    assert len(many([0] * (VALUES_MAX + 1))) == VALUES_MAX


@pytest.mark.parametrize(
    ("value", "text"),
    [(" a\n b ", "a b"), (3, "3"), (["x", "y"], "x"), (True, ""), (1.5, ""), ({}, ""), (None, "")],
)
def test_a_line_is_text_or_a_whole_number(value: Json, text: str) -> None:
    assert line({"a": value}, "a") == text


def test_a_line_is_bounded() -> None:
    assert len(line("x" * (LINE_MAX + 1))) == LINE_MAX


def test_lines_are_each_given_once() -> None:
    assert lines({"a": ["x", "", "x", 2, None, {}]}, "a") == ["x", "2"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (1, 1.0), (" -0.5 ", -0.5), ("1e9", None), ("", None), (True, None), ("٣", None),
        (float("inf"), None), (float("nan"), None), ("1_0", None), ([7], 7.0), ({}, None),
    ],
)  # fmt: skip
def test_only_a_finite_number_is_one(value: Json, found: float | None) -> None:
    assert number({"a": value}, "a") == found


@pytest.mark.parametrize(("value", "found"), [(12856.3, 12856), (-1, None), (None, None), (0, 0)])
def test_a_whole_number_is_rounded_and_not_negative(value: Json, found: int | None) -> None:
    assert whole(value) == found


def test_texts_stand_by_language_without_markup() -> None:
    value: Json = {"fr": "<p>Un &eacute;t&eacute;</p>", "en": ["A summer"], "it": "", "@id": "x"}
    assert texts(value, language="de") == {"fr": "Un été", "en": "A summer"}


def test_bare_text_is_of_the_language_that_is_told() -> None:
    assert texts({"a": "Été"}, "a", language="fr") == {"fr": "Été"}
    assert texts({"a": None}, "a", language="fr") == {}


def test_texts_are_cleaned() -> None:
    assert texts({"fr": " a\u202eb\x1b "}, language="fr") == {"fr": "ab"}
    assert texts({"fr": "<p>a&#x202e;b</p>"}, language="fr") == {"fr": "ab"}


def test_languages_are_bounded() -> None:
    named: Json = {f"{chr(97 + n // 26)}{chr(97 + n % 26)}": "x" for n in range(100)}
    assert len(texts(named, language="fr")) == LANGUAGES_MAX


def test_texts_of_one_language_stand_under_one_another_each_once() -> None:
    told = [{"fr": "Un", "en": "One"}, {"fr": "Deux"}, {"fr": "Un", "de": "Eins"}, {}]
    assert joined(told) == {"fr": "Un\nDeux", "en": "One", "de": "Eins"}
    assert joined([]) == {}


def test_a_position_may_be_written_as_text() -> None:
    assert position({"lat": "48.5", "lon": -0.1}, "lat", "lon") == Geo(lat=48.5, lon=-0.1)
    assert position({"lat": "148.5", "lon": 0.1}, "lat", "lon") is None
    assert position({"lat": 48.5}, "lat", "lon") is None


@given(ANY)
def test_no_json_breaks_a_glance(value: Json) -> None:
    for text in (line(value, "a"), *lines(value), *texts(value, language="fr").values()):
        assert isinstance(text, str)
    assert number(value) is None or whole(value) != -1
    assert position(value, "a", "b") is None or isinstance(value, dict | list)
