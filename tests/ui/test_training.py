"""Training: another journal, another key, other words; never beside real money."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from PySide6.QtQuick import QQuickItem
from pytestqt.qtbot import QtBot

from kiosk.app import diagnostics
from kiosk.app.container import Kiosk, build
from kiosk.app.counters import office_of
from kiosk.app.hub_payments import serving
from kiosk.app.installed import Installed, SystemClock
from kiosk.domain.errors import InputRefused, LedgerTampered
from kiosk.domain.receipt import Mark
from kiosk.ports import TicketJournal
from kiosk.store.database import ContentReader
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_read import verify_file
from kiosk.usecases.reload_progress import Run
from tests.conftest import MovedClock
from tests.contracts.test_journal import FULL, NOW
from tests.ui.kiosks import LANDSCAPE, PORTRAIT
from tests.ui.kiosks import Kiosk as ShownKiosk
from tests.unit.kiosk.usecases.test_reload_progress import ROW
from ui.inspection import visible_items
from ui.views.receipt import heads, receipt_of

VIOLET = "#5b1a8c"  # Theme.trainingSurface


def open_journal(path: Path, *, training: bool) -> Ledger:
    return Ledger(path, free=lambda _: 10**12, training=training)


def booked(path: Path, *, training: bool) -> None:
    with open_journal(path, training=training) as ledger:
        ledger.book_topup(replace(FULL, id="T-1"), at=NOW)


def trained(demo: Installed, folder: Path, *, on: bool = True) -> Installed:
    settings = msgspec.structs.replace(demo.settings, training=on)
    return replace(demo, content=ContentReader(folder / "content.db"), settings=settings)


@pytest.mark.parametrize("training", [True, False])
def test_money_of_one_kind_never_comes_into_the_other_kind_s_journal(
    tmp_path: Path, training: bool
) -> None:
    path = tmp_path / "ledger.db"
    booked(path, training=training)
    with pytest.raises(LedgerTampered, match="is a journal of"):
        open_journal(path, training=not training)
    with open_journal(path, training=training) as ledger:
        assert len(ledger.events()) > 0
    assert verify_file(path).sound


def test_a_journal_that_was_made_for_training_stays_so_without_any_line(tmp_path: Path) -> None:
    open_journal(tmp_path / "ledger.db", training=True).close()
    with pytest.raises(LedgerTampered, match="training"):
        open_journal(tmp_path / "ledger.db", training=False)


def test_a_topup_that_has_only_begun_makes_a_journal_real(tmp_path: Path) -> None:
    with open_journal(tmp_path / "ledger.db", training=False) as ledger:
        ledger.save_topup(FULL)
    with pytest.raises(LedgerTampered, match="real money"):
        open_journal(tmp_path / "ledger.db", training=True)


def test_a_training_kiosk_writes_into_its_own_folder_and_says_so(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    kiosk: Kiosk = build(trained(demo, tmp_path), clock, environment="")
    kiosk.serve()
    qtbot.waitUntil(lambda: not kiosk.desk.busy)
    assert kiosk.app.property("training") is True
    kiosk.close()
    assert (tmp_path / "training" / "ledger.db").exists()
    assert not (tmp_path / "ledger.db").exists()


def test_a_kiosk_at_work_has_no_band(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    kiosk = build(trained(demo, tmp_path, on=False), clock, environment="")
    assert kiosk.app.property("training") is False
    kiosk.close()


def _no_tickets() -> TicketJournal:
    raise AssertionError("no ticket is printed here")


def test_a_training_receipt_says_so_and_bears_another_key(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    here = trained(demo, tmp_path)
    kiosk = build(here, clock, environment="")
    progress = Run(row=replace(ROW, entry=1)).progress
    receipt = receipt_of(kiosk.context, progress, kiosk="borne", copies=0)
    kiosk.close()
    assert Mark.TRAINING in receipt.marks
    assert heads(kiosk.context, receipt)[0] == "FORMATION — sans valeur"
    assert office_of(here, _no_tickets).open_signer().public_key != DeviceKey(tmp_path).public_key


def test_the_hub_takes_no_real_money_beside_a_kiosk_in_training(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("training = true\n", encoding="utf-8")
    payments = tmp_path / "payments.toml"
    payments.write_text('provider = "stripe_terminal"\nsecret = "rk_test_12345678"\n')
    payments.chmod(0o600)
    with (
        pytest.raises(InputRefused, match="training never meets"),
        serving(tmp_path, SystemClock(), environment=""),
    ):
        pass


def test_doctor_warns_of_a_training_that_was_left_on() -> None:
    (found,) = diagnostics.training(on=True)
    assert (found.state, diagnostics.training(on=False)) == ("warn", [])


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE])
def test_the_band_stands_on_every_screen_and_covers_nothing(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path, size: tuple[int, int]
) -> None:
    kiosk = ShownKiosk(qtbot, trained(demo, tmp_path), clock, size)
    with closing(kiosk):
        for route in ("hive", "card", "topup", "search", "help"):
            kiosk.app.show(route, "")
            kiosk.settle()
            band = next(one for one, _ in visible_items(kiosk.window) if is_band(one))
            assert (band.y(), band.width()) == (0, size[0])
            assert kiosk.window.grabWindow().pixelColor(5, 5).name() == VIOLET
            texts = [box for one, box in visible_items(kiosk.window) if one.property("text")]
            assert [box for box in texts if 0 < box.top() < band.height()][1:] == []


def is_band(item: QQuickItem) -> bool:
    return item.metaObject().className().startswith("TrainingBand")
