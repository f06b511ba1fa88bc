"""Runs tests/chain inside the stand (own network and mounts) and reports it case by case."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from defusedxml import ElementTree

from tests.stand.namespace import entering, refusal

TIMEOUT_S = 600
OF_THE_PARENT = ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_CURRENT_TEST")


def test_the_real_chain(
    root: Path, tmp_path: Path, pytestconfig: pytest.Config, subtests: pytest.Subtests
) -> None:
    why_not = refusal()
    if why_not and os.environ.get("CI") == "true":
        pytest.fail(f"the real chain must run here: {why_not}")
    if why_not:
        pytest.skip(f"the real chain can't run here: {why_not}")
    report = tmp_path / "chain.xml"
    environment = {name: word for name, word in os.environ.items() if name not in OF_THE_PARENT}
    command = [sys.executable, "-m", "pytest", "tests/chain", f"--junitxml={report}"]
    if pytestconfig.getoption("cov_source", default=None):  # part of the parent's measure
        command += ["--cov", "--cov-report="]
        environment["COVERAGE_FILE"] = str(root / f".coverage.chain-{os.getpid()}")
    child = subprocess.run(
        entering(command),
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert report.exists(), child.stdout + child.stderr
    for case in ElementTree.parse(report).iter("testcase"):
        with subtests.test(case.get("name", "")):
            wrong = case.find("failure") if case.find("failure") is not None else case.find("error")
            assert wrong is None, "\n".join(wrong.itertext()) if wrong is not None else ""
    assert child.returncode == 0, child.stdout + child.stderr
