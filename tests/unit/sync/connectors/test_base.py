from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import ID_MAX, Geo, Record, Reject
from sync.connectors.base import (
    WHY_MAX,
    Context,
    Item,
    Manifest,
    each,
    geo_of,
    guarded,
    read_bounded,
    record_of,
    reject_of,
    stable_id,
)

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
CONTEXT = Context(dataset="d", source="Bourg", licence="CC0", observed_at=NOW, now=NOW, demo=True)
MANIFEST = Manifest(
    slug="x",
    title="a list of words",
    kind="place",
    licence="CC0",
    attribution="us",
    refresh_s=60,
    stale_s=600,
    max_bytes=100,
    max_seconds=5,
    max_records=4,
)


def place(title: str) -> Record:
    return record_of(CONTEXT, id=title, kind="place", title=title)


def words(raw: bytes, context: Context) -> Iterator[Item]:
    for word in raw.decode("ascii").split():
        yield record_of(context, id=word, kind="place", title=word)


def still() -> float:
    return 0.0


def test_a_record_carries_the_context_envelope() -> None:
    record = record_of(CONTEXT, id="1", kind="place", title="Mairie", body="Ouverte")
    assert (record.dataset, record.source, record.licence) == ("d", "Bourg", "CC0")
    assert record.observed_at == NOW
    assert record.demo
    assert (record.title, record.body) == ({"fr": "Mairie"}, {"fr": "Ouverte"})


def test_a_record_may_have_its_own_date_and_languages() -> None:
    earlier = datetime(2026, 1, 1, tzinfo=UTC)
    titles = {"fr": "Piscine", "en": "Pool", "br": " "}
    record = record_of(CONTEXT, id="1", kind="place", title=titles, observed_at=earlier)
    assert record.observed_at == earlier
    assert record.title == {"fr": "Piscine", "en": "Pool"}


def test_a_text_is_in_the_language_of_its_context() -> None:
    record = record_of(replace(CONTEXT, language="en"), id="1", kind="place", title="Pool")
    assert record.title == {"en": "Pool"}


def test_unsafe_characters_are_cleaned_out_of_a_record() -> None:
    record = record_of(CONTEXT, id="a\x00\u202eb", kind="place", title="x\x1b[2J\u202ey")
    assert (record.id, record.title["fr"]) == ("ab", "x[2Jy")


@pytest.mark.parametrize("title", ["", "  ", "\x00\u202e", {}, {"fr": ""}])
def test_a_record_without_title_is_refused(title: str | dict[str, str]) -> None:
    with pytest.raises(InputRefused, match="no title"):
        record_of(CONTEXT, id="1", kind="place", title=title)


@given(st.text(min_size=ID_MAX + 1, max_size=3 * ID_MAX, alphabet="abc"))
def test_an_over_long_id_is_cut_to_one_of_its_own(text: str) -> None:
    short = stable_id(text)
    assert len(short) <= ID_MAX
    assert short != stable_id(f"{text}x")
    assert short == stable_id(text)


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [
        (48.4, 0.1, Geo(lat=48.4, lon=0.1)),
        (48, 0, Geo(lat=48, lon=0)),
        (0, 0, None),
        (None, None, None),
        (90.1, 0.1, None),
        (48.4, 180.1, None),
        (float("nan"), 1.0, None),
        (True, 1.0, None),
        ("48.4", "0.1", None),
    ],
)
def test_a_position_is_wgs84_degrees_or_nothing(
    lat: object, lon: object, expected: Geo | None
) -> None:
    assert geo_of(lat, lon) == expected


def test_a_reject_is_bounded_and_clean() -> None:
    reject = reject_of("line\x00 3\n", "y" * 10_000)
    assert reject.where == "line 3"
    assert len(reject.why) <= WHY_MAX


def test_a_reject_always_says_something() -> None:
    assert reject_of("line 3", ValueError()).why == "unreadable"


def test_a_bad_item_does_not_stop_the_others() -> None:
    items = list(each([("1", "Mairie"), ("2", ""), ("3", "Piscine")], place))
    assert [type(item) for item in items] == [Record, Reject, Record]
    assert items[1] == Reject(where="2", why="no title to call it by")


@pytest.mark.parametrize("wrong", [ValueError("odd"), OverflowError("odd"), InputRefused("odd")])
def test_an_impossible_value_is_a_reject(wrong: Exception) -> None:
    def fail(_title: str) -> Record:
        raise wrong

    assert list(each([("7", "x")], fail)) == [Reject(where="7", why="odd")]


def test_reading_stops_at_the_byte_cap(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes(b"x" * 100)
    assert len(read_bounded(path, MANIFEST)) == 100
    path.write_bytes(b"x" * 101)
    with pytest.raises(InputRefused, match=r"words\.txt: larger than 100 bytes"):
        read_bounded(path, MANIFEST)


@pytest.mark.parametrize("name", ["absent", "."])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputRefused, match="no such file"):
        read_bounded(tmp_path / name, MANIFEST)


def test_a_file_within_its_caps_passes_unchanged() -> None:
    items = list(guarded(words, b"a b c d", CONTEXT, MANIFEST, still))
    assert [item.id for item in items if isinstance(item, Record)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("raw", "why"), [(b"x" * 101, "larger than 100 bytes"), (b"a b c d e", "more than 4 items")]
)
def test_a_file_past_a_cap_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(InputRefused, match=why):
        list(guarded(words, raw, CONTEXT, MANIFEST, still))


def test_a_file_that_takes_too_long_is_refused() -> None:
    ticks = iter(range(0, 1000, 3))
    with pytest.raises(InputRefused, match="took more than 5 s"):
        list(guarded(words, b"a b c", CONTEXT, MANIFEST, lambda: float(next(ticks))))


def test_the_second_item_of_an_id_is_rejected() -> None:
    items = list(guarded(words, b"a b a", CONTEXT, MANIFEST, still))
    assert items[2] == Reject(where="a", why="an earlier item bears the same id")


def test_a_library_error_before_any_item_refuses_the_file() -> None:
    with pytest.raises(InputRefused, match="not a list of words"):
        list(guarded(words, b"\xff", CONTEXT, MANIFEST, still))


def test_a_library_error_later_ends_the_file_with_a_reject() -> None:
    def half(raw: bytes, context: Context) -> Iterator[Item]:
        yield from words(raw, context)
        raise ValueError("torn")

    items = list(guarded(half, b"a b", CONTEXT, MANIFEST, still))
    assert items[-1] == Reject(where="after item 2", why="torn")
