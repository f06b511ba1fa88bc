from __future__ import annotations

import time
from datetime import UTC, datetime

import msgspec
import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, Place, Timing, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.openagenda.connector import parse
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
CONTEXT = Context(dataset="agenda", source="Agenda", licence="LO", observed_at=NOW, now=NOW)
SITTING: dict[str, Json] = {"begin": "2026-12-01T18:00:00", "end": "2026-12-01T19:00:00"}


def read(raw: bytes) -> list[Item]:
    return list(guarded(parse, raw, CONTEXT, manifest_of("openagenda"), time.monotonic))


def fixture(name: str) -> list[Item]:
    return read((FOLDER / "openagenda" / "fixtures" / f"{name}.json").read_bytes())


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def one(**fields: Json) -> Record:
    event: dict[str, Json] = {"uid": 1, "title": "Bal", "timings": [SITTING]}
    (record,) = records(read(msgspec.json.encode({"event": event | fields}))).values()
    return record


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year, month, day …


def test_an_event_has_all_its_sittings_and_starts_with_the_next() -> None:
    facts = facts_of(records(fixture("v2"))["501"], Event)
    assert facts == Event(
        starts_at=utc(2026, 11, 23, 9),
        ends_at=utc(2026, 11, 23, 17),
        place="Halle au blé, Place du Marché",
        commune="Val-Inventé",
        price="Entrée libre",
        timings=(
            Timing(starts_at=utc(2026, 11, 20, 9), ends_at=utc(2026, 11, 20, 17)),
            Timing(starts_at=utc(2026, 11, 23, 9), ends_at=utc(2026, 11, 23, 17)),
        ),
    )


def test_an_event_speaks_its_languages_without_markup() -> None:
    fair = records(fixture("v2"))["501"]
    assert fair.title == {"fr": "Fête du lin", "en": "Flax fair"}
    assert fair.body == {
        "fr": "Tissage et musique\nToute la journée.\nAu bord de l’eau.",
        "en": "Weaving and music",
    }


def test_an_event_stands_where_its_location_is() -> None:
    assert records(fixture("v2"))["501"].geo == Geo(lat=48.61, lon=0.11)
    assert records(fixture("v2"))["502"].geo is None
    assert records(fixture("v1"))["601"].geo == Geo(lat=48.7, lon=0.2)


def test_an_event_is_believed_until_its_last_sitting_is_over() -> None:
    assert records(fixture("v2"))["501"].valid_until == utc(2026, 11, 23, 17)


def test_the_details_of_an_event_are_kept() -> None:
    data = records(fixture("v2"))["501"].data
    assert data["agenda"] == "Agenda du Val"
    assert data["url"] == "https://openagenda.com/agenda-du-val/events/fete-du-lin"
    assert data["keywords"] == ["lin", "musique"]
    assert data["conditions"] == {"fr": "Entrée libre", "en": "Free entry"}
    assert (data["age_min"], data["age_max"]) == (6, 99)
    assert data["access"] == ["hi", "mi"]
    assert (data["online"], data["full"], data["moderated"]) == (False, False, True)


def test_a_short_list_has_the_first_and_last_sitting() -> None:
    webinar = records(fixture("v2"))["502"]
    assert facts_of(webinar, Event).starts_at == utc(2026, 12, 1, 18)
    assert len(facts_of(webinar, Event).timings) == 2
    assert webinar.data["online"] is True
    assert webinar.data["full"] is True
    assert webinar.data["moderated"] is False


def test_events_that_are_not_to_be_shown_are_rejected_with_the_reason() -> None:
    assert rejects(fixture("v2")) == {
        "event 503": "cancelled",
        "event 504": "postponed",
        "event 505": "draft: not to be shown",
        "event 506": "refused by the agenda's moderators",
        "event 507": "no date that can be read",
        "event 508": "it ends before it starts: 2026-12-01T19:00:00+00:00",
        "event 9": "no uid",
        "event 510": "no title to call it by",
        "event 511": "not an ISO time: demain",
    }


