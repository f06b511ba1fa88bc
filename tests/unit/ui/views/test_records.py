"""Records with their facts: foreign and damaged ones never reach a screen."""

from __future__ import annotations

from kiosk.domain.facts import Event, Notice, Place
from kiosk.domain.freshness import State
from kiosk.domain.record import Record
from tests.unit.ui.views.world import NOW, World, utc
from ui.views.records import (
    age_of_all,
    known,
    known_at,
    nothing_known,
    records_of,
    service_of,
    sources,
)


def damaged() -> Record:
    return Record(
        id="broken",
        dataset="d",
        kind="place",
        title={"fr": "Abîmé"},
        source="?",
        licence="?",
        observed_at=NOW,
        data={"hours": 12},
    )


def test_only_the_kind_asked_for_is_given(world: World) -> None:
    world.put([Place()], dataset="p")
    world.put([Event(starts_at=utc(22))], dataset="e")
    context = world.context()
    service = context.territory.services[0]
    assert [one.path for one in known(context, service, Event)] == ["e/0"]
    assert len(records_of(context, service)) == 2


def test_a_damaged_record_is_left_out(world: World) -> None:
    world.declare("d", "place")
    world.publish("d", [damaged()])
    context = world.context()
    assert known(context, context.territory.services[0], Place) == []
    assert known_at(context, "d/broken", Place) is None


def test_a_record_is_found_by_its_path(world: World) -> None:
    world.put([Place(phone="112")])
    found = known_at(world.context(), "d/0", Place)
    assert found is not None
    assert found.facts.phone == "112"


def test_a_record_of_another_kind_is_not_found(world: World) -> None:
    world.put([Notice()])
    assert known_at(world.context(), "d/0", Place) is None


def test_an_unknown_path_finds_nothing(world: World) -> None:
    world.put([Place()])
    context = world.context()
    assert known_at(context, "d/99", Place) is None
    assert known_at(context, "elsewhere/0", Place) is None
    assert service_of(context, "elsewhere/0") is None


def test_the_service_of_a_record_is_the_one_that_shows_its_dataset(world: World) -> None:
    world.put([Place()])
    found = service_of(world.context(), "d/0")
    assert found is not None
    assert found.id == "s"


def test_the_oldest_record_gives_the_age(world: World) -> None:
    world.put([Place()])
    world.clock.move(40 * 86_400)
    context = world.context()
    age = age_of_all(context, known(context, context.territory.services[0], Place))
    assert age.state is State.LAST_GOOD


def test_without_records_the_age_says_to_ask(world: World) -> None:
    assert age_of_all(world.context(), []).state is State.ABSENT


def test_the_services_own_number_is_given_when_nothing_is_known(world: World) -> None:
    context = world.context(phone="3237")
    assert "3237" in nothing_known(context, context.territory.services[0])
    assert context.territory.phone in nothing_known(context, None)


def test_each_source_is_named_once(world: World) -> None:
    world.put([Place()], dataset="a")
    world.put([Place()], dataset="b")
    context = world.context()
    said = sources(context, context.territory.services[0])
    assert said == "Source\u00a0: Mairie (Licence Ouverte 2.0)."


def test_an_event_that_is_written_ahead_waits_for_its_day(world: World) -> None:
    world.put([Event(starts_at=utc(30, 10))], valid_from=utc(25))
    context = world.context()
    assert known(context, context.territory.services[0], Event) == []
    world.clock.move(4 * 86_400)
    assert len(known(context, context.territory.services[0], Event)) == 1
