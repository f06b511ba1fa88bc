"""SIGKILL at every durable step of the hub's side of a code: paid once, the same code."""

from __future__ import annotations

import multiprocessing
import signal
from dataclasses import replace
from pathlib import Path

from kiosk.domain.reload_code import code_for
from payments.simulator.server import read_state
from tests.code_requests import CODE_KEY, a_request
from tests.sim.hub_code_child import Spec, run

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.sim.hub_code_child"])
END_S = 60
EFFECTS_MIN = 20


def child(spec: Spec) -> int:
    process = FORKS.Process(target=run, args=(spec,))
    process.start()
    process.join(END_S)
    assert process.exitcode is not None
    return process.exitcode


def test_a_kill_at_any_step_takes_the_money_once_and_shows_one_code(tmp_path: Path) -> None:
    dry = tmp_path / "dry"
    dry.mkdir()
    assert child(Spec(folder=dry)) == 0
    names = (dry / "effects").read_text().split("\n")[:-1]
    assert len(names) >= EFFECTS_MIN
    for number in range(1, len(names) + 1):
        folder = tmp_path / str(number)
        folder.mkdir()
        spec = Spec(folder=folder, kill_at=number)
        assert child(spec) == -signal.SIGKILL
        assert child(replace(spec, kill_at=0)) == 0
        intents = read_state(folder / "bank.json").intents.values()
        taken = [one.received for one in intents if one.status == "succeeded"]
        told = (names[number - 1], taken, (folder / "code").read_text())
        assert told == (names[number - 1], [2000], code_for(a_request(), CODE_KEY))
