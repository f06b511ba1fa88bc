"""A kiosk whose payments are a hub's: sum, code, the citizen's page, card, receipt, journal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.demo_phone import FORM
from kiosk.app.hub_link import HubLink
from kiosk.app.hub_payments import Serving, device_token, serving
from kiosk.app.installed import Installed
from kiosk.app.safe import marks_of
from kiosk.domain.payment import PaymentView
from kiosk.domain.receipt import Mark, read_ticket
from kiosk.store.device_keys import DeviceKeys
from kiosk.usecases.reload_progress import Stage
from payments.http_post import address, post
from payments.hub_server import HubPayments, HubServer
from payments.service import Counter
from tests.conftest import MovedClock
from tests.ui.money import MoneyKiosk
from tests.unit.payments.worlds import Hub as HubWorld
from ui.qr import code_of, matrix_of
from ui.views.receipt import receipt_of
from ui.views.topup import COUNTER
from ui.views.topup_code import OFFLINE

TOKEN = "t" * 40
SILENT = "Le paiement ne répond pas"


class HubStand:
    """A real hub beside the kiosk, with its stand-in bank; it can die and come back."""

    def __init__(self, folder: Path, clock: MovedClock) -> None:
        self.folder = folder
        self._clock = clock
        self._running = ExitStack()
        self.serving: Serving
        self.start()

    def start(self) -> None:
        port = int(self.serving.url.rpartition(":")[2]) if hasattr(self, "serving") else 0
        hub = serving(self.folder, self._clock, environment="", port=port)
        self.serving = self._running.enter_context(hub)

    def stop(self) -> None:
        self._running.close()


def pointed_at(here: Installed, url: str) -> Installed:
    settings = msgspec.structs.replace(here.settings, payments="hub", hub=url)
    return replace(here, settings=settings)


@pytest.fixture
def hub(tmp_path: Path, clock: MovedClock) -> Iterator[HubStand]:
    stand = HubStand(tmp_path / "hub", clock)
    yield stand
    stand.stop()


@pytest.fixture
def paid(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path, hub: HubStand
) -> Iterator[MoneyKiosk]:
    """A kiosk that shares its hub's token, as docs/operations.md says."""
    folder = tmp_path / "kiosk"
    folder.mkdir()
    device_token(hub.folder)
    shutil.copy(hub.folder / "hub-token", folder)
    made = MoneyKiosk(qtbot, pointed_at(demo, hub.serving.url), clock, folder)
    yield made
    made.close()


def payment_of(paid: MoneyKiosk) -> PaymentView:
    progress = paid.wallet.progress
    assert progress is not None
    assert progress.payment is not None
    return progress.payment


def pay_on_the_page(url: str) -> None:
    """Do what the citizen does on the page that the code opens."""
    status, _ = post(address(url), "", b"answer=pay", FORM, bytes_max=20_000)
    assert status < 400


def test_a_citizen_pays_on_the_hub_s_page_and_the_card_is_loaded(
    paid: MoneyKiosk, hub: HubStand
) -> None:
    paid.ask()
    url = payment_of(paid).url
    assert url.startswith(hub.serving.bank_url)
    assert paid.frame.qr == code_of(matrix_of(url))
    assert paid.frame.host == "127.0.0.1"
    assert paid.frame.code
    pay_on_the_page(url)
    paid.poll(1)
    assert paid.at(Stage.DONE)
    assert paid.frame.part == "receipt"
    assert (paid.wallet.provider, paid.wallet.simulated) == ("simulator", True)
    assert paid.entries() == 1


def test_a_second_tap_gives_the_same_payment(paid: MoneyKiosk) -> None:
    paid.ask()
    first = payment_of(paid)
    paid.desk.pay()
    paid.settle()
    assert payment_of(paid).id == first.id
    pay_on_the_page(first.url)
    paid.poll(1)
    paid.desk.pay()
    paid.settle()
    assert paid.entries() == 1


def test_a_hub_that_dies_meanwhile_is_told_and_the_payment_goes_on_after_it(
    paid: MoneyKiosk, hub: HubStand
) -> None:
    paid.ask()
    hub.stop()
    paid.poll(1)
    assert SILENT in paid.frame.banner.text
    hub.start()
    paid.poll(1)
    assert paid.frame.banner.text == ""
    page = urlsplit(payment_of(paid).url).path  # the stand-in came back on another port
    pay_on_the_page(hub.serving.bank_url + page)
    paid.poll(1)
    assert paid.at(Stage.DONE)
    assert paid.entries() == 1


def test_a_hub_that_dies_before_the_capture_loses_nothing(paid: MoneyKiosk, hub: HubStand) -> None:
    paid.ask()
    pay_on_the_page(payment_of(paid).url)
    hub.stop()
    paid.poll(1)
    assert not paid.at(Stage.DONE)
    hub.start()
    paid.poll(1)
    assert paid.at(Stage.DONE)
    assert paid.entries() == 1


