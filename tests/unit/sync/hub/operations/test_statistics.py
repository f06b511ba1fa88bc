"""Statistics count events of one territory by its own days, and know no person."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sync.hub.accounts.models import Role
from sync.hub.here import Here
from sync.hub.operations import statistics
from sync.hub.territories.models import Territory
from tests.conftest import MovedClock
from tests.kiosks import Kiosk, enrolled, event
from tests.offices import ELSEWHERE, Browser, somebody, text

PAGE = "/gestion/statistiques/orne/"


@pytest.fixture
def kiosk(here: Here) -> Kiosk:
    return enrolled(here)


def totals(here: Here) -> list[int]:
    orne = Territory.objects.get(slug="orne")
    return [one.chart.total for one in statistics.series_of(orne, here.clock.now())]


def test_each_kind_is_counted_and_bad_events_aren_t(here: Here, kiosk: Kiosk) -> None:
    kiosk.tell(
        [
            event(1, kind="topup.done"),
            event(2, kind="topup.done"),
            event(3, kind="topup.canceled"),
            event(4, kind="session.assisted"),
            event(5, kind="topup.done", payload="[]"),
        ]
    )
    assert totals(here) == [2, 0, 0, 0, 1, 0]


def test_days_are_the_territory_s_and_old_ones_fall_out(
    here: Here, kiosk: Kiosk, clock: MovedClock
) -> None:
    clock.move((datetime(2026, 11, 22, 23, 30, tzinfo=UTC) - clock.now()).total_seconds())
    kiosk.tell([event(1, kind="topup.done")])  # half past midnight in Paris
    chart = statistics.series_of(Territory.objects.get(slug="orne"), clock.now())[0].chart
    assert [(f"{bar.day}", bar.count) for bar in chart.bars][-1] == ("2026-11-23", 1)
    clock.move(statistics.DAYS * 86_400)
    assert totals(here)[0] == 0


def test_the_page_draws_bars_and_has_a_table_beside_them(here: Here, kiosk: Kiosk) -> None:
    kiosk.tell([event(1, kind="session.assisted")])
    browser = Browser.of(somebody("eve", Role.EDITOR))
    shown = text(browser.get(PAGE))
    assert "Accompagnements\u00a0: 1" in shown
    assert shown.count("<rect") == 1
    assert shown.count("<table") == 1
    assert "Rien pendant ces jours." in shown


def test_the_menu_leads_to_the_person_s_first_territory(here: Here, kiosk: Kiosk) -> None:
    browser = Browser.of(somebody("eve", Role.EDITOR))
    assert browser.get("/gestion/statistiques/")["Location"] == PAGE
    assert "Voir les statistiques" in text(browser.get("/gestion/"))


def test_another_territory_s_numbers_don_t_exist(here: Here, kiosk: Kiosk) -> None:
    kiosk.tell([event(1, kind="topup.done")])
    stranger = Browser.of(somebody("eva", Role.EDITOR, ELSEWHERE))
    assert stranger.get(PAGE).status_code == 404
