"""The agenda and an event's page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from kiosk.domain.facts import Event
from kiosk.domain.freshness import State
from tests.unit.ui.views.world import World, utc
from ui.context import Context
from ui.views.agenda import build_agenda
from ui.views.events import ASSUMED, build_event, happening, to_come
from ui.views.records import known_at


def titles(world: World) -> list[str]:
    return [row.heading for row in build_agenda(world.context(), "s").rows]


def test_events_come_in_the_order_of_their_start(world: World) -> None:
    world.put([Event(starts_at=utc(25)), Event(starts_at=utc(23))], titles=["later", "sooner"])
    assert titles(world) == ["sooner", "later"]


def test_what_is_over_is_gone(world: World) -> None:
    world.put([Event(starts_at=utc(22, 8), ends_at=utc(22, 10))])
    assert titles(world) == []


def test_what_runs_is_said_to_be_on_under_today(world: World) -> None:
    world.put([Event(starts_at=utc(20), ends_at=utc(25))])
    (row,) = build_agenda(world.context(), "s").rows
    assert row.section == "Aujourd’hui, dimanche 22 novembre"
    assert (row.state_text, row.trailing, row.tone) == ("en ce moment", "", "good")


def test_an_event_without_an_end_is_kept_for_a_while(world: World) -> None:
    world.put([Event(starts_at=utc(22, 10))])
    assert titles(world) == ["N0"]
    world.clock.move(ASSUMED.total_seconds())
    assert titles(world) == []


def test_an_event_of_the_whole_day_lasts_until_midnight(world: World) -> None:
    world.put([Event(starts_at=utc(22), all_day=True)])
    world.clock.move(13 * 3600)  # 23:42
    assert titles(world) == ["N0"]
    world.clock.move(3600)
    assert titles(world) == []


def test_an_end_before_the_start_is_taken_for_the_start(world: World) -> None:
    world.put([Event(starts_at=utc(23, 9), ends_at=utc(22, 9))])
    context = world.context()
    found = known_at(context, "d/0", Event)
    assert found is not None
    one = happening(context, found)
    assert one.end - one.start == timedelta(0)


def test_a_row_says_when_and_where_and_opens_the_event(world: World) -> None:
    world.put([Event(starts_at=utc(23, 8), ends_at=utc(23, 13), place="Halles", commune="Sées")])
    (row,) = build_agenda(world.context(), "s").rows
    assert (row.trailing, row.state_text) == ("08:00", "de 8\u00a0h à 13\u00a0h")
    assert row.detail == "Halles, Sées"
    assert (row.route, row.argument) == ("event", "d/0")


def test_an_empty_agenda_says_whom_to_ask(world: World) -> None:
    frame = build_agenda(world.context(), "s")
    assert frame.age.state is State.ABSENT
    assert "02 00 00 00 00" in frame.empty


def test_the_agenda_is_spoken_day_by_day(world: World) -> None:
    world.put([Event(starts_at=utc(23, 8))], titles=["Marché"])
    spoken = build_agenda(world.context(), "s").spoken
    assert spoken[0] == "Service, ce qui vient."
    assert spoken[1].startswith("Demain, lundi 23 novembre. Marché, 08:00")


def test_demo_events_are_marked(world: World) -> None:
    world.put([Event(starts_at=utc(23, 8))], demo=True)
    frame = build_agenda(world.context(), "s")
    assert frame.rows[0].demo
    assert frame.age.demo


def test_the_page_of_an_event_says_the_day_large(world: World) -> None:
    world.put([Event(starts_at=utc(23, 20, 30), place="Théâtre", commune="Sées", price="8 €")])
    frame = build_event(world.context(), "d/0")
    assert (frame.verdict, frame.rest) == ("Demain", "Lundi 23 novembre, à 20\u00a0h\u00a030")
    assert [(row.heading, row.detail) for row in frame.rows] == [
        ("Théâtre", "Sées"),
        ("8 €", "Prix"),
    ]


def test_an_event_can_be_taken_away(world: World) -> None:
    world.put([Event(starts_at=utc(23, 20))])
    action = build_event(world.context(), "d/0").action
    assert (action.route, action.argument) == ("takeaway", "event/d/0")


def test_an_events_body_is_shown(world: World) -> None:
    world.put([Event(starts_at=utc(23))], body={"fr": "Venez.", "en": "Come."})
    frame = build_event(world.context(language="en"), "d/0")
    assert [(row.heading, row.detail) for row in frame.rows] == [("Good to know", "Come.")]


def test_a_commune_alone_is_a_place(world: World) -> None:
    world.put([Event(starts_at=utc(23), commune="Sées")])
    (row,) = build_event(world.context(), "d/0").rows
    assert (row.heading, row.detail) == ("Sées", "")


@pytest.mark.parametrize("path", ["d/99", "nowhere/0", ""])
def test_an_event_that_is_gone_says_so(world: World, path: str) -> None:
    world.put([Event(starts_at=utc(23))])
    frame = build_event(world.context(), path)
    assert frame.empty
    assert frame.action.title == ""


def test_the_whole_demo_agenda_can_be_opened(orne: Callable[..., Context]) -> None:
    context = orne()
    service = context.territory.service("agenda")
    coming = to_come(context, service)
    assert len(coming) > 10
    assert all(build_event(context, one.known.path).verdict for one in coming)


HOLIDAYS = Event(
    starts_at=utc(19) + timedelta(days=30), ends_at=utc(4) + timedelta(days=61), all_day=True
)


def test_an_event_of_several_days_says_its_last_day(world: World) -> None:
    world.put([HOLIDAYS], titles=["Vacances de Noël"])
    (row,) = build_agenda(world.context(), "s").rows
    assert row.section == "Samedi 19 décembre"
    assert (row.state_text, row.trailing) == ("jusqu’au dimanche 3 janvier", "")
    assert build_event(world.context(), "d/0").rest == (
        "Samedi 19 décembre, jusqu’au dimanche 3 janvier"
    )


def test_a_running_event_of_several_days_says_both(world: World) -> None:
    world.put([Event(starts_at=utc(20), ends_at=utc(25), all_day=True)])
    (row,) = build_agenda(world.context(), "s").rows
    assert row.state_text == "en ce moment, jusqu’au mardi 24 novembre"


def test_an_event_whose_end_is_its_next_midnight_is_one_day(world: World) -> None:
    world.put([Event(starts_at=utc(24), ends_at=utc(25), all_day=True)])
    (row,) = build_agenda(world.context(), "s").rows
    assert row.state_text == "toute la journée"


def test_the_demos_school_calendar_shows_changes_and_holidays(
    orne: Callable[..., Context],
) -> None:
    rows = build_agenda(orne(), "calendrier").rows
    titles = [row.heading for row in rows]
    assert "Vacances de Noël" in titles
    assert "Jour férié\u00a0: Noël" in titles
    assert all(row.demo == (row.key.split("/")[0] == "ecole-changements") for row in rows)
