"""What a kiosk does before its first frame imports nothing that only a later act needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LATER = {
    "_hashlib",  # OpenSSL: journals, cards, codes
    "cryptography",
    "kiosk.app.safe",
    "kiosk.domain.ledger",
    "kiosk.domain.payment",
    "kiosk.domain.purse",
    "kiosk.domain.receipt",
    "kiosk.domain.reload_code",
    "kiosk.domain.till",
    "kiosk.usecases.redeem_code",
    "kiosk.usecases.reload_card",
    "qasync",
    "qrcode",
    "structlog",
    "subprocess",
    "ui.card_desk",
    "ui.gate_desk",
    "ui.till_desk",
    "ui.wallet",
}
PROBE = """
import sys
from pathlib import Path
from kiosk.app.before_qt import load
load()
from ui.application import make_application
from kiosk.app.console import Place
from kiosk.app.container import build
from kiosk.app.installed import SystemClock, installed
import kiosk.app.run
make_application()
kiosk = build(installed(Place(data=Path(sys.argv[1]))), SystemClock(), environment="test")
print(" ".join(sys.modules))
kiosk.close()
"""


def imported(folder: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(folder)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_QUICK_BACKEND": "software"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return set(done.stdout.split())


def test_a_kiosk_is_built_without_what_its_first_frame_does_not_need(tmp_path: Path) -> None:
    there = imported(tmp_path)
    assert "ui.viewmodels.hive" in there
    assert there & LATER == set()
