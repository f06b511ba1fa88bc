"""The command ``hub serve``, in a process of its own: paid, killed, started again."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from payments.remote import RemoteGateway

ROOT = Path(__file__).resolve().parents[4]
P = PaymentStatus


@contextmanager
def hub(data: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    command = [sys.executable, "main.py", "hub", "serve", "--data", str(data), "--json", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if line.rstrip() == "}":
                break
        yield process, json.loads("".join(lines))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) in {0, -signal.SIGKILL}


def gateway_of(data: Path, told: dict[str, str]) -> RemoteGateway:
    token = (data / "hub-token").read_text(encoding="ascii")
    return RemoteGateway(told["url"], token=token)


def pay(url: str) -> None:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request("POST", parts.path, "answer=pay")
        assert connection.getresponse().status == 200
    finally:
        connection.close()


def test_a_payment_outlives_a_killed_hub(tmp_path: Path) -> None:
    with hub(tmp_path) as (process, told):
        assert told["provider"] == "simulator"
        kiosk = gateway_of(tmp_path, told)
        payment = kiosk.create("T-1", Money(2000), idempotency_key="T-1:create")
        pay(payment.url)
        held = kiosk.hold(payment.id, load_number=4, idempotency_key="T-1:hold:4")
        assert (held.held, held.status) == (True, P.AUTHORIZED)
        process.kill()
        process.wait(20)
    with hub(tmp_path) as (_, told):
        kiosk = gateway_of(tmp_path, told)
        assert kiosk.retrieve(payment.id).held
        taken = kiosk.capture(payment.id, idempotency_key="T-1:capture")
        assert taken.status is P.SUCCEEDED


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with hub(tmp_path / "a") as (_, told):
        port = str(urlsplit(told["url"]).port)
        command = [sys.executable, "main.py", "hub", "serve", "--port", port]
        second = subprocess.run(
            [*command, "--data", str(tmp_path / "b")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert (second.returncode, second.stdout) == (2, "")
    assert "--port" in second.stderr
    assert second.stderr.count("\n") == 1


def test_a_bad_file_ends_the_hub_with_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from kiosk.app.cli import main

    (tmp_path / "payments.toml").write_text("provider = 3", encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(["hub", "serve", "--data", str(tmp_path)])
    assert end.value.code == 2
    assert "payments.toml" in capsys.readouterr().err
