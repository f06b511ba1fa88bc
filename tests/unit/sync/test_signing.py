"""Signed manifests and notices: nothing is read before the signature holds."""

from __future__ import annotations

import pytest

from kiosk.domain.errors import FeedForged, FeedRefused
from sync import signing
from sync.protocol.manifest import Manifest, Notice
from tests.signers import OTHER, OURS, SeededSigner

HUB, ROOT = OURS, SeededSigner(seed=bytes(range(2, 34)))
MANIFEST = Manifest(territory="orne", epoch=1, version=1, issued_at=1, expires_at=2)


def _notice(root: SeededSigner = ROOT) -> Notice:
    return Notice(territory="orne", epoch=1, key=HUB.public_key, root=root.public_key, issued_at=1)


def test_a_signed_manifest_opens_with_its_key_alone() -> None:
    data = signing.sign_manifest(MANIFEST, HUB)
    assert signing.open_manifest(data, HUB.public_key) == MANIFEST
    assert signing.signer_id(data) == signing.key_id(HUB.public_key)
    with pytest.raises(FeedForged, match="not by"):
        signing.open_manifest(data, OTHER.public_key)


@pytest.mark.parametrize("place", [0, 4, 5, 12, 13, 76, 77, -1])
def test_any_changed_byte_is_refused(place: int) -> None:
    data = bytearray(signing.sign_manifest(MANIFEST, HUB))
    data[place] ^= 1
    with pytest.raises((FeedForged, FeedRefused)):
        signing.open_manifest(bytes(data), HUB.public_key)


@pytest.mark.parametrize("data", [b"", b"alv1m", bytes(300_000), b"alv1m" + bytes(72)])
def test_what_is_no_signed_document_is_refused(data: bytes) -> None:
    with pytest.raises(FeedRefused):
        signing.open_manifest(data, HUB.public_key)


def test_a_notice_is_no_manifest() -> None:
    with pytest.raises(FeedRefused):
        signing.open_manifest(signing.sign_notice(_notice(), HUB), HUB.public_key)


def test_a_notice_opens_with_the_root_that_it_names() -> None:
    data = signing.sign_notice(_notice(), ROOT)
    assert signing.open_notice(data, ROOT.public_key) == _notice()
    assert signing.first_notice(data) == _notice()


def test_a_notice_that_names_another_root_is_forged() -> None:
    data = signing.sign_notice(_notice(OTHER), ROOT)
    with pytest.raises(FeedForged):
        signing.open_notice(data, ROOT.public_key)
    with pytest.raises(FeedForged):
        signing.first_notice(data)
