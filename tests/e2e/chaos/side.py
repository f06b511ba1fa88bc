"""The two far ends of the chaos matrix: a process in its own namespaces, told in lines of JSON."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.e2e.chaos.wire import TUN, open_tun

ROOT = Path(__file__).resolve().parents[3]
NEEDED = ("unshare", "ip", "mount")
PROBE_S = 30
Told = dict[str, Any]
Verb = Callable[..., object]


def entering(command: list[str]) -> list[str]:
    """Give the command line that runs ``command`` in new network and mount namespaces."""
    root = [] if os.geteuid() == 0 else ["--map-root-user"]
    return [
        "unshare",
        *root,
        "-n",
        "-m",
        "-p",
        "-f",
        "--kill-child",
        "--mount-proc",
        "--",
        *command,
    ]


def refusal() -> str:
    """Give why there can be no such namespaces on this machine, "" when there can."""
    import shutil

    missing = [tool for tool in NEEDED if shutil.which(tool) is None]
    if missing:
        return f"not installed: {', '.join(missing)}"
    if not TUN.exists():
        return f"this kernel has no {TUN}"
    probe = ["sh", "-c", "ip tuntap add dev probe mode tun && ip link set lo up"]
    done = subprocess.run(
        entering(probe), capture_output=True, text=True, timeout=PROBE_S, check=False
    )
    return f"namespaces aren't permitted: {done.stderr.strip()}" if done.returncode else ""


class Side:
    """One end, from the laboratory; ``tun`` is its device."""

    def __init__(self, module: str, folder: Path, environment: Mapping[str, str]) -> None:
        here, there = socket.socketpair()
        with here, there:
            self._process = subprocess.Popen(
                entering([sys.executable, "-m", module, str(folder), str(there.fileno())]),
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=[there.fileno()],
                text=True,
            )
            there.close()
            _, files, _, _ = socket.recv_fds(here, 1, 1)
        assert files, f"{module} has not begun"
        self.tun = files[0]

    def ask(self, verb: str, **words: object) -> Any:
        """Let it do something; gives what it answers."""
        to, back = self._process.stdin, self._process.stdout
        assert to is not None
        assert back is not None
        to.write(json.dumps({"verb": verb, **words}) + "\n")
        to.flush()
        line = back.readline()
        assert line, f"{verb}: the side has died"
        return json.loads(line)

    def close(self) -> None:
        """End it: it ends when nothing more is told."""
        with self._process as process:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(60)


def begin(number: int, address: str) -> None:
    """Set a side's network up and hand its device over; called in the new namespace."""
    tun = open_tun()
    for words in (
        "link set lo up",
        f"addr add {address}/30 dev wire",
        "link set wire mtu 1500 up",
    ):
        subprocess.run(["ip", *words.split()], check=True)
    with socket.socket(fileno=number) as laboratory:
        socket.send_fds(laboratory, [b"t"], [tun])
    os.close(tun)


def serve(verbs: Mapping[str, Verb]) -> None:
    """Do what is told until the input ends."""
    for line in sys.stdin:
        told: Told = json.loads(line)
        answer = verbs[told.pop("verb")](**told)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
