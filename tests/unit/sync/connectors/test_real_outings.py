"""What real files say of places, events and walks, compared with what stands in them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.facts import Event, Place, Timing, Walk, facts_of
from kiosk.domain.record import Geo, Record
from sync.connectors.base import Context, guarded
from sync.connectors.registry import load, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
CONTEXT = Context(dataset="real", source="corpus", licence="open", observed_at=NOW, now=NOW)
MOUNTAIN = "tourisme-montagne"
GEOTREK = f"{MOUNTAIN}/%s/geotrek_parser_v2"
APIDAE = f"{MOUNTAIN}/trekking/apidae_trek_parser"


def read(slug: str, file: Path) -> list[Record]:
    items = guarded(load(slug).parse, file.read_bytes(), CONTEXT, manifest_of(slug), time.monotonic)
    return [item for item in items if isinstance(item, Record)]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_a_trek_of_the_pyrenees_has_its_length_and_climb(corpus: Path) -> None:
    file = corpus / (GEOTREK % "trekking") / "trek_published_step.json"
    (trek,) = read("geotrek", file)
    facts = facts_of(trek, Walk)
    assert trek.title == {"fr": "Foo"}  # its English name isn't published
    assert (facts.distance_m, facts.ascent_m, facts.descent_m) == (12856, 203, 564)
    assert facts.duration_min == 360
    assert (facts.start, facts.end) == ({"fr": "Eylé"}, {"fr": "Ourjout"})
    assert facts.loop is False
    assert (trek.data["highest_m"], trek.data["lowest_m"]) == (927, 551)
    assert trek.observed_at == instant("2021-05-17T13:54:07.091500+00:00")


def test_a_park_s_event_lasts_three_days(corpus: Path) -> None:
    days, festival = read("geotrek", corpus / (GEOTREK % "tourism") / "touristicevent.json")
    facts = facts_of(days, Event)
    assert facts.all_day
    assert facts.starts_at == instant("2025-07-31T00:00:00+02:00")
    assert facts.ends_at == instant("2025-08-03T00:00:00+02:00")
    assert "caravane" in days.body["fr"]
    assert "<" not in days.body["fr"]
    assert not facts_of(festival, Event).all_day


def test_climbing_sites_stand_where_their_first_shape_does(corpus: Path) -> None:
    sites = read("geotrek", corpus / (GEOTREK % "outdoor") / "outdoor_site.json")
    assert len(sites) == 6
    assert {site.kind for site in sites} == {"place"}
    assert all(site.geo for site in sites)


@pytest.mark.parametrize("folder", ["common", "tourism"])
def test_a_pass_is_kept_for_cyclists_one_morning(corpus: Path, folder: str) -> None:
    (climb,) = read("apidae", corpus / MOUNTAIN / folder / "apidaeEvent.json")
    facts = facts_of(climb, Event)
    assert facts.starts_at == instant("2019-08-06T09:00:00+02:00")
    assert facts.ends_at == climb.valid_until == instant("2019-08-06T12:00:00+02:00")
    assert facts.commune == "Val Buëch-Méouge"
    assert facts.price == "Gratuit."
    assert climb.data["owner"] == "Office de Tourisme de Sisteron Buëch"


def test_a_raft_company_is_told_in_four_languages(corpus: Path) -> None:
    (raft,) = read("apidae", corpus / MOUNTAIN / "tourism" / "apidaeContent2.json")
    assert raft.title == {"fr": "Quey' Raft", "es": "Test ES", "en": "Test EN"}
    assert raft.body.keys() == {"fr", "es", "en", "it"}
    assert raft.geo == Geo(lat=44.756403, lon=6.794103)
    facts = facts_of(raft, Place)
    assert facts.address == "Château Queyras, 05350 Château-Ville-Vieille"
    assert facts.phone == "06 10 15 13 28"
    assert facts.hours_note["fr"] == "Du 01/05 au 31/10."


def test_an_apidae_walk_tells_its_level_in_six_languages(corpus: Path) -> None:
    (walk,) = read("apidae", corpus / APIDAE / "a_trek.json")
    facts = facts_of(walk, Walk)
    assert facts.difficulty.keys() == {"fr", "en", "es", "it", "de", "nl"}
    assert (facts.duration_min, facts.loop) == (150, True)
    assert (facts.distance_m, facts.lines) == (None, ())
    assert walk.data["advice"] == {
        "fr": "À éviter après de grosses pluies.",
        "en": "Avoid after heavy rain.",
    }


def test_a_recorded_loop_is_measured(corpus: Path) -> None:
    (walk,) = read("gpx", corpus / MOUNTAIN / "cirkwi" / "trek.gpx")
    facts = facts_of(walk, Walk)
    assert facts.distance_m == pytest.approx(145, abs=2)
    assert facts.loop is True
    assert facts.ascent_m is None
    assert len(facts.lines[0]) < 13


def test_a_segment_of_one_point_does_not_spoil_a_track(corpus: Path) -> None:
    (walk,) = read("gpx", corpus / APIDAE / "trace_with_single_point_segment.gpx")
    assert len(facts_of(walk, Walk).lines) == 2


def test_a_ranger_station_is_found_on_the_map(corpus: Path) -> None:
    file = corpus / MOUNTAIN / "tourism" / "information_desk_OSM.json"
    node, _, way, relation = read("osm", file)
    assert node.title == {"fr": "test:fr", "en": "test:en"}
    assert facts_of(node, Place).address == "5 rue des chênes"
    assert way.geo == Geo(lat=43.4049854, lon=2.25200715)
    assert relation.title == {"en": "ranger station"}
    assert node.observed_at == instant("2025-03-17T14:22:44+00:00")


def test_the_cinemas_of_niort_have_their_facts(corpus: Path) -> None:
    big, other = read("osm", corpus / "osm" / "cinema.geojson")
    assert big.id == "node/731511809"
    assert facts_of(big, Place) == Place(
        address="Place de la Brèche, 79000 Niort",
        commune="Niort",
        website="http://www.cgrcinemas.fr/niort/",
        sort="amenity=cinema",
        wheelchair="yes",
    )
    assert facts_of(other, Place).wheelchair == ""


def test_both_connectors_give_a_map_export_the_same_ids(corpus: Path) -> None:
    for name in ("bicycle_parking", "cinema", "marketplace", "doctors"):
        file = corpus / "osm" / f"{name}.geojson"
        ids = [{record.id for record in read(slug, file)} for slug in ("osm", "geojson")]
        assert ids[0] == ids[1] != set(), name


def test_an_event_of_openagenda_has_both_sittings(corpus: Path) -> None:
    (event,) = read("openagenda", corpus / "openagenda" / "events" / "event.json")
    facts = facts_of(event, Event)
    assert facts.timings == (
        Timing(
            starts_at=instant("2025-01-06T11:00:00+01:00"),
            ends_at=instant("2025-01-06T15:00:00+01:00"),
        ),
        Timing(
            starts_at=instant("2025-01-06T15:00:00+01:00"),
            ends_at=instant("2025-01-06T18:00:00+01:00"),
        ),
    )
    assert event.title == {"en": "My event", "fr": "Mon évènement"}
    assert (event.data["access"], event.data["moderated"]) == (["hi", "pi"], False)
    assert event.geo == Geo(lat=48.854969, lon=2.386696)


def test_a_hall_of_openagenda_is_a_place(corpus: Path) -> None:
    (hall,) = read("openagenda", corpus / "openagenda" / "locations" / "locations-detailed.json")
    assert hall.title == {"fr": "Salle Brémontier, Arès (33)"}
    assert facts_of(hall, Place).commune == "Arès"
    assert hall.data["insee"] == "33011"


def test_an_exhibition_of_537_days_ends_with_the_last(corpus: Path) -> None:
    file = next((corpus / "datatourisme").glob("49-*.json"))
    (show,) = read("datatourisme", file)
    facts = facts_of(show, Event)
    assert facts.all_day
    assert facts.commune == "Saumur"
    assert show.body.keys() == {"de", "en", "it", "fr", "nl", "es"}
    assert set(show.data["machine_translated"] or ()) >= {"en", "nl", "es"}  # type: ignore[arg-type]  # a list
    assert show.data["creator"] == "eSPRIT Pays de la Loire"
    assert show.observed_at == instant("2023-11-08T00:00:00+01:00")


def test_a_wine_estate_s_old_periods_say_nothing_of_today(corpus: Path) -> None:
    file = next((corpus / "datatourisme").glob("32-*.json"))
    (estate,) = read("datatourisme", file)
    facts = facts_of(estate, Place)
    assert facts.hours == ""
    assert facts.wheelchair == "yes"
    assert facts.phone == "+33 4 67 93 43 75"
    assert facts.address == "Chemin de Soustres, 34310 Montady"


def test_a_restaurant_had_hours_while_its_periods_ran(corpus: Path) -> None:
    file = next((corpus / "datatourisme").glob("30-0049*.json"))
    then = datetime(2023, 11, 10, 12, tzinfo=UTC)
    context = Context(dataset="d", source="s", licence="l", observed_at=then, now=then)
    (inn,) = list(load("datatourisme").parse(file.read_bytes(), context))
    assert isinstance(inn, Record)
    hours = facts_of(inn, Place).hours
    assert hours == (
        "unknown; 2023 Sep 01-2023 Dec 31 off; "
        "2023 Sep 01-2023 Dec 31 Mo,Th,Fr,Sa,Su 12:00-14:00,19:00-20:30"
    )
    assert facts_of(inn, Place).sort == "amenity=restaurant"