def test_version_1_has_its_place_beside_the_event() -> None:
    ball = records(fixture("v1"))["601"]
    facts = facts_of(ball, Event)
    assert (facts.place, facts.commune) == ("Salle des fêtes, 1 rue Haute", "Bourg-Fictif")
    assert facts.starts_at == utc(2026, 11, 28, 20)
    assert facts.price == "5 €"
    assert ball.body == {"fr": "Bal"}
    assert ball.data["url"] == "https://openagenda.com/events/bal"
    assert ball.data["access"] == ["mi"]


def test_an_update_in_the_future_is_of_the_reading() -> None:
    assert records(fixture("v1"))["601"].observed_at == NOW
    assert records(fixture("v2"))["501"].observed_at == utc(2026, 11, 10, 8)


def test_first_and_last_days_are_sittings_too() -> None:
    facts = facts_of(records(fixture("v1"))["602"], Event)
    assert facts.starts_at == utc(2026, 11, 30, 9)
    assert facts.timings[0].starts_at == utc(2026, 11, 1, 9)


def test_days_with_hours_are_sittings_past_midnight_too() -> None:
    facts = facts_of(records(fixture("v1-data"))["701"], Event)
    assert facts.place == "Bibliothèque, 4 rue du Four"
    assert facts.timings[1] == Timing(starts_at=utc(2026, 12, 12, 20), ends_at=utc(2026, 12, 13, 0))


def test_an_impossible_hour_is_rejected() -> None:
    assert rejects(fixture("v1-data")) == {"event 702": "not a time of day: 25:00:00"}


@pytest.mark.parametrize(
    ("fields", "hour"),
    [
        ({}, 17),
        ({"timezone": "America/Guadeloupe"}, 22),
        ({"location": {"timezone": "Indian/Reunion"}}, 14),
        ({"timezone": "Mars/Olympus"}, 17),
        ({"timezone": "../etc"}, 17),
    ],
)
def test_a_time_without_offset_is_of_the_events_own_zone(
    fields: dict[str, Json], hour: int
) -> None:
    assert facts_of(one(**fields), Event).starts_at.astimezone(UTC).hour == hour


@pytest.mark.parametrize("slug", ["", "a/b", "é", "x y"])
def test_no_link_is_made_of_an_odd_slug(slug: str) -> None:
    assert one(slug=slug, originAgenda={"slug": "agenda"}).data["url"] == ""


@pytest.mark.parametrize("name", ["private", "draft"])
@pytest.mark.parametrize("value", [True, 1])
def test_private_and_draft_are_told_by_flag_or_number(name: str, value: Json) -> None:
    event: Json = {"uid": 1, "title": "Bal", "timings": [SITTING], name: value}
    (item,) = read(msgspec.json.encode({"events": [event]}))
    assert item == Reject(where="event 1", why=f"{name}: not to be shown")


def test_a_location_is_a_place() -> None:
    hall = records(fixture("locations"))["location/31"]
    assert hall.kind == "place"
    assert hall.title == {"fr": "Halle au blé"}
    assert facts_of(hall, Place) == Place(
        address="Place du Marché",
        commune="Val-Inventé",
        phone="+33233000031",
        access={"fr": "Bus 2, arrêt Marché"},
        website="https://halle.example.org",
    )


def test_a_location_without_name_or_number_is_rejected() -> None:
    assert rejects(fixture("locations")) == {
        "location 32": "no title to call it by",
        "location 3": "no uid",
    }


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b'{"agendas": []}', "no events and no locations"),
        (b'{"message": "location not found"}', "OpenAgenda answers: location not found"),
        (b'{"error": "invalid key"}', "OpenAgenda answers: invalid key"),
        (b"[]", "no events and no locations"),
        (b'{"event": 3}', "no events and no locations"),
    ],
)
def test_another_answer_is_refused_in_its_own_words(raw: bytes, why: str) -> None:
    with pytest.raises(InputRefused, match=why):
        read(raw)
