"""Measures the card: PC/SC's round trip, insertion to callback, and what a debit takes.

The real chain (pyscard, pcscd, vpcd) runs in a stand of its own (tests/stand); where namespaces
aren't permitted its figures are missing, and their limits are then broken.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping

from kiosk.app.cli_bench import Figure, Options
from kiosk.app.console import ROOT
from tests.stand.namespace import entering, refusal

TIMEOUT_S = 300
GATES: Mapping[str, float] = {
    "round_trip_ms": 1.0,
    "event_to_told_p95_ms": 100.0,
    "debit_15ms_present_ms": 300.0,
    "debit_own_p95_ms": 15.0,
}


def run(options: Options) -> dict[str, Figure]:
    """Measure inside the stand."""
    del options
    if why_not := refusal():
        return {"chain": f"not measured: {why_not}"}
    done = subprocess.run(
        entering([sys.executable, "-m", "bench._card_chain"]),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        timeout=TIMEOUT_S,
        check=True,
    )
    figures: dict[str, Figure] = json.loads(done.stdout)
    return figures
