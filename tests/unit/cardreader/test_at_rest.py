"""Secrets on a disk are opened under their own key and label alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardreader.at_rest import unwrap_secret, wrap_secret
from kiosk.domain.errors import InputRefused

KEY, OTHER = bytes(32), bytes(range(32))


@given(st.binary(max_size=200))
def test_what_was_wrapped_comes_back(plain: bytes) -> None:
    assert unwrap_secret(wrap_secret(plain, KEY, b"a"), KEY, b"a") == plain


def test_it_never_looks_the_same_twice() -> None:
    assert wrap_secret(b"x", KEY, b"a") != wrap_secret(b"x", KEY, b"a")


@pytest.mark.parametrize(("key", "label"), [(OTHER, b"a"), (KEY, b"b")])
def test_another_key_or_label_opens_nothing(key: bytes, label: bytes) -> None:
    with pytest.raises(InputRefused):
        unwrap_secret(wrap_secret(b"x", KEY, b"a"), key, label)


@given(st.binary(max_size=60))
def test_other_bytes_arent_opened(blob: bytes) -> None:
    with pytest.raises(InputRefused):
        unwrap_secret(blob, KEY, b"a")
