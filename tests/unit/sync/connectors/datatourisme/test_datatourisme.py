from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, Place, Walk, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.datatourisme.connector import parse
from sync.connectors.datatourisme.hours import DAYS, RULES_MAX, hours_of
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
TODAY = date(2026, 11, 22)
CONTEXT = Context(dataset="dt", source="DATAtourisme", licence="LO", observed_at=NOW, now=NOW)


def read(raw: bytes) -> list[Item]:
    return list(guarded(parse, raw, CONTEXT, manifest_of("datatourisme"), time.monotonic))


def fixture(name: str) -> list[Item]:
    return read((FOLDER / "datatourisme" / "fixtures" / f"{name}.json").read_bytes())


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def span(opens: str, closes: str, *days: str, **period: str) -> Json:
    """Give a specification; ``period`` has since and until."""
    return {
        "opens": opens,
        "closes": closes,
        "dayOfWeek": [{"id": f"schema:{day}"} for day in days],
        "validFrom": period.get("since", ""),
        "validThrough": period.get("until", ""),
    }


def test_a_place_has_its_facts() -> None:
    inn = records(fixture("objects"))["aaaa-1"]
    assert inn.kind == "place"
    assert inn.geo == Geo(lat=48.61, lon=0.11)
    assert facts_of(inn, Place) == Place(
        address="1 quai du Lavoir, Le Bas, 61999 Val-Inventé",
        commune="Val-Inventé",
        phone="+33 2 33 00 00 41",
        hours="unknown; 2026 Sep 01-2026 Dec 31 off; 2026 Sep 01-2026 Dec 31 Fr 12:00-14:00; "
        "2026 Sep 01-2026 Dec 31 Sa 12:00-14:00,19:00-22:00",
        hours_note={"fr": "Fermé le mardi."},
        website="https://auberge.example.org/",
        sort="amenity=restaurant",
        wheelchair="yes",
    )


def test_texts_come_in_every_language_the_longest_first() -> None:
    inn = records(fixture("objects"))["aaaa-1"]
    assert inn.title == {"fr": "Auberge du Lin", "en": "Flax Inn"}
    assert inn.body == {
        "fr": "Cuisine du pays, terrasse au bord de l’eau.",
        "de": "Küche der Region.",
        "en": "Local cooking.",
    }


def test_who_made_and_who_translated_it_travels_with_the_record() -> None:
    data = records(fixture("objects"))["aaaa-1"].data
    assert data["creator"] == "Office de tourisme inventé"
    assert data["publisher"] == "Département inventé"
    assert data["machine_translated"] == ["de"]
    assert data["themes"] == ["Gastronomie"]
    assert (data["insee"], data["identifier"]) == ("61999", "PLACE1")


def test_an_object_is_dated_by_its_last_update() -> None:
    found = records(fixture("objects"))
    assert found["aaaa-1"].observed_at == datetime(2026, 10, 31, 23, tzinfo=UTC)
    assert found["aaaa-2"].observed_at == NOW


def test_an_event_has_its_periods() -> None:
    market = records(fixture("objects"))["aaaa-2"]
    facts = facts_of(market, Event)
    assert market.title == {"fr": "Marché de Noël"}
    assert facts.starts_at == datetime(2026, 12, 4, 23, tzinfo=UTC)
    assert facts.ends_at == market.valid_until == datetime(2026, 12, 6, 23, tzinfo=UTC)
    assert facts.timings[0].starts_at == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert (facts.place, facts.commune) == ("Place du Marché", "Val-Inventé")
    assert not facts.all_day


def test_an_event_may_have_its_days_alone() -> None:
    show = records(fixture("graph"))["bbbb-1"]
    facts = facts_of(show, Event)
    assert facts.all_day
    assert facts.starts_at == datetime(2026, 11, 26, 23, tzinfo=UTC)
    assert len(facts.timings) == 2


def test_a_tour_is_a_walk() -> None:
    loop = records(fixture("objects"))["aaaa-3"]
    assert loop.kind == "walk"
    assert facts_of(loop, Walk) == Walk(distance_m=4200, duration_min=75)


