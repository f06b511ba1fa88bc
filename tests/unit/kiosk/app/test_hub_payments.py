"""The hub's payments on this machine: settings, token, the stand-in, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.app import logging as kiosk_logging
from kiosk.app.hub_payments import device_token, read_settings, serving
from kiosk.domain.errors import InputRefused, PaymentUnavailable
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from payments.remote import RemoteGateway
from tests.conftest import MovedClock

FULL = """
provider = "stripe_checkout"
secret = "rk_test_simulated"
webhook_secrets = ["whsec_1"]
public_url = "https://hub.example"
options = { return_url = "https://hub.example/merci" }
"""


def write(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "payments.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return folder


def test_without_a_file_payments_are_simulated(tmp_path: Path) -> None:
    settings = read_settings(tmp_path)
    assert (settings.provider, settings.secret, settings.public_url) == ("simulator", "", "")


def test_a_file_is_read(tmp_path: Path) -> None:
    settings = read_settings(write(tmp_path, FULL))
    assert (settings.provider, settings.webhook_secrets) == ("stripe_checkout", ("whsec_1",))


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_secret_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(InputRefused, match="chmod 600"):
        read_settings(write(tmp_path, FULL, mode))


@pytest.mark.parametrize(
    "text",
    [
        "provider = ",
        "provider = 3",
        "unknown = 1",
        'public_url = "http://hub.example"',
        "options = { a = 1 }",
        "é".encode("latin-1").decode("latin-1") + " = ",
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputRefused, match=r"payments\.toml"):
        read_settings(write(tmp_path, text))


def test_the_token_is_made_once_for_this_user_only(tmp_path: Path) -> None:
    token = device_token(tmp_path)
    assert len(token) >= 32
    assert device_token(tmp_path) == token
    assert (tmp_path / "hub-token").stat().st_mode & 0o777 == 0o600


def test_the_demonstrations_hub_takes_a_simulated_payment(
    tmp_path: Path, clock: MovedClock
) -> None:
    with serving(tmp_path, clock, environment="") as hub:
        gateway = RemoteGateway(hub.url, token=device_token(tmp_path))
        payment = gateway.create("T-1", Money(2000), idempotency_key="T-1:create")
    assert payment.url.startswith(f"{hub.bank_url}/pay/")
    with serving(tmp_path, clock, environment="") as again:
        gateway = RemoteGateway(again.url, token=device_token(tmp_path))
        assert gateway.retrieve(payment.id).status is PaymentStatus.PENDING


def test_a_real_provider_is_made_from_the_file(tmp_path: Path, clock: MovedClock) -> None:
    with serving(write(tmp_path, FULL), clock, environment="") as hub:
        assert (hub.provider, hub.bank_url) == ("stripe_checkout", "")


def test_a_full_live_secret_is_refused(tmp_path: Path, clock: MovedClock) -> None:
    folder = write(tmp_path, FULL.replace("rk_test_simulated", "sk_live_0123456789"))
    with (
        pytest.raises(InputRefused, match="restricted key"),
        serving(folder, clock, environment="production"),
    ):
        pass


def test_production_refuses_the_simulator(tmp_path: Path, clock: MovedClock) -> None:
    with (
        pytest.raises(InputRefused, match="refused in production"),
        serving(tmp_path, clock, environment="production"),
    ):
        pass


def test_the_secret_stands_in_no_file_but_its_own(tmp_path: Path, clock: MovedClock) -> None:
    dead = FULL.replace("options = {", 'options = { base = "http://127.0.0.1:9",')
    kiosk_logging.start(tmp_path / "log", clock.now())
    try:
        with serving(write(tmp_path, dead), clock, environment="") as hub:
            gateway = RemoteGateway(hub.url, token=device_token(tmp_path))
            with pytest.raises(PaymentUnavailable) as silent:
                gateway.create("T-1", Money(2000), idempotency_key="T-1:create")
    finally:
        kiosk_logging.stop()
    assert "rk_test" not in str(silent.value)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert {file.name for file in files} >= {"psp.db", "alveole.jsonl"}
    for secret, home in ((b"rk_test_simulated", "payments.toml"), (b"whsec_1", "payments.toml")):
        assert {file.name for file in files if secret in file.read_bytes()} == {home}
    token = device_token(tmp_path).encode()
    assert {file.name for file in files if token in file.read_bytes()} == {"hub-token"}
