"""What a kiosk is built of, by its settings and by what production forbids."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.container import Kiosk, build
from kiosk.app.installed import Installed
from kiosk.domain.errors import InputRefused, KeyAbsent
from kiosk.domain.idle import Phase
from kiosk.store.card_keys import CardKeyStore
from kiosk.store.database import ContentReader
from kiosk.store.enrolment import EnrolmentStore, LetIn
from tests.conftest import MovedClock
from tests.unit.kiosk.store.test_card_keys import delivered


def built(
    demo: Installed, clock: MovedClock, folder: Path, environment: str = "", **settings: object
) -> Kiosk:
    own = replace(
        demo,
        content=ContentReader(folder / "content.db"),
        settings=msgspec.structs.replace(demo.settings, **settings),
    )
    return build(own, clock, environment=environment)


def test_without_a_configuration_everything_is_simulated_and_has_a_tray(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    kiosk = built(demo, clock, tmp_path)
    assert kiosk.tray is not None
    assert kiosk.desk.wallet.simulated
    assert kiosk.desk.wallet.reader
    kiosk.close()


def test_without_a_reader_nothing_is_simulated_and_money_is_closed(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    kiosk = built(demo, clock, tmp_path, reader="none")
    kiosk.serve()
    assert kiosk.tray is None
    assert not kiosk.desk.wallet.simulated
    assert not kiosk.desk.wallet.reader
    assert kiosk.desk.wallet.closed
    kiosk.app.show("card", "")
    assert "ne répond pas" in str(kiosk.app.opened.property("headline"))
    kiosk.close()
    assert not (tmp_path / "ledger.db").exists()


def test_a_real_reader_has_a_tray_without_cards_and_starts_without_pcscd(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    kiosk = built(demo, clock, tmp_path, reader="pcsc")
    kiosk.desk.start()
    assert kiosk.demo is not None
    assert kiosk.demo.tray(kiosk.context) is not None
    assert kiosk.desk.wallet.simulated
    assert kiosk.desk.wallet.reader
    kiosk.close()


def test_a_real_reader_has_no_blank_cards_to_issue(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    kiosk = built(demo, clock, tmp_path, reader="pcsc")
    assert kiosk.demo is not None
    with pytest.raises(KeyAbsent):
        kiosk.demo.issuer()
    kiosk.close()


def test_production_refuses_a_real_reader_beside_simulated_payments(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    with pytest.raises(InputRefused, match="refused in production"):
        built(demo, clock, tmp_path, "production", reader="pcsc")


def test_production_refuses_a_virtual_reader_and_says_what_to_set(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    with pytest.raises(InputRefused, match="refused in production") as refused:
        built(demo, clock, tmp_path, "production")
    assert 'reader = "none"' in refused.value.todo


def test_production_runs_without_a_reader(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    kiosk = built(demo, clock, tmp_path, "production", reader="none")
    assert kiosk.tray is None
    kiosk.close()


def test_a_hub_on_another_machine_is_refused_in_one_sentence(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    kiosk = built(demo, clock, tmp_path, payments="hub", hub="https://hub.example")
    with pytest.raises(InputRefused, match="enrolled identity"):
        kiosk.serve()
    kiosk.close()


def test_training_keeps_the_stand_in_beside_a_hub(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    kiosk = built(demo, clock, tmp_path, payments="hub", hub="http://127.0.0.1:9", training=True)
    assert kiosk.desk.wallet.simulated
    assert kiosk.desk._ask_provider is None
    kiosk.close()


HUB = {"payments": "hub", "hub": "http://127.0.0.1:9"}


@pytest.mark.parametrize("more", [{"reader": "virtual"}, {"reader": "pcsc", "training": True}])
def test_production_with_a_hub_still_refuses_every_stand_in(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path, more: dict[str, object]
) -> None:
    with pytest.raises(InputRefused, match="refused in production"):
        built(demo, clock, tmp_path, "production", **HUB, **more)
    built(demo, clock, tmp_path, "production", reader="none", **HUB).close()


def test_production_shows_and_takes_no_card_before_a_hub_has_let_it_in(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    kiosk = built(demo, clock, tmp_path, "production", reader="pcsc", **HUB)
    kiosk.serve()
    assert not kiosk.desk.wallet.reader
    assert kiosk.desk.wallet.closed
    assert kiosk.tray is None
    kiosk.close()


def test_production_says_that_card_keys_are_awaited_and_opens_its_journal_with_them(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    let_in = LetIn(
        hub=HUB["hub"],
        territory="orne",
        name="borne-1",
        kiosk="k1",
        root=64 * "0",
        key=64 * "1",
        epoch=1,
    )
    EnrolmentStore(tmp_path).keep(let_in)
    kiosk = built(demo, clock, tmp_path, "production", reader="pcsc", **HUB)
    kiosk.serve()
    qtbot.waitUntil(lambda: kiosk.desk.wallet.closed == "card.keys_awaited")
    assert kiosk.desk.wallet.reader
    kiosk.close()
    CardKeyStore(tmp_path).keep(delivered())
    again = built(demo, clock, tmp_path, "production", reader="pcsc", **HUB)
    again.serve()
    qtbot.waitUntil((tmp_path / "ledger.db").exists)
    qtbot.waitUntil(lambda: again.desk.wallet.closed != "card.keys_awaited")
    assert again.demo is None
    again.close()


def test_the_idle_times_are_those_of_the_settings(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    kiosk = built(demo, clock, tmp_path, idle_s=20, idle_warning_s=10)
    clock.move(1)
    kiosk.app.touched()
    clock.move(11)
    kiosk.app.tick()
    assert kiosk.app.property("phase") == Phase.WARNING
    clock.move(10)
    kiosk.app.tick()
    assert kiosk.app.property("phase") == Phase.REST
    kiosk.close()