def test_beside_a_silent_hub_the_hub_s_page_for_codes_is_offered(
    paid: MoneyKiosk, hub: HubStand
) -> None:
    hub.stop()
    paid.ask()
    assert SILENT in paid.frame.banner.text
    assert [row.key for row in paid.frame.rows][-1] == COUNTER
    assert OFFLINE in {row.route for row in paid.frame.rows}
    paid.topup.open(OFFLINE, "")
    paid.settle()
    assert paid.wallet.code is not None
    assert paid.wallet.code.url.startswith(f"{hub.serving.url}/code#")


def test_without_the_shared_token_money_is_closed_until_it_is_there(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path, hub: HubStand
) -> None:
    (tmp_path / "kiosk").mkdir()
    kiosk = MoneyKiosk(qtbot, pointed_at(demo, hub.serving.url), clock, tmp_path / "kiosk")
    assert kiosk.wallet.closed == "payment.unavailable"
    device_token(hub.folder)
    shutil.copy(hub.folder / "hub-token", tmp_path / "kiosk")
    kiosk.desk._open()
    kiosk.settle()
    kiosk.settle()
    assert kiosk.wallet.closed == ""
    kiosk.close()


@contextmanager
def taking(world: HubWorld, provider: str) -> Iterator[str]:
    """Serve a hub that says it takes money with a provider; behind it is the stand-in."""
    world.service._counter = Counter(provider=provider)
    with HubServer(HubPayments(world.service, token=TOKEN), sweep_s=3600) as server:
        yield server.url


@contextmanager
def kiosk_of(
    qtbot: QtBot, here: Installed, clock: MovedClock, folder: Path
) -> Iterator[MoneyKiosk]:
    (folder / "hub-token").write_text(TOKEN)
    made = MoneyKiosk(qtbot, here, clock, folder)
    made.settle()
    yield made
    made.close()


def test_real_money_wears_no_mark_of_the_simulation_on_screen_receipt_and_journal(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    world = HubWorld()
    with (
        taking(world, "stripe_checkout") as url,
        kiosk_of(qtbot, pointed_at(demo, url), clock, tmp_path) as kiosk,
    ):
        assert not kiosk.wallet.simulated
        kiosk.ask()
        assert not kiosk.frame.simulated
        assert not kiosk.frame.age.demo
        world.psp.pay(payment_of(kiosk).id)
        kiosk.poll(1)
        progress = kiosk.wallet.progress
        assert progress is not None
        assert progress.stage is Stage.DONE
        assert progress.row.provider == "stripe_checkout"
        receipt = receipt_of(kiosk.kiosk.context, progress, kiosk="borne", copies=0)
        assert Mark.DEMO not in receipt.marks


def test_a_bank_terminal_is_followed_without_any_code_to_scan(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    with (
        taking(HubWorld(), "stripe_terminal") as url,
        kiosk_of(qtbot, pointed_at(demo, url), clock, tmp_path) as kiosk,
    ):
        kiosk.choose()
        assert kiosk.frame.action.detail == "Sur le terminal de paiement"
        kiosk.act()
        frame = kiosk.frame
        assert (frame.qr, frame.host, frame.code) == ("", "", "")
        assert frame.headline == "Suivez le terminal de paiement"
        assert "besoin du réseau" in frame.footnote


def test_what_the_hub_said_is_still_known_at_the_next_start_beside_a_silent_one(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    with taking(HubWorld(), "payfip") as url:
        here = pointed_at(demo, url)
        with kiosk_of(qtbot, here, clock, tmp_path) as kiosk:
            assert kiosk.wallet.provider == "payfip"
    with kiosk_of(qtbot, here, clock, tmp_path) as again:
        assert not again.wallet.simulated


def test_an_entry_that_real_money_paid_is_a_real_ticket_at_this_territory_s_gates(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path
) -> None:
    world = HubWorld()
    with (
        taking(world, "stripe_checkout") as url,
        kiosk_of(qtbot, pointed_at(demo, url), clock, tmp_path) as kiosk,
    ):
        kiosk.app.show("ticket", "101")
        kiosk.act()
        world.psp.pay(payment_of(kiosk).id)
        kiosk.poll(1)
        progress = kiosk.wallet.progress
        assert progress is not None
        assert progress.stage is Stage.DONE
        assert progress.row.ticket_order is not None
        ticket = read_ticket(progress.row.ticket_order.ticket, DeviceKeys(tmp_path).current())
        link = HubLink(url=url, folder=tmp_path)
        assert ticket.marks == marks_of(kiosk.kiosk.context, link) == Mark.NONE
