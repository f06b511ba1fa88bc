"""Notices and alerts: what holds, how grave, until when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kiosk.domain.facts import Level, Notice
from tests.unit.ui.views.world import NOW, World, utc
from ui.views.notices import build_notice, build_notices, gravity, notices_now, topic_of

LEVELS: tuple[Level, ...] = ("info", "red", "yellow", "orange")


def rows(world: World) -> list[str]:
    return [row.heading for row in build_notices(world.context("notices"), "s").rows]


def test_the_gravest_comes_first(world: World) -> None:
    world.put([Notice(level=level) for level in LEVELS], titles=LEVELS)
    assert rows(world) == ["red", "orange", "yellow", "info"]


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [
        (None, None, True),
        (NOW - timedelta(hours=1), NOW + timedelta(hours=1), True),
        (NOW, None, True),
        (NOW + timedelta(seconds=1), None, False),
        (None, NOW, False),
    ],
)
def test_only_what_holds_now_is_listed(
    world: World, starts: datetime | None, ends: datetime | None, *, holds: bool
) -> None:
    world.put([Notice()], valid_from=starts, valid_until=ends)
    assert bool(rows(world)) is holds


def test_an_alert_says_its_level_and_its_end(world: World) -> None:
    world.put([Notice(level="yellow", topic="wind")], valid_until=utc(23, 21))
    (row,) = build_notices(world.context("notices"), "s").rows
    assert row.state_text == "Vigilance jaune, jusqu’à demain 21\u00a0h"
    assert (row.tone, row.glyph, row.state_glyph) == ("warn", "wind", "alert-triangle")


def test_an_information_without_an_end_says_no_state(world: World) -> None:
    world.put([Notice()])
    (row,) = build_notices(world.context("notices"), "s").rows
    assert (row.state_text, row.tone) == ("", "muted")


@pytest.mark.parametrize(("level", "icon"), [("info", "info-circle"), ("orange", "alert-triangle")])
def test_a_notice_without_a_topic_has_an_icon_all_the_same(
    world: World, level: Level, icon: str
) -> None:
    world.put([Notice(level=level)])
    context = world.context("notices")
    (one,) = notices_now(context, context.territory.services[0])
    assert topic_of(one) == icon
    assert (gravity(one) > 0) is (level != "info")


def test_nothing_to_report_is_said(world: World) -> None:
    frame = build_notices(world.context("notices"), "s")
    assert frame.empty == "Rien à signaler en ce moment."
    assert frame.spoken[-1] == frame.empty


@pytest.mark.parametrize(
    ("level", "tone"), [("info", "muted"), ("yellow", "warn"), ("orange", "bad"), ("red", "bad")]
)
def test_a_notices_page_has_the_tone_of_its_level(world: World, level: Level, tone: str) -> None:
    world.put([Notice(level=level)], titles=["Vent"], body={"fr": "Rentrez."})
    frame = build_notice(world.context("notices"), "d/0")
    assert (frame.verdict, frame.rest, frame.tone) == ("Vent", "Rentrez.", tone)


def test_a_notices_page_says_until_when_and_whom_to_call(world: World) -> None:
    world.put([Notice()], valid_until=utc(27, 24))
    frame = build_notice(world.context("notices", phone="112"), "d/0")
    assert [row.heading for row in frame.rows] == ["Jusqu’à vendredi minuit", "112"]


def test_a_notice_that_is_gone_says_so(world: World) -> None:
    assert build_notice(world.context("notices"), "d/0").empty


def test_a_list_row_opens_the_notice(world: World) -> None:
    world.put([Notice()])
    (row,) = build_notices(world.context("notices"), "s").rows
    assert (row.route, row.argument) == ("notice", "d/0")
