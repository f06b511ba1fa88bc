"""A verified receipt as a PDF, in the territory's words and zone."""

from __future__ import annotations

import os
from dataclasses import replace

from kiosk.app.console import Place
from kiosk.app.context import context_of
from kiosk.app.installed import SystemClock, installed
from kiosk.domain.receipt import Mark, Receipt


def receipt_pdf(place: Place, receipt: Receipt, code: str) -> bytes:
    """Give the PDF of a receipt that is given once more: it says "duplicata", its code doesn't."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # no display is needed to draw
    from kiosk.devices.pdf import pdf_of
    from ui.application import make_application
    from ui.qr import matrix_of
    from ui.views.receipt import slip_of

    here = installed(place)
    make_application()
    try:
        context = context_of(here, SystemClock())
        copy = replace(receipt, marks=receipt.marks | Mark.DUPLICATE)
        slip = slip_of(context, copy, matrix_of(code))
    finally:
        here.content.close()
    return pdf_of(slip, title=receipt.number)
