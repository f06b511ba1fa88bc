"""Taking a screen away: the form that its kind asks for, and the same in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from kiosk.domain.facts import (
    Commune,
    Dish,
    Duty,
    Event,
    Facts,
    Gauge,
    Menu,
    Notice,
    Place,
    Step,
    Stop,
    WasteDay,
)
from kiosk.domain.record import Geo, Record
from kiosk.domain.takeaway import PAYLOAD_MAX, size
from tests.unit.ui.views.world import NOW, World, utc
from ui.context import Context
from ui.qr import code_of, matrix_of
from ui.views.takeaway import TakeawayFrame, build_takeaway

Orne = Callable[..., Context]
HERE = Geo(lat=48.4312, lon=0.0915)
DAY = date(2026, 11, 23)
POOL = Place(address="12 rue des Tilleuls", commune="Alençon", phone="02 61 91 00 20")


def taken(world: World, facts: Facts, what: str = "record", **common: Any) -> TakeawayFrame:
    world.put([facts], titles=["Le titre"], **common)
    return build_takeaway(world.context(), f"{what}/d/0")


def test_a_place_on_the_map_is_a_position(world: World) -> None:
    frame = taken(world, POOL, "place", geo=HERE)
    assert frame.payload == "geo:48.4312,0.0915"
    assert frame.what == "Un lieu, pour votre carte ou GPS"


def test_a_place_offers_its_contact_and_the_contact_its_place(world: World) -> None:
    place = taken(world, POOL, "place", geo=HERE)
    assert place.action.argument == "counter/d/0"
    counter = build_takeaway(world.context(), place.action.argument)
    assert counter.payload.startswith("BEGIN:VCARD")
    assert counter.action.argument == "place/d/0"


def test_a_place_off_the_map_is_a_contact(world: World) -> None:
    frame = taken(world, POOL, "place")
    assert "TEL;TYPE=work:02 61 91 00 20" in frame.payload
    assert frame.action.title == ""


def test_an_event_is_an_appointment_in_utc(world: World) -> None:
    event = Event(starts_at=utc(28, 20, 30), ends_at=utc(28, 22), place="Halle", commune="Sées")
    frame = taken(world, event, "event")
    assert "DTSTART:20261128T193000Z" in frame.payload
    assert "LOCATION:Halle\\, Sées" in frame.payload
    assert frame.rows[0].detail.startswith("samedi 28 novembre, 20\u00a0h\u00a030\nHalle, Sées")


def test_an_event_carried_off_twice_is_the_same_appointment(world: World) -> None:
    first = taken(world, Event(starts_at=utc(28, 20)), "event")
    world.clock.move(60)
    again = build_takeaway(world.context(), "event/d/0")
    uid = "UID:0.d@petit.alveole\r\n"
    assert uid in first.payload
    assert uid in again.payload


def test_a_whole_day_is_a_day_and_not_a_time(world: World) -> None:
    frame = taken(world, Event(starts_at=utc(28), all_day=True), "event")
    assert "DTSTART;VALUE=DATE:20261128" in frame.payload
    assert "DTEND;VALUE=DATE:20261129" in frame.payload
    assert "0\u00a0h" not in frame.rows[0].detail


def test_a_waste_day_is_a_reminder_of_that_day(world: World) -> None:
    frame = taken(world, WasteDay(day=DAY, commune="Sées", stream="glass"))
    assert "DTSTART;VALUE=DATE:20261123" in frame.payload


@pytest.mark.parametrize("facts", [Stop(), Commune(insee="61001")])
def test_what_lies_somewhere_is_a_position(world: World, facts: Facts) -> None:
    assert taken(world, facts, geo=HERE).payload.startswith("geo:")


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        (Menu(day=DAY, canteen="Les Tilleuls", dishes=(Dish(course="main", name="Riz"),)), "Riz"),
        (Step(where={"fr": "En mairie"}, papers={"fr": ["Une photo"]}), "• Une photo"),
        (Duty(starts_at=utc(22, 9), ends_at=utc(23, 9), place="p", phone="3237"), "3237"),
        (Notice(), "Le titre"),
        (Gauge(what="free_places", value=1, capacity=9), "Le titre"),
        (Stop(), "Le titre"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_everything_else_is_text(world: World, facts: Facts, line: str) -> None:
    frame = taken(world, facts)
    assert line in frame.payload.splitlines()
    assert "Source\u00a0: Mairie." in frame.payload


def test_facts_of_another_shape_leave_title_and_text(world: World) -> None:
    world.declare("d", "event")
    broken = Record(
        id="0",
        dataset="d",
        kind="event",
        title={"fr": "Le titre"},
        body={"fr": "Le texte"},
        source="Mairie",
        licence="CC0",
        observed_at=NOW,
        data={"starts_at": 5},
    )
    world.publish("d", [broken])
    payload = build_takeaway(world.context(), "event/d/0").payload
    assert payload.startswith("Le titre\nLe texte")


def test_what_was_made_up_says_so_on_the_phone_too(world: World) -> None:
    assert "Démonstration" in taken(world, Event(starts_at=utc(28, 20)), demo=True).payload
    assert taken(world, Event(starts_at=utc(28, 20)), demo=True).rows[0].demo


def test_the_picture_is_that_of_the_payload(world: World) -> None:
    frame = taken(world, Notice())
    assert frame.code == code_of(matrix_of(frame.payload))


def test_the_page_says_what_it_is_how_to_scan_and_what_it_holds(world: World) -> None:
    frame = taken(world, POOL, "counter")
    assert frame.spoken[:2] == (f"{frame.what}.", frame.how)
    assert "12 rue des Tilleuls." in frame.spoken
    assert frame.rows[0].detail.splitlines()[0] == "12 rue des Tilleuls"


@pytest.mark.parametrize("path", ["", "place", "place/d", "place/x/0", "place/d/9", "departures/x"])
def test_what_is_not_there_cannot_be_carried_off(world: World, path: str) -> None:
    world.put([Notice()])
    frame = build_takeaway(world.context(), path)
    assert frame.code == ""
    assert frame.empty == "Il n’y a rien à emporter ici. Demandez à l’accueil."


def test_a_board_is_carried_off_with_times_of_day_and_lines(orne: Orne) -> None:
    frame = build_takeaway(orne(), "departures/bus")
    lines = frame.payload.splitlines()
    assert lines[0].endswith("dimanche 22 novembre 10:42")
    assert any(line[2:3] == ":" and "→" in line for line in lines[1:])
    assert lines[-1] == "Démonstration\u00a0: contenu inventé."


def test_nothing_of_the_pack_is_too_large_for_a_code(orne: Orne) -> None:
    context = orne()
    for name, dataset in context.territory.datasets.items():
        for dated in context.cache.records(name, dataset.policy, limit=5):
            for what in ("record", "counter"):
                frame = build_takeaway(context, f"{what}/{name}/{dated.value.id}")
                assert 0 < size(frame.payload) <= PAYLOAD_MAX
