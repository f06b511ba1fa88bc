"""Measures the card: PC/SC's round trip, insertion to callback and to the screen, debits, a gate.

A debit is counted from its tap's first APDU, its reading included (cardreader/operations.py): 15
and 3 APDUs. A gate's tap goes from PC/SC's event to "yes", over a journal that waits for the disk.

The real chain (pyscard, pcscd, vpcd) runs in a stand of its own (tests/stand); where namespaces
aren't permitted its figures are missing, and their limits are then broken.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from kiosk.app.cli_bench import Figure, Options
from kiosk.app.console import ROOT
from tests.stand.namespace import entering, refusal

TIMEOUT_S = 300
GATES: Mapping[str, float] = {
    "round_trip_ms": 1.0,
    "event_to_told_p95_ms": 100.0,
    "insert_to_screen_p95_ms": 100.0,
    "debit_15ms_present_ms": 300.0,
    "debit_own_p95_ms": 15.0,
}


def run(options: Options) -> dict[str, Figure]:
    """Measure the screen in a process of its own, the chain inside the stand."""
    del options
    screen = _told([sys.executable, "-m", "bench._card_screen"])
    if why_not := refusal():
        return {**screen, "chain": f"not measured: {why_not}"}
    return {**screen, **_told(entering([sys.executable, "-m", "bench._card_chain"]))}


def _told(command: Sequence[str]) -> dict[str, Figure]:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        timeout=TIMEOUT_S,
        check=True,
    )
    figures: dict[str, Figure] = json.loads(done.stdout)
    return figures
