from __future__ import annotations

import time
from datetime import UTC, datetime

import msgspec
import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, Place, Price, Timing, Walk, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors.apidae.connector import parse
from sync.connectors.apidae.periods import DAILY, DAYS_MAX
from sync.connectors.base import Context, Item, guarded
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
CONTEXT = Context(dataset="apidae", source="Office", licence="LO", observed_at=NOW, now=NOW)


def read(raw: bytes) -> list[Item]:
    return list(guarded(parse, raw, CONTEXT, manifest_of("apidae"), time.monotonic))


def fixture() -> list[Item]:
    return read((FOLDER / "apidae" / "fixtures" / "objects.json").read_bytes())


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def one(**fields: Json) -> Record:
    thing: dict[str, Json] = {"id": 1, "nom": {"libelleFr": "A"}}
    (record,) = records(read(msgspec.json.encode(thing | fields))).values()
    return record


def event(*periods: Json) -> Event:
    kind = "FETE_ET_MANIFESTATION"
    return facts_of(one(type=kind, ouverture={"periodesOuvertures": [*periods]}), Event)


def utc(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def test_a_feast_is_an_event_with_each_of_its_days() -> None:
    fair = records(fixture())["801"]
    assert fair.kind == "event"
    assert facts_of(fair, Event) == Event(
        starts_at=utc(28, 8),
        ends_at=utc(28, 17),
        place="Champ de foire, Route du Mans",
        commune="Val-Inventé",
        price="Entrée : 3 €",
        timings=(
            Timing(starts_at=utc(28, 8), ends_at=utc(28, 17)),
            Timing(starts_at=utc(29, 8), ends_at=utc(29, 17)),
        ),
    )
    assert fair.valid_until == utc(29, 17)


def test_texts_are_told_in_every_language() -> None:
    fair = records(fixture())["801"]
    assert fair.title == {"fr": "Foire aux arbres", "en": "Tree fair"}
    assert fair.body == {"fr": "Arbres et fleurs.\nCinquante pépinières.", "en": "Fifty nurseries."}
    assert fair.data["prices_told"] == {"fr": "Entrée : 3 €", "en": "3 €"}
    assert fair.data["open"] == {"fr": "Les 28 et 29 novembre."}


def test_the_owner_and_the_last_change_travel_with_the_record() -> None:
    fair = records(fixture())["801"]
    assert fair.data["owner"] == "Office de tourisme inventé"
    assert fair.observed_at == datetime(2026, 10, 2, 15, 52, 27, 974000, tzinfo=UTC)
    assert (fair.data["insee"], fair.data["email"]) == ("61999", "foire@example.org")
    assert fair.geo == Geo(lat=48.61, lon=0.11)


def test_an_itinerary_is_a_walk() -> None:
    walk = records(fixture())["802"]
    assert walk.kind == "walk"
    assert facts_of(walk, Walk) == Walk(
        distance_m=8400,
        ascent_m=140,
        duration_min=150,
        loop=True,
        difficulty={"fr": "Niveau bleu – Moyen", "en": "Level blue – medium"},
        practice={"fr": "Itinéraire de randonnée pédestre", "en": "Hiking itinerary"},
        access={"fr": "Parking de la mairie"},
        commune="Val-Inventé",
    )
    assert walk.data["advice"] == {"fr": "Gué en hiver"}
    assert walk.data["marks"] == {"fr": "Jaune"}


def test_an_empty_form_s_zero_is_no_position() -> None:
    assert records(fixture())["802"].geo is None


def test_a_shop_is_a_place() -> None:
    farm = records(fixture())["803"]
    assert farm.geo == Geo(lat=48.7, lon=0.2)
    assert facts_of(farm, Place) == Place(
        address="La Ferme, Le Bas, 61998 Bourg-Fictif",
        commune="Bourg-Fictif",
        phone="02 33 00 00 63",
        hours_note={"fr": "Du 01/05 au 31/10.", "en": "From 01/05 to 31/10."},
        access={"fr": "Accessible en poussette · Accessible en fauteuil roulant"},
        prices=(Price(label={"fr": "Gratuit", "en": "Free"}, cents=0),),
        website="https://ferme.example.org",
    )


def test_bad_objects_are_rejected_with_the_reason() -> None:
    assert {item.where: item.why for item in fixture() if isinstance(item, Reject)} == {
        "object 804": "no date that can be read",
        "object 805": "not a date: 31/02/2026",
        "object 806": "no name or no id",
        "object 7": "no name or no id",
    }


def test_days_without_hours_are_whole() -> None:
    found = event({"dateDebut": "2026-11-28", "dateFin": "2026-11-29"})
    assert found.all_day
    assert (found.starts_at, found.ends_at) == (utc(27, 23), utc(29, 23))


def test_a_single_day_needs_no_end() -> None:
    found = event({"dateDebut": "2026-11-28", "horaireOuverture": "20:30:00"})
    assert (found.starts_at, found.ends_at) == (utc(28, 20).replace(hour=19, minute=30), None)


@pytest.mark.parametrize("sort", ["OUVERTURE_SEMAINE", "OUVERTURE_SAUF", ""])
def test_hours_of_some_days_are_not_taken_for_every_day(sort: str) -> None:
    period: Json = {
        "dateDebut": "2026-11-28",
        "dateFin": "2026-11-30",
        "horaireOuverture": "09:00:00",
        "type": sort,
    }
    assert event(period).timings == ()


def test_a_period_of_years_is_not_told_day_by_day() -> None:
    period: Json = {
        "dateDebut": "2026-01-01",
        "dateFin": "2029-12-31",
        "horaireOuverture": "09:00:00",
        "type": DAILY,
    }
    assert event(period).timings == ()
    assert DAYS_MAX < 365


@pytest.mark.parametrize(
    ("sort", "loop"), [("BOUCLE", True), ("ALLER_RETOUR", False), ("AUTRE", None), ("", None)]
)
def test_a_loop_is_told_or_unknown(sort: str, loop: bool | None) -> None:
    walk = one(informationsEquipement={"itineraire": {"itineraireType": sort}})
    assert facts_of(walk, Walk).loop is loop


@pytest.mark.parametrize("distance", [None, 0, -3, "loin"])
def test_an_impossible_length_is_unknown(distance: Json) -> None:
    walk = one(informationsEquipement={"itineraire": {"distance": distance}})
    assert facts_of(walk, Walk) == Walk()


def test_a_place_of_which_little_is_known_says_little() -> None:
    assert facts_of(one(), Place) == Place()


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b'{"errorType": "X", "message": "bad key"}', "Apidae answers: bad key"),
        (b"[]", "not Apidae"),
        (b'{"id": 1, "libelleFr": "x"}', "not Apidae"),
        (b'{"objetsTouristiques": {}}', "not Apidae"),
    ],
)
def test_another_answer_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(InputRefused, match=why):
        read(raw)
