"""A slip as the tests print it."""

from __future__ import annotations

from kiosk.domain.printing import Setting, Slip, SlipLine
from ui.qr import matrix_of

CODE = "ALV1:" + "W50S%CV 0IB00" * 14


def a_slip(code: str = CODE) -> Slip:
    return Slip(
        lines=(
            SlipLine(text="L’Orne", setting=Setting.TITLE),
            SlipLine(text="DUPLICATA", setting=Setting.STRONG),
            SlipLine(text="Reçu d’été nº 1 – œuvre\u00a0: cœur…"),
            SlipLine(text="Recharge de la carte •••• 4821", right="20,00\u00a0€"),
            SlipLine(text="vingt euros"),
        ),
        matrix=tuple(tuple(row) for row in matrix_of(code)) if code else (),
    )
