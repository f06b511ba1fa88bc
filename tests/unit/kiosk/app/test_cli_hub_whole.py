"""The hub's commands, each in a process of its own: made, served, enrolled, restored."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.money import Money
from payments.remote import RemoteGateway
from sync.protocol.manifest import Detail, read
from sync.signing import first_notice, open_manifest

ROOT = Path(__file__).resolve().parents[4]
PASSWORD = "a-long-password-of-nobody"


def hub(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main.py", "hub", *words, "--data", str(data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=os.environ | more,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    done = hub(folder, "init", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["territory"] == "orne"
    assert len(told["datasets"]) > 30
    return folder


@pytest.fixture
def served(data: Path) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "main.py", "hub", "serve", "--data", str(data), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if line.rstrip() == "}":
                break
        yield json.loads("".join(lines))
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:  # loopback
        body: bytes = answer.read()
        return body


def test_the_demo_hub_publishes_and_takes_payments(data: Path, served: dict[str, Any]) -> None:
    key = bytes.fromhex(served["hub_key"])
    manifest = open_manifest(get(f"{served['url']}/v1/t/orne/manifest"), key)
    notice = first_notice(get(f"{served['url']}/v1/t/orne/keys"))
    assert notice.key == key
    assert len(manifest.datasets) > 30
    first = manifest.datasets[0]
    detail = read(get(f"{served['url']}/v1/b/{first.detail}"), Detail)
    assert detail.snapshot.count == first.count
    token = (data / "hub-token").read_text(encoding="ascii")
    kiosk = RemoteGateway(served["url"], token=token)
    assert kiosk.create("T-1", Money(2000), idempotency_key="T-1:create").url
    with pytest.raises(urllib.error.HTTPError):
        get(f"{served['url']}/v1/k/knobody/private")


def test_init_may_be_done_again(data: Path) -> None:
    done = hub(data, "init", "--json")
    told = json.loads(done.stdout)
    assert (told["epoch"], told["version"] > 1) == (1, True)


def test_a_restored_hub_publishes_a_new_epoch_with_a_new_key(data: Path) -> None:
    before = json.loads(hub(data, "publish", "--json").stdout)
    after = json.loads(hub(data, "publish", "--restored", "--json").stdout)
    assert after["epoch"] == before["epoch"] + 1
    assert after["hub_key"] != before["hub_key"]


def test_an_administrator_is_made_once(data: Path) -> None:
    asked = {"ALVEOLE_HUB_PASSWORD": PASSWORD}
    assert hub(data, "create-admin", "claire", **asked).returncode == 0
    again = hub(data, "create-admin", "claire", **asked)
    assert (again.returncode, "claire" in again.stderr) == (2, True)
    assert hub(data, "create-admin", "paul", ALVEOLE_HUB_PASSWORD="short").returncode == 2


def test_an_unknown_code_is_a_no(data: Path) -> None:
    done = hub(data, "enrol-code", "BCDF-GHJK", "--approve")
    assert done.returncode == 1
    assert "code" in done.stderr


def test_the_root_s_words_are_printed_for_whoever_installs_kiosks(data: Path) -> None:
    territory, _, words = hub(data, "words").stdout.strip().partition(": ")
    assert (territory, len(words.split())) == ("orne", 4)


def test_a_load_waits_under_the_card_s_next_number(data: Path) -> None:
    done = hub(data, "pend-load", "a" * 32, "2000", "--after", "3")
    assert done.stdout == "load 4 of 2000 cents waits for its card\n"
    assert hub(data, "pend-load", "x", "2000", "--after", "3").returncode == 2


def test_card_keys_are_made_told_and_retired_without_being_shown(data: Path) -> None:
    assert hub(data, "card-keys").stdout == "orne: card keys of version none; edition 0\n"
    assert hub(data, "card-keys", "--new").stdout == "orne: card keys of version 1; edition 1\n"
    done = hub(data, "card-keys", "--new", "--json")
    assert json.loads(done.stdout) == {"territory": "orne", "edition": 2, "versions": [1, 2]}
    done = hub(data, "card-keys", "--retire", "1")
    assert done.stdout == "orne: card keys of version 2; edition 3\n"
    assert hub(data, "card-keys", "--new", "--retire", "2").returncode == 2
    assert hub(data, "card-keys", "--import", str(data / "absent.json")).returncode == 2


def test_an_unknown_kiosk_can_t_be_shut_out(data: Path) -> None:
    assert hub(data, "revoke", "knobody").returncode == 2


def test_a_round_of_work_without_sources_publishes_nothing(data: Path) -> None:
    done = hub(data, "work", "--once", "--json")
    assert json.loads(done.stdout) == {"published": [], "failed": []}


def test_django_s_own_commands_are_reached(data: Path) -> None:
    done = hub(data, "manage", "check")
    assert (done.returncode, "no issues" in done.stdout) == (0, True)
    assert hub(data, "manage", "nonsense").returncode == 2


@pytest.mark.parametrize("words", [("publish",), ("work", "--once"), ("enrol-code", "BCDF")])
def test_without_a_hub_it_says_what_to_do(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = hub(tmp_path, *words)
    assert (done.returncode, "hub init" in done.stderr) == (2, True)
