"""The runner of the gates: stops at the first failure, and counts what ran."""

from __future__ import annotations

import sys

import pytest

from tests import gates
from tests.gates import Gate, Outcome, closing, counts, run, together


def gate(name: str, code: str, timeout_s: int = 20) -> Gate:
    return Gate(name, (sys.executable, "-c", code), timeout_s)


def ended(one: Gate, code: int = 0, output: str = "") -> Outcome:
    return Outcome(one, code, output, 0.1)


def test_a_gate_that_exits_0_passes() -> None:
    outcome = run(gate("a", "print('fine')"))
    assert (outcome.code, outcome.output) == (0, "fine\n")


def test_a_gate_without_an_end_fails() -> None:
    outcome = run(gate("slow", "input(); import time; time.sleep(60)", timeout_s=1))
    assert outcome.code != 0


def test_the_first_failing_gate_stops_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = gate("wrong", "import sys; sys.exit('broken wing')")
    many = [gate(f"g{n}", "pass") for n in range(40)]
    outcomes = together([wrong, *many])
    assert outcomes[-1].gate is wrong
    assert len(outcomes) < len(many)
    assert "broken wing" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("12 passed in 0.5s", {"passed": 12}),
        (
            "3 failed, 12 passed, 1 skipped in 62.10s (0:01:02)",
            {"failed": 3, "passed": 12, "skipped": 1},
        ),
        ("2 errors in 1.0s", {"error": 2}),
        ("1 passed, 1 error in 1.0s", {"passed": 1, "error": 1}),
        ("no tests ran in 0.01s", {}),
        ("", {}),
    ],
)
def test_the_summary_of_the_tests_is_read(line: str, found: dict[str, int]) -> None:
    assert counts(f"....\n5 passed yesterday\n{line}\n") == found


def test_gates_and_tests_are_counted_together() -> None:
    outcomes = [ended(gates.STATIC[0]), ended(gates.TESTS, output="7 passed, 2 skipped in 1.0s")]
    assert closing(outcomes) == "8 passed, 0 failed, 2 skipped"


def test_a_failing_gate_is_counted() -> None:
    assert closing([ended(gates.STATIC[0]), ended(gates.STATIC[1], 1)]) == "1 passed, 1 failed"


@pytest.mark.parametrize("output", ["", "no tests ran in 0.01s", "4 passed in 1.0s\nSegfault"])
def test_tests_that_end_badly_never_count_as_green(output: str) -> None:
    assert closing([ended(gates.TESTS, 3, output)]).endswith("1 failed")


def test_every_file_that_must_be_fully_covered_exists() -> None:
    assert [file for file in gates.PURE if not (gates.ROOT / file).is_file()] == []
