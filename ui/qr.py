"""QR codes as text: the matrix of a payload, and its short name for ``image://qr/<code>``.

The code is ``<modules>/<hex>``: one bit a module, row by row, dark is 1. It is the whole
picture, so that what draws it keeps nothing between two visits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

VERSION_MAX = 20
MODULES_MAX = 17 + 4 * VERSION_MAX  # ISO/IEC 18004, 5.3.1
QUIET = 4  # modules of white around the code (ISO/IEC 18004, 5.3.8)
# A fixed mask: choosing the best of eight takes four times as long (bench qr), and readers follow
# any; this one leaves no long runs in what the kiosk shows (read back in tests).
MASK = 3
_CODE = re.compile(r"(?P<side>[0-9]{2,3})/(?P<bits>[0-9a-f]{1,2400})")

Matrix = Sequence[Sequence[bool]]


def matrix_of(*parts: str) -> Matrix:
    """Give the modules of the QR code of the joined ``parts``, True is dark; no quiet zone.

    Each part is packed as densely as all its characters allow. At error correction M a payload
    of ``kiosk.domain.takeaway`` needs version 20 at most.
    """
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    for part in parts:
        # bytes as one segment: version and readers' guess of UTF-8 don't depend on the text
        code.add_data(part.encode(errors="replace"), optimize=0)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def code_of(matrix: Matrix) -> str:
    """Give the code of a matrix."""
    bits = "".join("1" if dark else "0" for row in matrix for dark in row)
    width = -(-len(bits) // 4)
    return f"{len(matrix)}/{int(bits, 2):0{width}x}"


def read_code(code: str) -> Matrix | None:
    """Give the matrix of a code, None when it isn't one."""
    found = _CODE.fullmatch(code)
    if not found:
        return None
    side = int(found["side"])
    if side > MODULES_MAX or len(found["bits"]) != -(-side * side // 4):
        return None
    bits = f"{int(found['bits'], 16):0{side * side}b}"
    if len(bits) != side * side:
        return None
    return [[bit == "1" for bit in bits[i * side : (i + 1) * side]] for i in range(side)]
