"""Stripe's API behind a disturbed network: each call meets the next fault of the plan."""

from __future__ import annotations

import threading
from collections import deque

from payments.simulator.api import Answer, Api, Request, refused
from payments.simulator.faults import Fault, FaultPlan

_CODES = {402: "card_declined", 409: "lock_timeout", 429: "rate_limit", 500: ""}
_KINDS = {402: "card_error", 500: "api_error"}


class DisturbedApi:
    """An Api whose calls may be lost, repeated, late or refused."""

    def __init__(self, api: Api, plan: FaultPlan) -> None:
        self.api = api
        self.plan = plan
        self._late: deque[Request] = deque()
        self._turn = threading.RLock()

    def answer(self, request: Request) -> Answer | None:
        """Answer through the fault that comes next; None when no answer gets through."""
        with self._turn:
            for _ in range(len(self._late)):
                self.api.answer(self._late.popleft())
            fault = self.plan.next()
            if fault is not None and fault.status:
                return self._refused(request, fault.status)
            if fault is Fault.LATE:
                self._late.append(request)
            if fault in {Fault.LATE, Fault.REQUEST_LOST}:
                return None
            answer = self.api.answer(request)
            if fault is Fault.REPEATED:
                answer = self.api.answer(request)
            return None if fault is Fault.ANSWER_LOST else answer

    def _refused(self, request: Request, status: int) -> Answer:
        kind = _KINDS.get(status, "invalid_request_error")
        answer = refused(status, _CODES[status], f"simulated fault: {status}", kind)
        kept = status in {402, 500} and request.method == "POST" and request.key
        if kept and request.key not in self.api.psp.state.kept:
            self.api.keep(request, answer)
        return answer
