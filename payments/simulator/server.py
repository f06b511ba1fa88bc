"""The bank's stand-in over HTTP on loopback: the API, the pay page, its state in a file.

It listens on 127.0.0.1 only, asks for no real key, and refuses to exist in production. Its state
file is replaced whole after each change, so that a killed stand-in comes back as it was.
"""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.ports import Clock
from payments.loopback import Handler, Loopback
from payments.simulator.api import Answer, Api, Request
from payments.simulator.disturbed import DisturbedApi
from payments.simulator.faults import FaultPlan
from payments.simulator.forms import decode, text
from payments.simulator.objects import VERSION, State
from payments.simulator.pay_page import page
from payments.simulator.psp import Psp

BODY_BYTES_MAX = 100_000


def read_state(file: Path) -> State:
    """Read a state file, a new state when there is none; raises InputRefused when it is broken."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=State)
    except FileNotFoundError:
        return State()
    except (OSError, msgspec.MsgspecError) as wrong:
        todo = "delete it: no real money is in it"
        raise InputRefused(f"can't be read: {wrong}", where=str(file), todo=todo) from wrong


def _write_state(file: Path, state: bytes) -> None:
    """Replace a state file whole."""
    aside = file.with_suffix(".new")
    aside.write_bytes(state)
    aside.replace(file)


class SimulatorServer(Loopback):
    """The stand-in in a thread; a context manager that ends it."""

    def __init__(
        self, *, clock: Clock, environment: str, file: Path | None = None, port: int = 0
    ) -> None:
        """Listen at once; raises InputRefused in production or for a broken state file."""
        state = read_state(file) if file else None
        self.psp = Psp(clock=clock, environment=environment, state=state)
        self.plan = FaultPlan()
        self._api = DisturbedApi(Api(self.psp), self.plan)
        self._file = file
        self._saved = b""
        super().__init__(type("Handler", (_Handler,), {"simulator": self}), port=port)
        self.psp.pages = self.url

    def answer(self, request: Request) -> Answer | None:
        """Answer one call and save what it changed."""
        answer = self._api.answer(request)
        self.save()
        return answer

    def save(self) -> None:
        """Write the state's file, if there is one and something changed (most calls only read)."""
        if self._file is None:
            return
        with self.psp.turn:
            state = msgspec.json.encode(self.psp.state)
            if state != self._saved:
                _write_state(self._file, state)
                self._saved = state

    def citizen(self, session_id: str, *, pays: bool) -> None:
        """Do what the pay page's buttons do."""
        (self.psp.pay if pays else self.psp.decline)(session_id)
        self.save()


class _Handler(Handler):
    """One connection: reads a call, answers it or closes without a word."""

    simulator: SimulatorServer
    protocol_version = "HTTP/1.1"

    def get(self) -> None:
        """Answer a read, or show the pay page."""
        parts = urlsplit(self.path)
        if parts.path.startswith("/pay/"):
            self._show(parts.path.removeprefix("/pay/"))
        else:
            self._call("GET", parts.path, parts.query)

    def post(self) -> None:
        """Answer a write, or a button of the pay page."""
        sent = self.body(BODY_BYTES_MAX)
        if sent is None:
            self._send(413, b"", "text/plain")
            return
        body = sent.decode("utf-8", errors="replace")
        path = urlsplit(self.path).path
        if path.startswith("/pay/"):
            session_id = path.removeprefix("/pay/")
            pays = text(decode(body), "answer") == "pay"
            self.simulator.citizen(session_id, pays=pays)
            self._show(session_id)
        else:
            self._call("POST", path, body)

    def _call(self, method: str, path: str, body: str) -> None:
        if not self.headers.get("Authorization", "").startswith("Bearer "):
            self._tell(Answer(status=401, document={"error": {"type": "invalid_request_error"}}))
            return
        try:
            form = decode(body)
        except ValueError as wrong:
            error = {"type": "invalid_request_error", "message": str(wrong)}
            self._tell(Answer(status=400, document={"error": error}))
            return
        key = self.headers.get("Idempotency-Key", "")
        asked = Request(method="GET" if method == "GET" else "POST", path=path, form=form, key=key)
        answer = self.simulator.answer(asked)
        if answer is None:
            self.close_connection = True  # lost: the caller sees a closed connection
        else:
            self._tell(answer)

    def _tell(self, answer: Answer) -> None:
        body = json.dumps(answer.document).encode()
        self._send(answer.status, body, "application/json", replayed=answer.replayed)

    def _show(self, session_id: str) -> None:
        session = self.simulator.psp.state.sessions.get(session_id)
        shown = page(session)
        self._send(404 if session is None else 200, shown.encode(), "text/html; charset=utf-8")

    def _send(self, status: int, body: bytes, kind: str, *, replayed: bool = False) -> None:
        headers = {
            "Content-Type": kind,
            "Stripe-Version": VERSION,
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        }
        if replayed:
            headers["Idempotent-Replayed"] = "true"
        self.send(status, body, headers)
