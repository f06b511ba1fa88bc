"""A receipt's QR code: signed, its matrix made and painted, as the screen does it.

All figures are CPU time. The gate: a receipt's code is painted in less than 20 ms.
``best_mask_ms`` is what choosing the best of the eight masks would take instead (ui.qr.MASK).
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

from PySide6.QtCore import QSize

from kiosk.app.cli_bench import Figure, Options
from kiosk.domain.money import Money
from kiosk.domain.receipt import Mark, Receipt, ReceiptKind, ReceiptLine, receipt_code
from kiosk.store.device_key import DeviceKey
from ui.pictures import QrProvider
from ui.qr import code_of, matrix_of
from ui.views.receipt import carried

GATES: Mapping[str, float] = {"painted_p50_ms": 20.0}
ROUNDS = 40
SIDE_PX = 480
LINES = (
    "Reçu de recharge",
    "SIMULATION\u00a0: aucune somme réelle",
    "L’Orne",
    "22/11/2026 10:42",
    "Carte ••••\u00a04821",
    "Montant\u00a0: 20,00\u00a0€",
    "Écriture n°\u00a0104",
)
RECEIPT = Receipt(
    number="T-0123456789ab",
    kind=ReceiptKind.TOPUP,
    lines=(ReceiptLine(label="Recharge de la carte", amount=Money(2000)),),
    territory="L’Orne",
    kiosk="borne",
    at=datetime(2026, 11, 22, 9, 42, tzinfo=UTC),
    entry=104,
    last_four="4821",
    marks=Mark.DEMO,
)


def run(_: Options) -> Mapping[str, Figure]:
    """Measure each step by itself, then matrix and painting together."""
    with tempfile.TemporaryDirectory(prefix="alveole-bench-qr-") as folder:
        signer = DeviceKey(Path(folder))
    code = receipt_code(RECEIPT, signer)
    parts = carried(LINES, code, "")
    provider, side = QrProvider(), QSize(SIDE_PX, SIDE_PX)

    def painted() -> None:
        provider.requestImage(code_of(matrix_of(*parts)), QSize(), side)

    picture = code_of(matrix_of(*parts))
    both = timed(painted)
    return {
        "characters": sum(len(part) for part in parts),
        "version": (len(matrix_of(*parts)) - 17) // 4,
        "signed_p50_ms": statistics.median(timed(lambda: receipt_code(RECEIPT, signer))),
        "matrix_p50_ms": statistics.median(timed(lambda: matrix_of(*parts))),
        "drawn_p50_ms": statistics.median(
            timed(lambda: provider.requestImage(picture, QSize(), side))
        ),
        "painted_p50_ms": statistics.median(both),
        "painted_p95_ms": sorted(both)[int(len(both) * 0.95)],
        "best_mask_ms": statistics.median(timed(lambda: best_mask(parts), 5)),
    }


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Give the CPU milliseconds of each round, after one to warm up."""
    work()
    found: list[float] = []
    for _ in range(rounds):
        began = process_time()
        work()
        found.append((process_time() - began) * 1000)
    return found


def best_mask(parts: tuple[str, ...]) -> None:
    """Make the matrix with the mask that the standard's penalties choose."""
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    for part in parts:
        code.add_data(part.encode(), optimize=0)
    code.make(fit=True)
