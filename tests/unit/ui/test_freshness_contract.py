"""The freshness contract: nothing stale is shown as current, on any screen of the demonstration.

Every service of the pack is shown with its data aged at random, from seconds to years, while the
clock moves on. What may be believed no more is marked: by the screen's age, by its own row, by
its cell. What is withdrawn is gone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.app.console import Place as Folder
from kiosk.app.content import prepare
from kiosk.app.context import context_of
from kiosk.app.installed import OWN_PACKS, Installed, installed
from kiosk.domain.freshness import Freshness, State, judge
from kiosk.domain.record import Record
from kiosk.domain.territory import Service, ServiceKind
from kiosk.store.pack import load_pack
from tests.conftest import MovedClock
from tests.unit.ui.views.world import NOW
from ui.context import Context
from ui.glances import glance
from ui.routes import ROUTES
from ui.views.avalanche import SCALE
from ui.views.bathing import FLAGS
from ui.views.departures import board_of, build_departures
from ui.views.frame import Frame, Row, age_of
from ui.views.hive import build_hive

SERVICES = load_pack(OWN_PACKS / "orne").territory.services
MARKED = (State.LAST_GOOD, State.ABSENT)
DAY_S = 86_400
YEAR_S = 365 * DAY_S
WITHOUT_DATA = {"card"}  # what is on the reader, not what is in the content
BOARD_MAX = 20
MOST = max(len(one.datasets) for one in SERVICES)
SECONDS = st.one_of(
    st.sampled_from((0, 40 * YEAR_S)),
    st.integers(0, 7_200),
    st.integers(0, 10 * DAY_S),
    st.integers(0, 3 * YEAR_S),
)  # between them every policy's bounds
AGES = st.tuples(SECONDS, SECONDS)


class Demo:
    """The pack with its seeds, and the same kiosk with nothing in its content.

    No dataclass: hypothesis would print all of it with each counterexample.
    """

    def __init__(self, here: Installed, empty: Context) -> None:
        self.here = here
        self.empty = empty


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    here = installed(Folder(data=tmp_path_factory.mktemp("orne"), territory="orne"))
    bare = installed(Folder(data=tmp_path_factory.mktemp("empty"), territory="orne"))
    prepare(here, NOW)
    return Demo(here, context_of(bare, MovedClock(NOW)))


def services_of(kind: str) -> list[Service]:
    return [one for one in SERVICES if one.kind == kind]


KINDS = sorted({one.kind for one in SERVICES} - WITHOUT_DATA)


def aged(demo: Demo, ages: Mapping[str, tuple[int, int]]) -> None:
    """Observe each dataset's records so many seconds before NOW: every other one by the second."""
    now = int(NOW.timestamp())
    with closing(sqlite3.connect(demo.here.content.path)) as database, database:
        for name, (first, second) in ages.items():
            database.execute(
                "UPDATE record SET observed_at = ? - CASE WHEN no % 2 THEN ? ELSE ? END"
                " WHERE dataset_no = (SELECT no FROM dataset WHERE id = ?)",
                (now, first, second, name),
            )
            database.execute(
                "UPDATE dataset SET observed_at = ? WHERE id = ?", (now - min(first, second), name)
            )


@dataclass(frozen=True)
class Shown:
    """A service on its screen and in the hive, with all that is known of its data."""

    service: Service
    context: Context
    frame: Frame
    records: Mapping[str, tuple[Record, Freshness]]

    @property
    def states(self) -> set[State]:
        """The states of all data that may be shown."""
        found = {fresh.state for _, fresh in self.records.values()}
        board = board_of(self.context, self.service, limit=BOARD_MAX)
        return (found | {one.freshness.state for one in board}) - {State.ABSENT}

    def stale(self) -> bool:
        """Whether the screen as a whole says that it is old, or that nothing is known."""
        words, age = self.context.words, self.frame.age
        told = {State.LAST_GOOD: words("ancien"), State.ABSENT: words("pas d’information")}
        return told.get(age.state) == age.label

    def about(self, row: Row) -> list[tuple[Record, Freshness]]:
        """Give the record that a row speaks of, by its path in the key, else in the argument."""
        found = [
            [one for path, one in self.records.items() if f"/{path}/" in f"/{said}/"]
            for said in (row.key, row.argument)
        ]
        return found[0] or found[1]


def shown(demo: Demo, service: Service, moved: int = 0) -> Shown:
    """Show a service after so many seconds."""
    context = context_of(demo.here, MovedClock(NOW + timedelta(seconds=moved)))
    frame = ROUTES[service.kind].make(context, service.id).frame
    return Shown(service, context, frame, dict(everything(demo, context, service)))


