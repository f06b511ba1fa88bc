"""What a phone asks of the hub for an offline kiosk: one page, two calls; framework-free.

The page is one file that fetches nothing but these calls; its policy names its own style and
script by their hashes, so that nothing else runs in it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kiosk.domain.errors import InputRefused
from payments.codes import CodePayments, PayPage
from payments.wire import CodeAsk, CodeShape

PAGE = "/code"
LOOK, PAY = "/code/look", "/code/pay"
FOLDER = Path(__file__).parents[1] / "assets" / "pay"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePage:
    """The phone's page, and the policy (CSP) that it is sent with."""

    html: bytes
    policy: str


def code_page(*, demo: bool) -> CodePage:
    """Give the page; ``demo`` marks it as one where no money moves."""
    text = (FOLDER / "page.html").read_text(encoding="utf-8")
    style = (FOLDER / "page.css").read_text(encoding="utf-8").strip()
    script = (FOLDER / "page.js").read_text(encoding="utf-8").strip()
    text = text.replace("/* page.css */", style).replace("/* page.js */", script)
    if demo:
        text = text.replace('<html lang="fr">', '<html lang="fr" data-demo="yes">')
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return CodePage(html=text.encode(), policy=policy)


class CodeRoutes:
    """The page and its calls, without any socket: another server may mount them."""

    calls = frozenset({LOOK, PAY})

    def __init__(self, codes: CodePayments, page: CodePage) -> None:
        self.codes = codes
        self.page = page

    def post(self, path: str, body: bytes) -> bytes:
        """Answer a call; raises InputRefused, and whatever CodePayments' calls raise."""
        try:
            ask = msgspec.json.decode(body, type=CodeAsk)
        except (msgspec.MsgspecError, ValueError) as wrong:
            raise InputRefused(f"not a request: {wrong}") from wrong
        told = self.codes.pay(ask.request) if path == PAY else self.codes.look(ask.request)
        return msgspec.json.encode(_shape_of(told))


def _shape_of(page: PayPage) -> CodeShape:
    request = page.request
    side, path = _drawn(page.scanned) if page.scanned else (0, "")
    return CodeShape(
        state=page.state.value,
        kiosk=request.kiosk,
        amount_cents=request.amount.cents,
        product=request.product,
        short=page.short,
        url=page.url,
        code=page.code,
        side=side,
        path=path,
    )


def _drawn(text: str) -> tuple[int, str]:
    """Give the QR code of a text: how many modules wide, and its dark ones as an SVG path."""
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text, optimize=0)
    code.make(fit=True)
    rows: Sequence[Sequence[bool]] = [[bool(one) for one in row] for row in code.get_matrix()]
    dark = [(x, y) for y, row in enumerate(rows) for x, on in enumerate(row) if on]
    return len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)


def _hash(content: str) -> str:
    """Give a content's hash as a policy names it (CSP level 3, 2.3.1)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}"
