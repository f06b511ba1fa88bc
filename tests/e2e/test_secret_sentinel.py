"""After a whole session no file holds a bank card's number, a secret or a PIN.

The session: a top-up with its receipt, a sale, the holder's and the staff's codes typed, the day's
closing and its documents, and a hub with a restricted key that takes and captures a payment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk.app import logging as kiosk_logging
from kiosk.app.cli import main
from kiosk.app.demonstration import HOLDER_PIN, STAFF_PIN
from kiosk.app.hub_payments import device_token, serving
from kiosk.app.installed import Installed
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from payments.remote import RemoteGateway
from payments.simulator.server import SimulatorServer
from tests.conftest import MovedClock
from tests.ui.conftest import demo as demo_fixture
from tests.ui.money import MoneyKiosk
from tests.ui.test_sale_desk import BADGE, CINEMA, asked, type_

demo = demo_fixture
KEY, WEBHOOK = "rk_test_sentinel0123456789", "whsec_sentinel0123456789"
HOMES = {KEY: "payments.toml", WEBHOOK: "payments.toml"}
TEXTS = {".jsonl", ".txt", ".csv", ".toml", ".json", ".beancount"}
PLANTED = "4242 4242 4242 4242"  # the card number that every bank's tests use
PAN = re.compile(rb"(?<![0-9A-Za-z])(?:[3-6](?:[ -]?[0-9]){12,18})(?![0-9A-Za-z])")


def luhn(digits: str) -> bool:
    """Say whether digits end in their own check digit (ISO/IEC 7812-1, annex B)."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(sum(divmod(value, 10)) for value in doubled) % 10 == 0


def found(folder: Path, secrets: dict[str, str], pins: tuple[str, ...]) -> list[str]:
    """Give what stands in files where it may not: the file and what it is."""
    seen: list[str] = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = file.read_bytes()
        numbers = [re.sub(rb"[ -]", b"", match[0]) for match in PAN.finditer(content)]
        seen += [f"{file.name}: a card number" for number in numbers if luhn(number.decode())]
        seen += [
            f"{file.name}: a secret"
            for secret, home in secrets.items()
            if secret.encode() in content and file.name != home
        ]
        if file.suffix in TEXTS:
            words = re.findall(rb"[0-9A-Za-z]+", content)
            seen += [f"{file.name}: a PIN" for pin in pins if pin.encode() in words]
    return seen


@pytest.fixture
def logged(tmp_path: Path, clock: MovedClock) -> Iterator[None]:
    kiosk_logging.start(tmp_path / "log", clock.now(), level="debug")
    yield
    kiosk_logging.stop()


def at_the_kiosk(money: MoneyKiosk) -> None:
    """Top up with a receipt, buy, open the account, come as staff, and let the night come."""
    money.ask()
    money.phone()
    money.topup.choose("qr")
    money.settle()
    money.lift()
    asked(money, CINEMA)
    money.act()
    money.app.show("pin", "")
    type_(money, HOLDER_PIN)
    money.lift()
    money.lay(BADGE)
    money.app.show("pin", "")
    type_(money, STAFF_PIN)
    money.lift()
    money.clock.move(timedelta(days=1).total_seconds())
    assert money.kiosk.counters.night is not None
    money.kiosk.counters.night.look()
    money.settle()
    money.close()


def at_the_hub(folder: Path, clock: MovedClock) -> None:
    """Take and capture a payment by Stripe's stand-in, under the restricted key."""
    with SimulatorServer(clock=clock, environment="test") as bank:
        settings = folder / "payments.toml"
        options = f'base = "{bank.url}", return_url = "https://hub.example/merci"'
        settings.write_text(
            f'provider = "stripe_checkout"\nsecret = "{KEY}"\n'
            f'webhook_secrets = ["{WEBHOOK}"]\noptions = {{ {options} }}\n',
            encoding="utf-8",
        )
        settings.chmod(0o600)
        with serving(folder, clock, environment="test") as hub:
            gateway = RemoteGateway(hub.url, token=device_token(folder))
            payment = gateway.create("T-1", Money(2000), idempotency_key="T-1:create")
            bank.citizen(payment.id, pays=True)
            gateway.hold(payment.id, load_number=1, idempotency_key="T-1:hold:1")
            taken = gateway.capture(payment.id, idempotency_key="T-1:capture")
    assert taken.status is PaymentStatus.SUCCEEDED


def papers(folder: Path) -> None:
    """Write the documents and the exports of the journal."""
    ledger = str(folder / "ledger.db")
    for words in (
        ["documents", ledger, "--out", str(folder / "regie")],
        ["export", ledger, "--out", str(folder / "legs.csv")],
        ["export", ledger, "--format", "beancount", "--out", str(folder / "book.beancount")],
    ):
        with pytest.raises(SystemExit) as end:
            main(["--data", str(folder), "ledger", *words])
        assert end.value.code == 0


def test_after_a_whole_session_no_file_holds_a_card_number_a_secret_or_a_pin(
    qtbot: QtBot, demo: Installed, clock: MovedClock, tmp_path: Path, logged: None
) -> None:
    money = MoneyKiosk(qtbot, demo, clock, tmp_path)
    with closing(money):
        at_the_kiosk(money)
    at_the_hub(tmp_path, clock)
    papers(tmp_path)
    there = {file.name for file in tmp_path.rglob("*") if file.is_file()}
    assert there >= {"ledger.db", "psp.db", "payments.toml", "alveole.jsonl", "legs.csv"}
    assert any(name.startswith("cloture-") for name in there)
    homes = HOMES | {device_token(tmp_path): "hub-token"}
    assert found(tmp_path, homes, (HOLDER_PIN, STAFF_PIN)) == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.jsonl", f'{{"event": "paid {PLANTED}"}}', "a.jsonl: a card number"),
        ("b.db", f"\x00{PLANTED.replace(' ', '')}\x01", "b.db: a card number"),
        ("c.db", f"\x00key={KEY}\x00", "c.db: a secret"),
        ("d.jsonl", '{"typed": "1234"}', "d.jsonl: a PIN"),
    ],
)
def test_what_is_planted_is_found(tmp_path: Path, name: str, content: str, told: str) -> None:
    (tmp_path / name).write_bytes(content.encode())
    assert found(tmp_path, HOMES, ("1234",)) == [told]


@pytest.mark.parametrize("digits", ["4242424242424241", "1234567890123", "20261122094200"])
def test_other_numbers_are_no_cards(tmp_path: Path, digits: str) -> None:
    (tmp_path / "a.jsonl").write_text(digits, encoding="utf-8")
    assert found(tmp_path, {}, ()) == []
