"""From laying a card to its balance in the view model, in process; prints its figures as JSON.

Run by bench/card.py. The card lies on the demonstration's tray, whose APDUs take no time: what is
measured is the kiosk's own share of "insert event to screen" (CARD.md, "What must be shown", 6).
With LATENCY_MS an APDU, beside it, one sees what silicon would add.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtGui import QGuiApplication

from cardreader.virtual.demo_chips import used_chip
from cardreader.virtual.mischief import Slow
from cardreader.virtual.vpcd import Picc
from kiosk.app.console import Place
from kiosk.app.container import Kiosk, build
from kiosk.app.content import prepare
from kiosk.app.installed import SystemClock, installed

TAPS, SLOW_TAPS, LATENCY_MS = 60, 10, 15
BALANCE = "12,40\u00a0€"
WAIT_MAX_S, SETTLE_S = 10.0, 0.05


def main() -> None:
    QGuiApplication(sys.argv)
    with TemporaryDirectory() as folder:
        here = installed(Place(data=Path(folder), territory="orne"))
        prepare(here, datetime.now(UTC))
        kiosk = build(here, SystemClock(), environment="")
        kiosk.serve()
        _wait(kiosk, shown=False)
        card = used_chip(datetime.now(UTC))
        spans = [_tap(kiosk, card) for _ in range(TAPS)]
        slow = [_tap(kiosk, Slow(card, LATENCY_MS)) for _ in range(SLOW_TAPS)]
        kiosk.close()
    figures = {
        "insert_to_screen_p50_ms": statistics.median(spans),
        "insert_to_screen_p95_ms": statistics.quantiles(spans, n=20)[-1],
        f"insert_to_screen_{LATENCY_MS}ms_p50_ms": statistics.median(slow),
    }
    sys.stdout.write(json.dumps(figures))


def _tap(kiosk: Kiosk, card: Picc) -> float:
    assert kiosk.demo is not None
    start = time.perf_counter()
    kiosk.demo.reader.lay(card)
    _wait(kiosk, shown=True)
    span = (time.perf_counter() - start) * 1000
    kiosk.demo.reader.lift()
    _wait(kiosk, shown=False)
    return span


def _wait(kiosk: Kiosk, *, shown: bool) -> None:
    """Run Qt's events until the open screen shows the balance, or nothing of a card is left."""
    end = time.perf_counter() + WAIT_MAX_S
    while (kiosk.app.opened.property("balance") == BALANCE) is not shown:
        assert time.perf_counter() < end, "the screen doesn't follow the card"
        QGuiApplication.processEvents()
    settled = time.perf_counter() + SETTLE_S
    while not shown and time.perf_counter() < settled:  # what the lift asked for comes back
        QGuiApplication.processEvents()


if __name__ == "__main__":
    main()
