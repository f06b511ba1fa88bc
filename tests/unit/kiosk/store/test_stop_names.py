from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.store.database import ContentReader
from kiosk.store.stop_names import find_stops
from tests.unit.kiosk.store.timetables import publish_feed
from tests.unit.sync.connectors.gtfs.feeds import feed, plus

MORE = (
    "A1,gare de Argentan,48.7,0.0,1,,,",
    "A2,Argentan Mairie Nord,48.8,0.1,,,,",
    "A3,Argentanville,48.9,0.2,,,,",
    "A4,L’Aigle,48.76,0.63,,,,",
    "A5,100%,48.5,0.3,,,,",
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> ContentReader:
    path = tmp_path_factory.mktemp("stops") / "content.db"
    publish_feed(path, feed(stops=plus("stops", *MORE)))
    return ContentReader(path)


def keys(reader: ContentReader, name: str, limit: int = 10) -> list[str]:
    return [stop.key for stop in find_stops(reader, name, limit)]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Argentan", ["bus/A1", "bus/A2", "bus/A3"]),
        ("argentan mairie", ["bus/A2"]),
        ("mairie argentan", ["bus/A2"]),
        ("ARGENT", ["bus/A3", "bus/A1", "bus/A2"]),
        ("eglise", ["bus/E"]),
        ("Église", ["bus/E"]),
        ("l'aigle", ["bus/A4"]),
        ("aigle", ["bus/A4"]),
        ("gare bourg", ["bus/S"]),
        ("nowhere", []),
        ("gentan", []),
    ],
)
def test_names_are_found_as_people_write_them(
    reader: ContentReader, name: str, found: list[str]
) -> None:
    assert keys(reader, name) == found


def test_the_same_name_is_listed_busiest_first(reader: ContentReader) -> None:
    assert keys(reader, "Mairie")[:2] == ["bus/M1", "bus/V"]


@pytest.mark.parametrize("name", ["P2", "bus/P2"])
def test_an_id_or_a_key_finds_the_very_platform(reader: ContentReader, name: str) -> None:
    (stop,) = find_stops(reader, name, 10)
    assert (stop.key, stop.name, stop.dataset) == ("bus/P2", "Gare du Bourg", "bus")


def test_a_stop_tells_where_it_is(reader: ContentReader) -> None:
    (stop,) = find_stops(reader, "Église", 1)
    assert (stop.lat, stop.lon) == (48.46, 0.12)


@pytest.mark.parametrize("name", ["", "  ", "%", "_", "100%", "'", '"', "\x00", "🦭", "a" * 10_000])
def test_odd_names_break_nothing(reader: ContentReader, name: str) -> None:
    assert len(keys(reader, name)) <= 1
    assert reader.fault == ""


@given(st.text(max_size=40))
def test_no_name_breaks_the_search(reader: ContentReader, name: str) -> None:
    keys(reader, name)
    assert reader.fault == ""


def test_a_limit_is_kept(reader: ContentReader) -> None:
    assert len(keys(reader, "argentan", limit=2)) == 2


def test_an_absent_database_has_no_stops(tmp_path: Path) -> None:
    assert find_stops(ContentReader(tmp_path / "none.db"), "Argentan", 10) == []
