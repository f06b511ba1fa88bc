from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Place, Walk, facts_of
from kiosk.domain.record import Geo, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.gpx import connector
from sync.connectors.gpx.connector import parse
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
CONTEXT = Context(dataset="walks", source="Val", licence="LO", observed_at=NOW, now=NOW)
LINE = '<trkseg><trkpt lat="48" lon="0"/><trkpt lat="48.01" lon="0"/></trkseg>'


def read(raw: bytes) -> list[Item]:
    return list(guarded(parse, raw, CONTEXT, manifest_of("gpx"), time.monotonic))


def fixture(name: str) -> list[Item]:
    return read((FOLDER / "gpx" / "fixtures" / f"{name}.gpx").read_bytes())


def by_title(items: list[Item]) -> dict[str, Record]:
    return {item.title["fr"]: item for item in items if isinstance(item, Record)}


def track(inner: str) -> Record:
    (record,) = read(f"<gpx><trk>{inner}</trk></gpx>".encode())
    assert isinstance(record, Record)
    return record


def test_a_track_is_a_walk_with_length_climb_and_line() -> None:
    walk = by_title(fixture("walks"))["Boucle du lavoir"]
    facts = facts_of(walk, Walk)
    assert walk.kind == "walk"
    assert walk.geo == Geo(lat=48.61, lon=0.11)
    assert facts.distance_m == pytest.approx(1259, abs=3)
    assert (facts.ascent_m, facts.descent_m) == (40, 40)
    assert facts.loop is True
    assert facts.lines == (
        ((48.61, 0.11), (48.614, 0.11), (48.614, 0.114)),
        ((48.614, 0.114), (48.6101, 0.1101)),
    )


def test_what_the_format_does_not_say_is_unknown() -> None:
    facts = facts_of(by_title(fixture("walks"))["Boucle du lavoir"], Walk)
    assert facts.duration_min is None
    assert facts.difficulty == {}


def test_a_description_loses_its_markup() -> None:
    assert by_title(fixture("walks"))["Boucle du lavoir"].body == {"fr": "Facile, ombragée."}


def test_a_route_is_a_walk_with_its_link() -> None:
    facts = facts_of(by_title(fixture("walks"))["Route du lin"], Walk)
    assert facts.website == "https://val.example.org/lin"
    assert facts.loop is False
    assert (facts.ascent_m, facts.descent_m) == (None, None)
    assert len(facts.lines[0]) == 3


def test_a_named_waypoint_is_a_place() -> None:
    place = by_title(fixture("walks"))["Lavoir"]
    assert place.kind == "place"
    assert place.geo == Geo(lat=48.6101, lon=0.1101)
    assert place.body == {"fr": "Lavoir de 1843"}
    assert facts_of(place, Place) == Place()


def test_a_nameless_track_has_its_number() -> None:
    nameless = by_title(fixture("walks"))["Itinéraire 2"]
    assert nameless.title == {"fr": "Itinéraire 2", "en": "Route 2"}


def test_author_and_licence_travel_with_each_record() -> None:
    for record in by_title(fixture("walks")).values():
        assert record.data["author"] == "Commune de Val-Inventé"
        assert str(record.data["file_licence"]).endswith("licence-ouverte-open-licence")
        assert record.data["creator"] == "inventé"


def test_the_files_time_is_when_it_was_observed() -> None:
    found = {record.observed_at for record in by_title(fixture("walks")).values()}
    assert found == {datetime(2026, 9, 12, 8, tzinfo=UTC)}


def test_version_1_0_has_its_head_in_the_root() -> None:
    mills = by_title(fixture("old"))["Sentier des moulins"]
    facts = facts_of(mills, Walk)
    assert mills.observed_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert mills.data["author"] == "Jean Inventé"
    assert facts.website == "https://moulins.example.org/"
    assert (facts.distance_m, facts.ascent_m) == (2224, None)


def test_bad_items_are_rejected_with_their_number() -> None:
    rejects = {item.where: item.why for item in fixture("walks") if isinstance(item, Reject)}
    assert rejects == {
        "waypoint 2": "no name",
        "track 3": "a line of fewer than two points",
        "track 4": "position out of range: 148.6, 0.1",
        "track 5": "a point without latitude and longitude",
        "track 6": "a line of fewer than two points",
    }


@pytest.mark.parametrize("name", ["lat", "lon"])
@pytest.mark.parametrize("value", ["nan", "inf", "", "x", "1e9"])
def test_a_point_off_the_earth_rejects_its_track(name: str, value: str) -> None:
    spoiled = LINE.replace(f'{name}="', f'{name}="{value}" x="', 1)
    (reject,) = read(f"<gpx><trk>{spoiled}</trk></gpx>".encode())
    assert isinstance(reject, Reject)


@pytest.mark.parametrize("height", ["", "x", "nan", "1e9", "-99999"])
def test_an_impossible_height_is_unknown(height: str) -> None:
    points = LINE.replace("/>", f"><ele>{height}</ele></trkpt>")
    assert facts_of(track(points), Walk).ascent_m is None


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "", "data:,x"])
def test_a_link_leads_to_the_web_or_nowhere(address: str) -> None:
    assert facts_of(track(f'<link href="{address}"/>{LINE}'), Walk).website == ""


def test_an_id_is_of_the_name_and_the_points() -> None:
    one, other = track(f"<name>A</name>{LINE}"), track(f"<name>B</name>{LINE}")
    assert one.id == track(f"<name>A</name><desc>x</desc>{LINE}").id
    assert len({one.id, other.id, track(LINE.replace("48.01", "48.02")).id}) == 3


def test_a_twin_is_rejected() -> None:
    twins = read(f"<gpx><trk>{LINE}</trk><trk>{LINE}</trk></gpx>".encode())
    assert [type(item) for item in twins] == [Record, Reject]


@pytest.mark.parametrize(
    "raw",
    [b"<kml/>", b"<gpx>", b"{}", b'<!DOCTYPE g [<!ENTITY e "x">]><gpx>&e;</gpx>', b"lat,lon\n1,2"],
)
def test_another_format_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_a_file_without_items_gives_none() -> None:
    assert read(b"<gpx/>") == []


def test_too_many_items_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "ITEMS_MAX", 2)
    with pytest.raises(InputRefused, match="more than 2 items"):
        read(f"<gpx>{'<trk/>' * 3}</gpx>".encode())
