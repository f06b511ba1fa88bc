"""The whole way of an offline code: kiosk without a network, real phone page, bank's stand-in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

from kiosk.app.hub_payments import Serving, serving
from kiosk.app.installed import SystemClock
from kiosk.domain.errors import CodeWrong, PaymentUnavailable
from kiosk.domain.money import Money
from kiosk.domain.reload_code import CodeRow, request_text, short_of
from kiosk.store.device_key import DeviceKey, code_key
from kiosk.usecases.reload_progress import Stage
from payments.code_routes import PAGE
from payments.loopback import Handler
from payments.remote import RemoteGateway
from tests.e2e.phone import Phone, needs_phone, phone
from tests.unit.kiosk.usecases.code_world import AMOUNT, CodeWorld

pytestmark = needs_phone
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


@dataclass
class Town:
    """A hub that a phone reaches, and a kiosk that reaches nobody; they share keys alone."""

    folder: Path
    hub: Serving
    lines: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.kiosk = CodeWorld(self.folder / "kiosk", key=code_key(self.folder / "hub"))
        self.kiosk.clock.at = SystemClock().now()
        self.signer = DeviceKey(self.folder / "hub")

    def url(self, row: CodeRow) -> str:
        text = request_text(row.request, self.signer)
        return f"{self.hub.url}{PAGE}#{quote(text, safe='$*+-./:')}"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    lines: list[str] = []

    def log_message(_: Handler, format: str, *args: object) -> None:  # noqa: A002  # as http.server
        lines.append(format % args)

    # what an access log would hold, of the hub's server and of the bank's
    monkeypatch.setattr(Handler, "log_message", log_message)
    (tmp_path / "kiosk").mkdir()
    with serving(tmp_path / "hub", SystemClock(), environment="", kiosk="borne-01") as hub:
        one = Town(tmp_path, hub, lines)
        yield one
        one.kiosk.die()


@pytest.fixture
def mobile(tmp_path: Path) -> Iterator[Phone]:
    with phone(tmp_path / "profile") as one:
        yield one


def test_a_phone_pays_and_its_code_loads_the_card_without_the_kiosk_s_network(
    town: Town, mobile: Phone
) -> None:
    with pytest.raises(PaymentUnavailable):
        RemoteGateway(NOWHERE, token="t" * 32).create("T-1", AMOUNT, idempotency_key="T-1:create")
    row = town.kiosk.ask()
    mobile.open(town.url(row))
    mobile.wait("new")
    facts = mobile.read("facts")
    assert all(one in facts for one in ("borne-01", "20,00 €", short_of(row.request)))
    assert "DÉMO" in mobile.read("demo")
    assert not mobile.wide()
    mobile.find("pay").click()
    mobile.wait("paying")
    mobile.pay_elsewhere()
    mobile.wait("paid")
    shown = mobile.read("code")
    assert re.fullmatch(r"\d{4} \d{4} \d{4}", shown)
    assert mobile.find("scan").is_displayed()
    assert not mobile.wide()

    session = town.kiosk.reader.lay(town.kiosk.card)
    town.kiosk.money.card_laid(session)
    town.kiosk.redeemer.redeem(row.request.id, shown.replace(" ", ""))
    progress = town.kiosk.money.follow(row.request.id)
    assert progress is not None
    assert progress.stage is Stage.DONE
    assert town.kiosk.card.face.balance == Money(1240) + AMOUNT
    assert town.kiosk.entries() == [("topup", row.request.id)]

    mobile.open(town.url(row))  # a second visit
    mobile.wait("paid")
    assert mobile.read("code") == shown
    _no_log_has(town, row)


def _no_log_has(town: Town, row: CodeRow) -> None:
    """Nothing of the fragment was ever asked for in an address, nor written to a log."""
    asked = [line for line in town.lines if "/code" in line]
    assert any('"GET /code HTTP/1.1"' in line for line in asked)
    assert any('"POST /code/pay HTTP/1.1"' in line for line in asked)
    paths = {line.split('"')[1].split()[1] for line in asked}
    assert paths == {"/code", "/code/look", "/code/pay"}
    text = request_text(row.request, town.signer)
    secrets = {text, quote(text), row.request.card, row.request.nonce.hex()}
    for line in town.lines:
        assert not any(one in line for one in secrets), line
        assert "ALV1" not in line


def test_a_request_that_somebody_edited_is_not_to_be_paid(town: Town, mobile: Phone) -> None:
    url = town.url(town.kiosk.ask())
    at = url.index("#") + 40
    mobile.open(url[:at] + ("A" if url[at] != "A" else "B") + url[at + 1 :])
    mobile.wait("code.tampered")
    assert "Ne payez pas" in mobile.read("told")
    assert not mobile.find("pay").is_displayed()


def test_a_page_without_a_request_says_what_to_do(town: Town, mobile: Phone) -> None:
    mobile.open(town.hub.url + PAGE)
    mobile.wait("none")
    assert mobile.read("told") == "Scannez le code affiché par la borne."


def test_the_page_speaks_english_at_a_touch(town: Town, mobile: Phone) -> None:
    mobile.open(town.url(town.kiosk.ask()))
    mobile.wait("new")
    mobile.find("other").click()
    assert mobile.read("title") == "Pay for the kiosk"
    assert mobile.read("pay").startswith("Pay €20.00")


def test_another_kiosk_refuses_the_code(town: Town, mobile: Phone) -> None:
    row = town.kiosk.ask()
    mobile.open(town.url(row))
    mobile.wait("new")
    mobile.find("pay").click()
    mobile.wait("paying")
    mobile.pay_elsewhere()
    mobile.wait("paid")
    digits = mobile.read("code").replace(" ", "")
    town.kiosk.key = bytes(32)
    town.kiosk.redeem_over(town.kiosk.codes, town.kiosk.ledger)
    with pytest.raises(CodeWrong):
        town.kiosk.redeemer.redeem(row.request.id, digits)
