"""SIMULATION of PayFiP's SOAP service: idOps, results, its documented faults. No money moves.

It refuses to exist in production. ``answer`` is the service; ``PayfipServer`` puts it on loopback.
"""

from __future__ import annotations

import itertools
import threading
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from defusedxml.ElementTree import fromstring

from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import InputRefused
from kiosk.ports import Clock
from payments.loopback import Handler, Loopback
from payments.providers.payfip.client import BYTES_MAX, ENVELOPE, NAMESPACE, local
from payments.simulator.faults import Fault, FaultPlan

OPENS_MAX = timedelta(minutes=15)
Result = Literal["", "P", "V", "R", "Z", "A"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A payment asked for; ``result`` "" until the citizen has ended it."""

    fields: dict[str, str]
    at: datetime
    result: Result = ""


class SimulatedPayfip:
    """The service's state; ``fault`` breaks the next calls: "silent", "technical" or a code.

    ``plan`` holds what befalls the calls that ``through`` brings, one each.
    """

    def __init__(self, *, clock: Clock, environment: str) -> None:
        """Begin with no operation; raises InputRefused in production."""
        if environment == PRODUCTION:
            raise InputRefused("simulated payments are refused in production")
        self._clock = clock
        self._numbers = itertools.count(1)
        self.operations: dict[str, Operation] = {}
        self.fault = ""
        self.plan = FaultPlan()
        self._late: deque[bytes] = deque()
        self._turn = threading.Lock()

    def end(self, idop: str, result: Result) -> None:
        """Let the citizen end a payment; a page that lapsed can't be opened any more."""
        operation = self.operations[idop]
        if self._clock.now() - operation.at < OPENS_MAX and not operation.result:
            self.operations[idop] = replace(operation, result=result)

    def through(self, body: bytes) -> tuple[int, bytes] | None:
        """Answer one call through the fault that comes next; None when no answer gets through."""
        with self._turn:
            for _ in range(len(self._late)):
                self.answer(self._late.popleft())
            fault = self.plan.next()
            if fault is not None and fault.status:
                return _refused(fault)
            if fault is Fault.LATE:
                self._late.append(body)
            if fault in {Fault.LATE, Fault.REQUEST_LOST}:
                return None
            answer = self.answer(body)
            if fault is Fault.REPEATED:
                answer = self.answer(body)
            return None if fault is Fault.ANSWER_LOST else answer

    def answer(self, body: bytes) -> tuple[int, bytes]:
        """Answer one call."""
        if self.fault:
            return self._broken()
        call = next(iter(fromstring(body)[0]))
        fields = {local(field.tag): field.text or "" for field in call[0]}
        if local(call.tag) == "creerPaiementSecurise":
            return self._created(fields)
        operation = self.operations.get(fields.get("idOp", ""))
        if operation is None:
            return _functional("P1", "IdOp incorrect")
        if not operation.result:
            return _functional("P5", "Aucun résultat")
        told = operation.fields | {"idOp": fields["idOp"], "resultrans": operation.result}
        return _answer("recupererDetailPaiementSecuriseResponse", told)

    def _created(self, fields: dict[str, str]) -> tuple[int, bytes]:
        cents = int(fields.get("montant", "0"))
        checks = (
            ("M1", 100 <= cents <= 10_000_000),
            ("A1", "@" in fields.get("mel", "")),
            ("R3", 6 <= len(fields.get("refdet", "")) <= 30 and fields["refdet"].isalnum()),
            ("T1", len(fields.get("numcli", "")) == 6),
        )
        for code, sound in checks:
            if not sound:
                return _functional(code, "Donnée incorrecte")
        idop = f"simulated-{next(self._numbers):08}"
        self.operations[idop] = Operation(fields=fields, at=self._clock.now())
        return _answer("creerPaiementSecuriseResponse", {"idOp": idop})

    def _broken(self) -> tuple[int, bytes]:
        if self.fault == "technical":
            return _technical()
        return _functional(self.fault, "Erreur simulée")


class PayfipServer(Loopback):
    """The service on a loopback port; a context manager."""

    def __init__(self, payfip: SimulatedPayfip) -> None:
        super().__init__(type("Handler", (_Handler,), {"service": payfip}))

    @property
    def url(self) -> str:
        """Its address."""
        return f"{super().url}/service"


class _Handler(Handler):
    service: SimulatedPayfip

    def post(self) -> None:
        """Answer a call, or close without a word when the service is silent."""
        body = self.body(BYTES_MAX)
        if body is None or self.service.fault == "silent":
            return
        answer = self.service.through(body)
        if answer is not None:
            self.send(*answer, {"Content-Type": "text/xml; charset=utf-8"})


def _answer(name: str, fields: dict[str, str]) -> tuple[int, bytes]:
    inside = "".join(f"<{field}>{value}</{field}>" for field, value in fields.items())
    return 200, _enveloped(f"<p:{name}><return>{inside}</return></p:{name}>")


def _functional(code: str, label: str) -> tuple[int, bytes]:
    error = (
        f"<p:FonctionnelleErreur><code>{code}</code><libelle>{label}</libelle>"
        "<severite>2</severite></p:FonctionnelleErreur>"
    )
    fault = f"<s:Fault><faultcode>s:Server</faultcode><detail>{error}</detail></s:Fault>"
    return 500, _enveloped(fault)


def _technical() -> tuple[int, bytes]:
    return 500, _enveloped("<s:Fault><faultcode>s:Server</faultcode></s:Fault>")


def _refused(fault: Fault) -> tuple[int, bytes]:
    """Give a refusal: a code of PayFiP's, its breakdown, or the page of a server before it."""
    if fault is Fault.REFUSED:
        return _functional("T1", "Simulated refusal")
    if fault is Fault.BROKEN:
        return _technical()
    return fault.status, b"<html><body><p>Try again later</body></html>"


def _enveloped(body: str) -> bytes:
    return (
        f'<s:Envelope xmlns:s="{ENVELOPE}" xmlns:p="{NAMESPACE}"><s:Body>{body}</s:Body>'
        "</s:Envelope>"
    ).encode()