def test_names_without_prefix_are_the_same() -> None:
    museum = records(fixture("objects"))["aaaa-4"]
    assert museum.title == {"fr": "Musée du Lin"}
    assert museum.geo == Geo(lat=48.5, lon=0.3)
    assert facts_of(museum, Place).sort == "tourism=museum"
    assert facts_of(museum, Place).wheelchair == "no"


def test_a_place_may_hold_its_address_itself() -> None:
    mill = records(fixture("graph"))["bbbb-2"]
    assert mill.geo == Geo(lat=48.4, lon=0.4)
    assert facts_of(mill, Place) == Place(address="Le Moulin", hours="Mo 09:00-18:00")


def test_what_is_no_object_is_rejected_by_its_name() -> None:
    rejects = {item.where: item.why for item in fixture("objects") if isinstance(item, Reject)}
    assert rejects == {
        "https://data.datatourisme.fr/61/aaaa-5": "no date that can be read",
        "https://data.datatourisme.fr/61/aaaa-6": "no title to call it by",
        "object 7": "no identifier",
        "0/00/aaaa-7.json": "no type: not an object (an index names files only)",
    }


def test_a_file_of_one_object_is_read() -> None:
    raw = b'{"@id": "x/1", "@type": ["PlaceOfInterest"], "rdfs:label": {"fr": ["Seul"]}}'
    assert records(read(raw)).keys() == {"1"}


@pytest.mark.parametrize("raw", [b"{}", b'"a"', b"[1]", b'{"features": []}', b"[[]]", b"null"])
def test_another_format_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused, match="not DATAtourisme"):
        read(raw)


def test_hours_without_period_always_hold() -> None:
    assert hours_of([span("09:00", "12:00:00", "Monday", "Sunday")], TODAY) == "Mo,Su 09:00-12:00"


def test_hours_without_day_are_of_every_day() -> None:
    assert hours_of([span("09:00", "12:00")], TODAY) == "Mo,Tu,We,Th,Fr,Sa,Su 09:00-12:00"


def test_each_day_has_a_short_name() -> None:
    named = hours_of([span("09:00", "12:00", *DAYS)], TODAY)
    assert named == "Mo,Tu,We,Th,Fr,Sa,Su,PH 09:00-12:00"


def test_a_period_that_is_over_is_left_out() -> None:
    past = span("09:00", "12:00", "Monday", since="2026-01-01", until="2026-11-21")
    assert hours_of([past], TODAY) == ""
    assert hours_of([past, span("10:00", "12:00", "Friday")], TODAY) == "Fr 10:00-12:00"


def test_a_period_of_today_is_not_over() -> None:
    last = span("09:00", "12:00", "Sunday", since="2026-11-22", until="2026-11-22")
    assert hours_of([last], TODAY) == (
        "unknown; 2026 Nov 22-2026 Nov 22 off; 2026 Nov 22-2026 Nov 22 Su 09:00-12:00"
    )


@pytest.mark.parametrize("opens", ["", "9h", "25:00", "9:00", "09:60"])
def test_a_span_without_hours_leaves_all_unknown(opens: str) -> None:
    assert hours_of([span("09:00", "12:00", "Monday"), span(opens, "12:00", "Friday")], TODAY) == ""


def test_too_many_rules_are_not_written() -> None:
    periods = [
        span("09:00", "12:00", since=f"2027-01-{day:02}", until=f"2027-02-{day:02}")
        for day in range(1, 2 + RULES_MAX // 2)
    ]
    assert hours_of(periods, TODAY) == ""
    assert hours_of(periods[:-1], TODAY).count("off") == RULES_MAX // 2


def test_an_impossible_date_is_refused() -> None:
    with pytest.raises(InputRefused):
        hours_of([span("09:00", "12:00", since="2026-02-30", until="2026-12-31")], TODAY)


@pytest.mark.parametrize("nothing", [None, [], {}, "x", [[]]])
def test_nothing_said_is_nothing_known(nothing: Json) -> None:
    assert hours_of(nothing, TODAY) == ""
