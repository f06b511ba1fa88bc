"""A hub served in a process of its own, and what is asked of it from outside."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.store.device_key import DeviceKey
from sync.message_signing import Asked, sign

ROOT = Path(__file__).resolve().parents[2]


def alveole(data: Path, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "main.py", *words, "--data", str(data), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=os.environ,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout[done.stdout.index("{") :])  # the sync's log comes before it


@contextmanager
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Make a hub and serve it; its folder and address."""
    data = tmp_path / "hub"
    alveole(data, "hub", "init")
    command = [sys.executable, "main.py", "hub", "serve", "--data", str(data), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if line.rstrip() == "}":
                break
        try:
            yield data, json.loads("".join(lines))["url"]
        finally:  # a failed test must not wait for its hub for ever
            process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def post(url: str, shape: dict[str, str], key: DeviceKey) -> Any:
    body = json.dumps(shape).encode()
    asked = Asked(method="POST", url=url, headers={"Content-Type": "application/json"})
    name, nonce = key.public_key.hex(), secrets.token_urlsafe(18)
    sign(asked, body, key, device=name, nonce=nonce, now=datetime.now(UTC))
    request = urllib.request.Request(url, body, asked.headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())
