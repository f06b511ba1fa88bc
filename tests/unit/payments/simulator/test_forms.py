"""Stripe's form encoding."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.simulator.forms import FIELDS_MAX, decode, number, text, texts


def test_names_in_brackets_nest() -> None:
    form = decode("a[b][0][c]=1&a[b][1][c]=2&d=x&e[]=y&e[]=z")
    assert form == {"a": {"b": [{"c": "1"}, {"c": "2"}]}, "d": "x", "e": ["y", "z"]}


def test_values_are_read_at_their_path() -> None:
    form = decode("a[n]=12&a[t]=x&m[topup]=T-1")
    assert (number(form, "a", "n"), number(form, "a", "t"), number(form, "q")) == (12, None, None)
    assert (text(form, "a", "t"), text(form, "a"), text(form, "a", "t", "u")) == ("x", "", "")
    assert (texts(form, "m"), texts(form, "q")) == ({"topup": "T-1"}, {})


@pytest.mark.parametrize(
    "body",
    [
        "a[b=1",
        "[]=1",
        "a[b][c][d][e][f][g]=1",
        "a=1&a[b]=2",
        "&".join(f"a{n}=1" for n in range(FIELDS_MAX + 1)),
    ],
)
def test_what_is_no_form_is_refused(body: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(body)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(body: str) -> None:
    with suppress(ValueError):
        assert isinstance(decode(body), dict)
