"""How JSON and XML come to one shape."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Json
from sync.connectors.siri_lite.tree import Node, delivery_of


def xml(inner: str) -> Node:
    return delivery_of(f"<Siri><ServiceDelivery>{inner}</ServiceDelivery></Siri>".encode())


def js(**fields: Json) -> Node:
    return delivery_of(json.dumps({"Siri": {"ServiceDelivery": fields}}).encode())


def test_xml_and_json_are_read_alike() -> None:
    for node in (
        xml("<A><B xml:lang='FR'>un</B></A><A><B>deux</B></A>"),
        js(A=[{"B": {"value": "un", "lang": "FR"}}, {"B": "deux"}]),
    ):
        assert [part.text("B") for part in node.nodes("A")] == ["un", "deux"]
        assert node.node("A").texts("B", "de") == {"fr": "un"}
        assert node.node("missing").text("B") == ""


def test_a_root_without_siri_around_it_is_read() -> None:
    assert delivery_of(b'{"ServiceDelivery": {"A": "x"}}').text("A") == "x"
    assert delivery_of(b"<ServiceDelivery><A>x</A></ServiceDelivery>").text("A") == "x"


def test_namespaces_do_not_matter() -> None:
    raw = b'<s:Siri xmlns:s="urn:s"><s:ServiceDelivery><s:A>x</s:A></s:ServiceDelivery></s:Siri>'
    assert delivery_of(raw).text("A") == "x"


def test_the_first_name_that_has_a_text_wins() -> None:
    node = js(A="", B=[None, {"value": ""}, "b"], C="c")
    assert node.text("A", "B", "C") == "b"
    assert [part.fields for part in js(A={"x": 1}, B={"y": 2}).nodes("A", "B")] == [
        {"x": 1},
        {"y": 2},
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  deux\nmots ", "deux mots"),
        (7, "7"),
        (True, "true"),
        (False, "false"),
        (None, ""),
        ([], ""),
        ({}, ""),
        ({"value": None}, ""),
        ({"value": ["x"]}, ""),
        ([{"value": 5}], "5"),
    ],
)
def test_a_text_is_what_can_be_shown_on_a_line(value: Json, text: str) -> None:
    assert js(A=value, Z=1).text("A") == text


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ([{"value": "a", "lang": "FR"}, {"value": "b", "lang": "en-GB"}], {"fr": "a", "en": "b"}),
        ([{"value": "a"}, {"value": "", "lang": "en"}], {"fr": "a"}),
        ({"value": "a", "lang": 7}, {"fr": "a"}),
        (None, {}),
    ],
)
def test_texts_come_by_language(value: Json, texts: dict[str, str]) -> None:
    assert js(A=value, Z=1).texts("A", "fr") == texts


@pytest.mark.parametrize("raw", [b"<A/>", b"{}", b"[]", b"7", b'{"Siri": {"ServiceDelivery": 7}}'])
def test_what_delivers_nothing_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused, match="no ServiceDelivery"):
        delivery_of(raw)


@given(st.text(alphabet="abc<>&é \n", max_size=20))
def test_a_text_is_one_line_in_either_form(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    assert xml(f"<Z/><A>{escaped}</A>").text("A") == js(A=text, Z=1).text("A")
