"""The hive obeys the hub's layout, and falls back to the pack's where it is absent or wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from kiosk.app.console import Place
from kiosk.app.content import prepare
from kiosk.app.context import context_of
from kiosk.app.installed import installed
from kiosk.domain.record import Json, Record
from kiosk.domain.territory import Dataset
from kiosk.store.content import ContentWriter
from tests.conftest import MovedClock
from tests.unit.ui.views.world import NOW
from ui.views.hive import build_hive

RUCHE = Dataset(
    id="ruche", title={"fr": "Ruche"}, kind="hive", connector="seed", source="L", licence="L"
)
Laid = Callable[[dict[str, Json] | None], list[str]]


@pytest.fixture
def laid(tmp_path: Path) -> Laid:
    """Give the hive's cells once a layout was synced, None for none."""

    def cells(data: dict[str, Json] | None) -> list[str]:
        here = installed(Place(data=tmp_path, territory="orne"))
        if data is None:
            prepare(here, NOW)
        else:
            with ContentWriter(here.content.path) as writer:
                record = Record(
                    id="ruche",
                    dataset="ruche",
                    kind="hive",
                    title={"fr": "Ruche"},
                    source="L",
                    licence="L",
                    observed_at=NOW,
                    data=data,
                )
                writer.replace_dataset(RUCHE, [record], observed_at=NOW, imported_at=NOW)
        frame = build_hive(context_of(here, MovedClock(NOW)))
        return [cell.key for cell in frame.cells]

    return cells


def test_cells_stand_in_the_layout_s_order_and_no_others(laid: Laid) -> None:
    assert laid({"services": ["carte", "bus", "mairies"]}) == ["carte", "bus", "mairies"]


def test_a_service_that_this_pack_lacks_is_left_out(laid: Laid) -> None:
    assert laid({"services": ["casino", "bus"]}) == ["bus"]


@pytest.mark.parametrize("services", [["bus", "bus"], [], ["casino"], "bus", [1], None, [["bus"]]])
def test_a_wrong_layout_leaves_the_pack_s_hive(laid: Laid, services: Sequence[Json] | None) -> None:
    whole = laid({"services": services})  # type: ignore[dict-item]  # wrong on purpose
    assert whole[:3] == ["bus", "trains", "parkings"]
    assert len(whole) > 35


def test_without_a_layout_the_pack_s_hive_holds(laid: Laid) -> None:
    assert laid(None)[:3] == ["bus", "trains", "parkings"]
