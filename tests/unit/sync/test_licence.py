"""The licence: signed by the hub, read by the kiosk, nothing else is one."""

from __future__ import annotations

import base64

import pytest

from kiosk.domain.errors import CodeForeign, CodeTampered
from sync.licence import CONTEXT, TEXT_MAX, Licence, open_licence, sign_licence
from tests.signers import OTHER, OURS, SeededSigner

LICENCE = Licence(kiosk="kabc", territory="orne", key="ab" * 32, until=1_800_000_000)


@pytest.fixture
def hub() -> SeededSigner:
    return OURS


def test_a_signed_licence_is_read_back(hub: SeededSigner) -> None:
    assert open_licence(sign_licence(LICENCE, hub), hub.public_key) == LICENCE


def test_another_hub_s_licence_is_none(hub: SeededSigner) -> None:
    with pytest.raises(CodeTampered):
        open_licence(sign_licence(LICENCE, OTHER), hub.public_key)


def test_a_changed_licence_is_none(hub: SeededSigner) -> None:
    text = sign_licence(LICENCE, hub)
    changed = ("B" if text[10] == "A" else "A").join((text[:10], text[11:]))
    with pytest.raises((CodeTampered, CodeForeign)):
        open_licence(changed, hub.public_key)


@pytest.mark.parametrize("text", ["", "é", "!!!!", "AAAA", "A" * (TEXT_MAX + 4)])
def test_what_isn_t_a_licence_is_told(hub: SeededSigner, text: str) -> None:
    with pytest.raises((CodeForeign, CodeTampered)):
        open_licence(text, hub.public_key)


def test_a_signed_thing_of_another_shape_is_no_licence(hub: SeededSigner) -> None:
    body = b'{"kiosk":"k"}'
    text = base64.urlsafe_b64encode(body + hub.sign(CONTEXT + body)).decode().rstrip("=")
    with pytest.raises(CodeForeign):
        open_licence(text, hub.public_key)
