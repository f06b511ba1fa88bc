from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, Place, Walk, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.geotrek.connector import parse
from sync.connectors.geotrek.geometry import parts_of, place_of
from sync.connectors.lines import Point
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
CONTEXT = Context(dataset="trails", source="Parc", licence="LO", observed_at=NOW, now=NOW)
LABELS: dict[str, Json] = {
    "labels": {"difficulty": {"2": {"fr": "Facile", "en": "Easy"}}, "practice": {"1": "Pédestre"}}
}


def read(raw: bytes, context: Context = CONTEXT) -> list[Item]:
    return list(guarded(parse, raw, context, manifest_of("geotrek"), time.monotonic))


def fixture(name: str, context: Context = CONTEXT) -> list[Item]:
    return read((FOLDER / "geotrek" / "fixtures" / f"{name}.json").read_bytes(), context)


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def one(**fields: Json) -> Record:
    item: dict[str, Json] = {"id": 1, "uuid": "a", "name": {"fr": "A"}, "published": {"fr": True}}
    (record,) = records(read(msgspec.json.encode(item | fields))).values()
    return record


def test_a_trek_is_a_walk_with_the_sources_own_numbers() -> None:
    trek = records(fixture("treks"))["trek-1"]
    facts = facts_of(trek, Walk)
    assert trek.kind == "walk"
    assert trek.geo == Geo(lat=48.61, lon=0.11)
    assert (facts.distance_m, facts.ascent_m, facts.descent_m) == (7250, 230, 231)
    assert facts.duration_min == 150
    assert facts.loop is True
    assert facts.lines == (((48.61, 0.11), (48.62, 0.12), (48.61, 0.11)),)
    assert trek.observed_at == datetime(2026, 8, 1, 10, tzinfo=UTC)


def test_only_published_languages_are_told() -> None:
    trek = records(fixture("treks"))["trek-1"]
    assert trek.title == {"fr": "Tour des crêtes", "en": "Ridge tour"}
    assert facts_of(trek, Walk).start == {"fr": "Lavoir", "en": "Wash-house"}
    assert facts_of(trek, Walk).end == {"fr": "Lavoir"}


def test_a_walk_tells_all_of_its_texts_without_markup() -> None:
    trek = records(fixture("treks"))["trek-1"]
    assert trek.body == {
        "fr": "Belle vue.\nLandes et chaos.\nPartir du lavoir.",
        "en": "Start at the wash-house.",
    }
    assert trek.data["advice"] == {"fr": "Chiens en laisse"}
    assert trek.data["public_transport"] == {"fr": "Car 40"}
    assert trek.data["insee"] == ["61999", "61998"]
    assert (trek.data["highest_m"], trek.data["lowest_m"]) == (301, 105)


def test_difficulty_and_practice_need_their_names() -> None:
    unnamed = facts_of(records(fixture("treks"))["trek-1"], Walk)
    assert (unnamed.difficulty, unnamed.practice) == ({}, {})
    context = replace(CONTEXT, extra=LABELS)
    named = facts_of(records(fixture("treks", context))["trek-1"], Walk)
    assert named.difficulty == {"fr": "Facile", "en": "Easy"}
    assert named.practice == {"fr": "Pédestre"}


def test_what_the_source_leaves_out_is_measured_on_its_line() -> None:
    facts = facts_of(records(fixture("treks"))["trek-2"], Walk)
    assert (facts.ascent_m, facts.descent_m) == (50, 10)
    assert facts.duration_min is None
    assert facts.loop is False
    assert len(facts.lines) == 2


def test_a_walk_without_line_has_its_numbers() -> None:
    facts = facts_of(one(length_2d=1200, duration=-1), Walk)
    assert facts == Walk(distance_m=1200)


def test_what_cannot_be_shown_is_rejected_with_the_reason() -> None:
    assert rejects(fixture("treks")) == {
        "result 3": "not published",
        "result 4": "a point that isn't [longitude, latitude]",
        "result 5": "no name in a published language, or no id",
        "result 6": "no name in a published language, or no id",
        "result 7": "no position: a place without one, or a label",
    }
    assert rejects(fixture("around")) == {
        "result 15": "not a date: bientôt",
        "result 16": "not published",
    }


def test_a_touristic_event_has_its_days_and_hours() -> None:
    fair = records(fixture("around"))["event-11"]
    facts = facts_of(fair, Event)
    assert facts.starts_at == datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert facts.ends_at == fair.valid_until == datetime(2026, 11, 29, 17, tzinfo=UTC)
    assert (facts.place, facts.all_day) == ("Place du village", False)
    assert fair.geo == Geo(lat=48.5, lon=0.2)
    assert fair.data["contact"] == {"fr": "02 33 00 00 51"}


def test_an_event_without_hours_lasts_its_day() -> None:
    day = records(fixture("around"))["12"]
    facts = facts_of(day, Event)
    assert facts.all_day
    assert facts.ends_at == datetime(2026, 12, 1, 23, tzinfo=UTC)
    assert day.geo is None


def test_an_information_desk_is_a_place() -> None:
    desk = records(fixture("around"))["desk-13"]
    assert desk.geo == Geo(lat=48.4, lon=0.3)
    assert facts_of(desk, Place) == Place(
        address="1 rue Haute, 61997 Trois-Hameaux",
        commune="Trois-Hameaux",
        phone="02 33 00 00 52",
        access={"fr": "Rampe"},
        website="https://parc.example.org",
    )


def test_a_collection_of_shapes_stands_where_its_first_does() -> None:
    assert records(fixture("around"))["site-14"].geo == Geo(lat=48.3, lon=0.4)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b'{"detail": "Not found."}', "Geotrek answers: Not found"),
        (b"[]", "not Geotrek"),
        (b'{"features": []}', "not Geotrek"),
        (b'{"URL_1": {"url": "x"}}', "not Geotrek"),
    ],
)
def test_another_answer_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(InputRefused, match=why):
        read(raw)


def test_a_point_may_have_no_height() -> None:
    assert parts_of({"type": "LineString", "coordinates": [[1, 48], [2, 49, 7.5]]}) == [
        [Point(48, 1), Point(49, 2, 7.5)]
    ]


@pytest.mark.parametrize("shape", [None, {}, [], "x", {"type": "Point", "coordinates": [1, 48]}])
def test_what_is_no_line_has_no_parts(shape: Json) -> None:
    assert parts_of(shape) == []


@pytest.mark.parametrize("shape", [None, {}, {"geometries": []}, {"type": "Point"}])
def test_what_has_no_position_has_none(shape: Json) -> None:
    assert place_of(shape) is None
