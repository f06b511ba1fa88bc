"""What is sealed to one kiosk's key of one request is read by nobody else."""

from __future__ import annotations

import pytest

from kiosk.domain.errors import FeedForged, InputRefused
from sync.sealing import SealKey, seal_to

PLAIN = b"sixteen secret bytes"


def sealed(key: SealKey) -> bytes:
    return seal_to(key.public_key, PLAIN, territory="orne", kiosk="k1")


def test_the_kiosk_that_asked_reads_it() -> None:
    key = SealKey()
    assert key.open(sealed(key), territory="orne", kiosk="k1") == PLAIN


def test_another_kiosk_s_key_opens_nothing() -> None:
    with pytest.raises(FeedForged):
        SealKey().open(sealed(SealKey()), territory="orne", kiosk="k1")


@pytest.mark.parametrize(("territory", "kiosk"), [("sarthe", "k1"), ("orne", "k2")])
def test_it_is_bound_to_its_territory_and_kiosk(territory: str, kiosk: str) -> None:
    key = SealKey()
    with pytest.raises(FeedForged):
        key.open(sealed(key), territory=territory, kiosk=kiosk)


@pytest.mark.parametrize("at", [0, 31, 32, -1])
def test_what_was_touched_isn_t_opened(at: int) -> None:
    key = SealKey()
    touched = bytearray(sealed(key))
    touched[at] ^= 1
    with pytest.raises(FeedForged):
        key.open(bytes(touched), territory="orne", kiosk="k1")


@pytest.mark.parametrize("data", [b"", bytes(10), bytes(48)])
def test_other_bytes_aren_t_opened(data: bytes) -> None:
    with pytest.raises(FeedForged):
        SealKey().open(data, territory="orne", kiosk="k1")


@pytest.mark.parametrize("public_key", [b"", bytes(31), bytes(32)])
def test_nothing_is_sealed_to_what_is_no_key(public_key: bytes) -> None:
    with pytest.raises(InputRefused):
        seal_to(public_key, PLAIN, territory="orne", kiosk="k1")
