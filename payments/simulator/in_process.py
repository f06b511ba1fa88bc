"""A transport to the bank's stand-in inside the same process, in the words of Stripe's API."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, cast

from kiosk.domain.errors import PaymentUnavailable
from payments.providers.stripe_wire import Reply
from payments.simulator.api import Answer, Request
from payments.simulator.forms import Json


class InProcess:
    """payments.providers.stripe_wire.Transport over a stand-in's ``answer``."""

    def __init__(self, answer: Callable[[Request], Answer | None]) -> None:
        self._answer = answer

    def ask(self, method: str, path: str, params: Mapping[str, object], *, key: str = "") -> Reply:
        """Ask once; raises PaymentUnavailable when no answer got through."""
        form = cast("Json", _spelled(params))
        verb: Literal["GET", "POST"] = "GET" if method == "GET" else "POST"
        answer = self._answer(Request(method=verb, path=path, form=form, key=key))
        if answer is None:
            raise PaymentUnavailable("the simulated bank doesn't answer")
        error = cast("Mapping[str, str]", answer.document.get("error") or {})
        return Reply(
            status=answer.status,
            document=answer.document,
            code=error.get("code", ""),
            kind=error.get("type", ""),
            message=error.get("message", ""),
        )


def _spelled(value: object) -> object:
    """Give parameters as a form spells them: every leaf a text."""
    if isinstance(value, Mapping):
        inside = cast("Mapping[str, object]", value)
        return {name: _spelled(part) for name, part in inside.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_spelled(part) for part in cast("Sequence[object]", value)]
    return str(value)
