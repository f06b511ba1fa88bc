from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from sync.connectors.gtfs import archive
from sync.connectors.gtfs.archive import members
from tests.unit.sync.connectors.gtfs.feeds import FILES, feed, zipped


def test_only_the_files_that_are_read_are_unpacked() -> None:
    found = members(zipped({"stops.txt": "a", "shapes.txt": "b", "readme.md": "c"}))
    assert found == {"stops.txt": b"a"}


def test_a_feed_in_one_folder_is_found() -> None:
    assert set(members(zipped({**FILES}, folder="export/2026/"))) == set(FILES)


def test_a_copy_in_a_folder_does_not_hide_the_root() -> None:
    raw = zipped({"old/stops.txt": "old", "stops.txt": "new", "__MACOSX/stops.txt": "junk"})
    assert members(raw) == {"stops.txt": b"new"}


def test_two_feeds_in_one_zip_are_refused() -> None:
    with pytest.raises(InputRefused, match="2 feeds"):
        members(zipped({"a/stops.txt": "x", "b/stops.txt": "x"}))


@pytest.mark.parametrize("name", ["../../stops.txt", "/etc/stops.txt", "C:\\x\\stops.txt"])
def test_a_path_is_never_believed(name: str) -> None:
    assert members(zipped({name: "x"})) == {"stops.txt": b"x"}


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04", b"stop_id,stop_name\n", b"\x00" * 100])
def test_what_is_not_a_zip_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused, match="not a sound zip"):
        members(raw)


def test_a_member_that_is_packed_too_tightly_is_refused() -> None:
    with pytest.raises(InputRefused, match="too tightly"):
        members(zipped({"stops.txt": b"0" * 5_000_000}))


def test_a_small_member_may_be_packed_tightly() -> None:
    assert len(members(zipped({"stops.txt": b"0" * 500_000}))["stops.txt"]) == 500_000


def test_a_zip_that_unpacks_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "UNPACKED_MAX", 1000)
    with pytest.raises(InputRefused, match="more than 1000 bytes"):
        members(feed())


def test_a_zip_of_too_many_files_is_refused() -> None:
    with pytest.raises(InputRefused, match="more than 1000 files"):
        members(zipped({f"{number}.txt": "" for number in range(1001)}))


def test_an_encrypted_member_is_refused() -> None:
    raw = bytearray(zipped({"stops.txt": "x"}))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputRefused, match="encrypted"):
        members(bytes(raw))


def test_an_odd_way_of_packing_is_refused() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("stops.txt", "x")
    with pytest.raises(InputRefused, match="packed in a way"):
        members(held.getvalue())


def test_a_member_whose_sum_is_wrong_is_refused() -> None:
    raw = zipped({"stops.txt": "stop_id"})
    spoiled = raw.replace(raw[39:43], b"zzzz", 1)
    with pytest.raises(InputRefused, match="not a sound zip"):
        members(spoiled)


@given(at=st.integers(0, 3000), bit=st.integers(0, 7), cut=st.booleans())
def test_a_damaged_zip_is_read_or_refused(at: int, bit: int, *, cut: bool) -> None:
    raw = bytearray(feed())
    at %= len(raw)
    raw[at] ^= 1 << bit
    with suppress(InputRefused):
        assert set(members(bytes(raw[:at] if cut else raw))) <= set(FILES)
