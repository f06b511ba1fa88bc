from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.connectors.links import LINK_MAX, web_address


@pytest.mark.parametrize(
    "link", ["https://x.example/a?b=c#d", "http://x.example", "HTTPS://X.example"]
)
def test_a_web_address_is_kept(link: str) -> None:
    assert web_address(f" {link}\n") == link


@pytest.mark.parametrize(
    "link",
    [
        "", "/relative", "x.example", "javascript:alert(1)", "file:///etc/passwd",
        "data:text/html,x", "//x.example", "ftp://x.example", "https:/x.example", "java\nscript:x",
    ],
)  # fmt: skip
def test_anything_else_is_none(link: str) -> None:
    assert web_address(link) == ""


def test_an_endless_address_is_none() -> None:
    start = "https://x.example/"
    assert web_address(start + "a" * (LINK_MAX - len(start))) != ""
    assert web_address(start + "a" * LINK_MAX) == ""


@given(st.text(max_size=60))
def test_whatever_the_text_it_is_an_address_or_nothing(text: str) -> None:
    assert web_address(text).casefold().startswith("http") or web_address(text) == ""