def everything(
    demo: Demo, context: Context, service: Service
) -> Iterator[tuple[str, tuple[Record, Freshness]]]:
    """Give all records of a service, withdrawn ones too, by path, each judged here anew."""
    now = context.clock.now()
    for name in service.datasets:
        dataset = demo.here.pack.territory.datasets[name]
        lasting = replace(dataset.policy, withdraw=False)
        for dated in context.cache.records(name, lasting, limit=5_000):
            one = dated.value
            until = one.valid_until
            fresh = judge(one.observed_at, now, dataset.policy, valid_until=until)
            yield f"{name}/{one.id}", (one, fresh)


def unmarked(seen: Shown) -> list[str]:
    """Give what is shown as current without being so."""
    old = seen.context.words("ancien")
    faults: list[str] = []
    for row in seen.frame.rows:
        for record, fresh in seen.about(row):
            if fresh.state is State.ABSENT and not alive(seen, row):
                faults.append(f"withdrawn: {record.id}: {row.heading}")
            elif fresh.state is State.LAST_GOOD and not seen.stale() and old not in row.state_text:
                faults.append(f"old: {record.id}: {row.heading}")
    if seen.frame.rows and seen.service.datasets and not seen.states - {State.LAST_GOOD}:
        faults += [] if seen.stale() or not about_data(seen) else ["old: the whole screen"]
    return faults


def alive(seen: Shown, row: Row) -> bool:
    """Whether a row speaks also of a record that isn't withdrawn."""
    return any(fresh.state is not State.ABSENT for _, fresh in seen.about(row))


def about_data(seen: Shown) -> bool:
    """Whether any of the screen's rows speaks of a datum."""
    return any(seen.about(row) for row in seen.frame.rows)


def unmarked_glance(seen: Shown, empty: Context) -> list[str]:
    """Give what the cell says as current without being so."""
    said = glance(seen.context, seen.service)
    if not said.value or said.freshness.state in (State.LIVE, State.THEORY):
        fresh = seen.states & {State.LIVE, State.THEORY}
        return [] if fresh or not said.value else [f"old: {said.value}"]
    if said.freshness.state is State.LAST_GOOD:
        return []
    without = glance(empty, seen.service).value
    return [] if said.value == without else [f"of no age: {said.value}"]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None)
@given(which=st.integers(0, 99), ages=st.tuples(*[AGES] * MOST), moved=SECONDS)
@example(which=0, ages=((0, 0),) * MOST, moved=97 * 86_400 - 15_900)  # runs of an old timetable
def test_what_is_old_is_marked_on_its_screen_and_in_its_cell(
    demo: Demo,
    kind: str,
    which: int,
    ages: tuple[tuple[int, int], ...],
    moved: int,
) -> None:
    services = services_of(kind)
    service = services[which % len(services)]
    aged(demo, dict(zip(service.datasets, ages, strict=False)))
    seen = shown(demo, service, moved)
    assert unmarked(seen) == []
    assert unmarked_glance(seen, demo.empty) == []


def test_every_kind_of_service_that_shows_data_is_held_to_it() -> None:
    assert set(KINDS) == set(get_args(ServiceKind)) - WITHOUT_DATA


@settings(max_examples=8, deadline=None)
@given(ages=AGES, moved=SECONDS)
def test_a_cell_is_marked_when_what_it_says_is_old(
    demo: Demo, ages: tuple[int, int], moved: int
) -> None:
    aged(demo, dict.fromkeys(demo.here.pack.territory.datasets, ages))
    context = context_of(demo.here, MovedClock(NOW + timedelta(seconds=moved)))
    cells = {cell.key: cell for cell in build_hive(context).cells}
    for service in demo.here.pack.territory.services:
        said = glance(context, service)
        old = bool(said.value) and said.freshness.state is State.LAST_GOOD
        assert cells[service.id].stale is old, service.id


@pytest.mark.parametrize("kind", KINDS)
def test_fresh_data_are_not_called_old(demo: Demo, kind: str) -> None:
    for service in services_of(kind):
        aged(demo, dict.fromkeys(service.datasets, (0, 0)))
        seen = shown(demo, service)
        assert seen.frame.age.state is not State.LAST_GOOD, service.id
        assert glance(seen.context, service).freshness.state is not State.LAST_GOOD, service.id


