"""The demonstration's phone: pays the request of an offline kiosk on the hub's own page."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import msgspec

from kiosk.domain.errors import PaymentUnavailable
from payments.code_routes import LOOK, PAY
from payments.http_post import address, post
from payments.wire import CodeAsk, CodeShape

ANSWER_MAX = 60_000  # bytes: the drawn code and a page
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def pay_by_phone(url: str) -> str:
    """Do what a citizen's phone does with the scanned address; gives the code that it shows.

    Raises PaymentUnavailable when hub or bank don't answer, or don't take it.
    """
    parts = urlsplit(url)
    hub = f"{parts.scheme}://{parts.netloc}"
    ask = msgspec.json.encode(CodeAsk(request=unquote(parts.fragment)))
    began = _asked(hub, PAY, ask)
    if began.url:
        post(address(began.url), "", b"answer=pay", FORM, bytes_max=ANSWER_MAX)
    return _asked(hub, LOOK, ask).code


def _asked(hub: str, path: str, ask: bytes) -> CodeShape:
    status, body = post(address(hub), path, ask, JSON, bytes_max=ANSWER_MAX)
    if status != 200:
        raise PaymentUnavailable(f"the hub doesn't take the request: {body[:200]!r}")
    return msgspec.json.decode(body, type=CodeShape)
