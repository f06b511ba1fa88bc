"""Runs every gate of the house: the static ones two at a time, then the tests with coverage.

Stops at the first gate that fails and shows its output. The last line counts gates and tests:
``N passed, N failed`` (``, N skipped``).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
STATIC_TIMEOUT_S = 600
TESTS_TIMEOUT_S = 4500
JOBS = 2  # the machines that run the gates have two cores
COVERED_MIN_PCT = 90

# Money, card and feed rules without I/O: every line and branch of them is tested.
PURE = (
    "kiosk/domain/money.py",
    "kiosk/domain/ledger.py",
    "kiosk/domain/closing.py",
    "kiosk/domain/till.py",
    "kiosk/domain/till_rules.py",
    "kiosk/domain/till_acts.py",
    "kiosk/domain/till_entry.py",
    "kiosk/store/verify_ledger.py",
    "kiosk/domain/base45.py",
    "kiosk/domain/counter_code.py",
    "kiosk/domain/packing.py",
    "kiosk/domain/printing.py",
    "kiosk/domain/receipt.py",
    "kiosk/domain/reload_code.py",
    "kiosk/domain/sealed.py",
    "kiosk/domain/ticket.py",
    "kiosk/domain/ticket_order.py",
    "kiosk/domain/freshness.py",
    "payments/topup.py",
    "cardreader/presence.py",
    "cardreader/ndef.py",
    "cardreader/quirks.py",
    "payments/deadlines.py",
    "payments/reconcile.py",
    "payments/reports.py",
    "payments/webhooks.py",
    "kiosk/domain/fingerprint.py",
    "kiosk/domain/hub_load.py",
    "kiosk/domain/standing.py",
    "sync/enrolment.py",
    "sync/protocol/enrolment.py",
    "sync/protocol/private.py",
    "sync/licence.py",
    "sync/protocol/blobs.py",
    "sync/protocol/canonical.py",
    "sync/protocol/delta.py",
    "sync/protocol/envelope.py",
    "sync/protocol/events.py",
    "sync/protocol/manifest.py",
    "sync/protocol/pyramid.py",
    "sync/signing.py",
    "sync/publish.py",
    "sync/feed.py",
    "sync/merge.py",
)


@dataclass(frozen=True, slots=True)
class Gate:
    """A named check: it passes when its command exits 0 within ``timeout_s``."""

    name: str
    command: tuple[str, ...]
    timeout_s: int = STATIC_TIMEOUT_S


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a gate ended, and what it printed."""

    gate: Gate
    code: int
    output: str
    seconds: float


def _tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BIN / name), *arguments)


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *arguments)


STATIC = (
    Gate("mypy", _module("mypy")),
    Gate("basedpyright", _tool("basedpyright", "--warnings")),
    Gate("ruff check", _tool("ruff", "check", ".")),
    Gate("ruff format", _tool("ruff", "format", "--check", ".")),
    Gate("import-linter", _tool("lint-imports")),
    Gate("qml plain text", _module("tests.arch.qml_plain")),
    Gate("qmllint", _module("tests.arch.qml_types")),
    Gate("qmlformat", _module("tests.arch.qml_types", "--format")),
)
TESTS = Gate(
    "pytest",
    _module(
        "pytest",
        *("-n", str(JOBS), "--dist", "loadfile", "--no-header"),
        *("--cov", "--cov-report="),
    ),
    TESTS_TIMEOUT_S,
)
COVERAGE = (
    Gate("coverage", _module("coverage", "report", f"--fail-under={COVERED_MIN_PCT}")),
    Gate(
        "coverage of money and feeds",
        _module("coverage", "report", "--fail-under=100", f"--include={','.join(PURE)}"),
    ),
)


def run(gate: Gate) -> Outcome:
    """Run one gate; a gate that takes too long has failed."""
    started = time.monotonic()
    try:
        done = subprocess.run(
            gate.command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=gate.timeout_s,
            check=False,
        )
        code, output = done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        code, output = 1, f"no end after {late.timeout:.0f} s\n"
    return Outcome(gate, code, output, time.monotonic() - started)


def say(line: str) -> None:
    """Print one line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def report(outcome: Outcome) -> None:
    """Print a gate's line, and its output when it failed."""
    word = "FAILED" if outcome.code else "ok"
    say(f"{outcome.gate.name:<28} {word:<7} {outcome.seconds:6.1f} s")
    if outcome.code:
        say(outcome.output.rstrip())


def together(gates: Sequence[Gate]) -> list[Outcome]:
    """Run gates side by side until one fails; gives those that ended."""
    ended: list[Outcome] = []
    with ThreadPoolExecutor(JOBS) as pool:
        for future in as_completed([pool.submit(run, gate) for gate in gates]):
            ended.append(future.result())
            report(ended[-1])
            if ended[-1].code:
                pool.shutdown(wait=False, cancel_futures=True)
                break
    return ended


def counts(output: str) -> dict[str, int]:
    """Read pytest's summary line: ``3 failed, 12 passed, 1 skipped in 2.1s``."""
    lines = [line for line in output.splitlines() if re.search(r"\d+ \w+.* in [\d.]+s", line)]
    found = re.findall(r"(\d+) (passed|failed|errors?|skipped|xfailed)", lines[-1]) if lines else []
    return {word.rstrip("s") if word == "errors" else word: int(number) for number, word in found}


def closing(outcomes: Sequence[Outcome]) -> str:
    """Give the last line: gates count as one each, the tests by themselves."""
    gates = [one for one in outcomes if one.gate is not TESTS]
    tests = next((one for one in outcomes if one.gate is TESTS), None)
    found = counts(tests.output) if tests else {}
    passed = sum(not one.code for one in gates) + found.get("passed", 0)
    failed = sum(bool(one.code) for one in gates)
    failed += found.get("failed", 0) + found.get("error", 0)
    if tests and tests.code and not failed:
        failed = 1  # pytest itself ended badly: a crash, no tests, a usage error
    skipped = f", {found['skipped']} skipped" if found.get("skipped") else ""
    return f"{passed} passed, {failed} failed{skipped}"


def main() -> int:
    """Run all gates; gives the exit code."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    outcomes = together(STATIC)
    for gate in (TESTS, *COVERAGE):
        if any(one.code for one in outcomes):
            break
        outcomes.append(run(gate))
        report(outcomes[-1])
    say(closing(outcomes))
    return int(any(one.code for one in outcomes))


if __name__ == "__main__":
    sys.exit(main())