@pytest.mark.parametrize("kind", KINDS)
def test_decades_leave_nothing_unmarked(demo: Demo, kind: str) -> None:
    for service in services_of(kind):
        aged(demo, dict.fromkeys(service.datasets, (40 * YEAR_S, 40 * YEAR_S)))
        seen = shown(demo, service)
        assert unmarked(seen) == []
        assert unmarked_glance(seen, demo.empty) == []
        assert glance(seen.context, service).freshness.state in MARKED


@settings(max_examples=40, deadline=None)
@given(age=SECONDS, moved=st.integers(0, 10 * DAY_S))
def test_a_banner_of_an_old_notice_says_so(demo: Demo, age: int, moved: int) -> None:
    aged(demo, dict.fromkeys(("avis", "routes"), (age, age)))
    context = context_of(demo.here, MovedClock(NOW + timedelta(seconds=moved)))
    (bus,) = (one for one in SERVICES if one.id == "bus")
    for banner in (build_hive(context).banner, build_departures(context, bus.id).banner):
        if banner.text:
            name = banner.argument.partition("/")[0]
            policy = demo.here.pack.territory.datasets[name].policy
            old = timedelta(seconds=age + moved) > timedelta(seconds=policy.stale_s)
            assert (context.words("ancien") in banner.text) is old


@settings(max_examples=40, deadline=None)
@given(ages=AGES, moved=SECONDS)
def test_no_avalanche_risk_outlives_its_bulletin(
    demo: Demo, ages: tuple[int, int], moved: int
) -> None:
    (service,) = services_of("avalanche")
    aged(demo, {"avalanche": ages})
    seen = shown(demo, service, moved)
    held = [fresh for _, fresh in seen.records.values() if fresh.state is State.THEORY]
    levels = [row.badge for row in seen.frame.rows if row.badge]
    assert bool(levels) is bool(held)
    said = glance(seen.context, service).value
    names = [seen.context.words(name).lower() for name, *_ in SCALE.values()]
    assert any(name in said for name in names) is bool(held)


@settings(max_examples=40, deadline=None)
@given(ages=AGES, moved=SECONDS)
def test_no_flag_outlives_its_time(demo: Demo, ages: tuple[int, int], moved: int) -> None:
    service = next(one for one in services_of("bathing") if "plages" in one.datasets)
    aged(demo, {"plages": ages})
    seen = shown(demo, service, moved)
    over = seen.context.clock.now() >= NOW + timedelta(hours=7, minutes=18)  # 18 h here
    fresh = [one.state is State.THEORY for _, one in seen.records.values()]
    flags = {seen.context.words(name).lower() for name, *_ in FLAGS.values()}
    flown = [row for row in seen.frame.rows if row.heading.lower() in flags]
    assert len(flown) == (0 if over else sum(fresh))
    if not flown:
        assert not any(flag in glance(seen.context, service).value.lower() for flag in flags)


@settings(max_examples=40, deadline=None)
@given(ages=AGES, moved=st.integers(0, 60 * DAY_S))
def test_no_alert_outlives_its_end(demo: Demo, ages: tuple[int, int], moved: int) -> None:
    service = next(one for one in services_of("notices") if one.id == "alertes")
    aged(demo, {"avis": ages})
    seen = shown(demo, service, moved)
    now = seen.context.clock.now()
    over = {
        path
        for path, (record, _) in seen.records.items()
        if record.valid_until is not None and record.valid_until <= now
    }
    assert not over & {row.key for row in seen.frame.rows}


def test_the_check_finds_an_old_datum_that_a_screen_would_pass_off(demo: Demo) -> None:
    (service,) = services_of("weather")
    aged(demo, {"meteo": (YEAR_S, YEAR_S)})
    seen = shown(demo, service)
    assert unmarked(seen) == []
    young = age_of(
        Freshness(observed_at=NOW, age=timedelta(), state=State.THEORY), seen.context.words
    )
    faults = unmarked(replace(seen, frame=replace(seen.frame, age=young)))
    assert "old: the whole screen" in faults
    assert len(faults) > len(seen.frame.rows)


def test_the_check_finds_a_withdrawn_datum(demo: Demo) -> None:
    (service,) = services_of("avalanche")
    aged(demo, {"avalanche": (0, 0)})
    before, after = shown(demo, service), shown(demo, service, 10 * DAY_S)
    assert unmarked(after) == []
    assert any(
        fault.startswith("withdrawn: marmottes")
        for fault in unmarked(replace(after, frame=before.frame))
    )
