from __future__ import annotations

import pytest

from kiosk.domain.errors import InputRefused
from sync.connectors import strict_xml
from sync.connectors.strict_json import DEPTH_MAX
from sync.connectors.strict_xml import child, children, local, read_xml, text_of

BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x>&e;</x>'
PARAMETER = b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://x.example/x.dtd"> %p;]><x/>'


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


@pytest.mark.parametrize("raw", [BOMB, OUTSIDE, PARAMETER])
def test_entities_are_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused, match="entities"):
        read_xml(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"hello", b"{}", b"<a>", b"<a></b>", b"<a/><a/>", b"\x00" * 20, b"\xff\xfe",
        b'<?xml version="1.0" encoding="nowhere"?><a/>', b"<a>\xff</a>", b"<a>&nbsp;</a>",
        b'<?xml version="1.0" encoding="utf_32"?><a/>', b"<a>\x0b</a>", b"<x:a/>",
    ],
)  # fmt: skip
def test_what_is_no_xml_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused, match="not XML"):
        read_xml(raw)


def test_the_encoding_that_a_document_declares_is_used() -> None:
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1")
    assert read_xml(latin).text == "é"
    assert read_xml('<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode("utf-16")).text == "é"
    assert read_xml(b"\xef\xbb\xbf<a>\xc3\xa9</a>").text == "é"


def test_blanks_before_the_declaration_are_overlooked() -> None:
    assert local(read_xml(b'\r\n <?xml version="1.0"?><a/>')) == "a"


def test_depth_is_bounded() -> None:
    assert local(read_xml(nested(DEPTH_MAX))) == "a"
    with pytest.raises(InputRefused, match="nested deeper"):
        read_xml(nested(DEPTH_MAX + 1))


def test_the_number_of_tags_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_xml, "TAGS_MAX", 10)
    with pytest.raises(InputRefused, match="more than 10 tags"):
        read_xml(nested(6))


def test_names_are_compared_without_namespace() -> None:
    root = read_xml(b'<r xmlns="urn:x" xmlns:p="urn:p"><p:t>one</p:t><t>two</t><u/></r>')
    assert local(root) == "r"
    assert [part.text for part in children(root, "t")] == ["one", "two"]
    assert text_of(root, "t") == "one"


def test_the_first_name_that_is_there_wins() -> None:
    root = read_xml(b"<r><b>B</b><a> A </a><c/></r>")
    assert text_of(root, "missing", "a", "b") == "A"
    assert text_of(root, "c", "b") == "B"
    assert (child(root, "c"), child(root, "missing")) == (root[2], None)
    assert text_of(root, "missing") == ""


def test_comments_and_instructions_are_no_children() -> None:
    assert len(read_xml(b"<r><!-- x --><?php y ?><a/></r>")) == 1
