"""The hub's people as a kiosk that asks to be let in meets them: they answer by a script."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from sync.licence import Licence, sign_licence
from sync.protocol.enrolment import EnrolAsk, EnrolBegun, Enrolled, TokenAsk, TokenError
from sync.signing import Signer
from tests.alv1 import Reply

KIOSK, UNTIL = "kabc234", 2_000_000_000
APPROVED, SILENT = "approved", "silent"


@dataclass(slots=True, kw_only=True)
class EnrolDesk:
    """Answers each poll by the next word of ``script``; the last word stays.

    ``licence`` and ``enrolled`` change what an approved kiosk is told.
    """

    key: Signer
    script: list[str] = field(default_factory=lambda: [APPROVED])
    licence: dict[str, object] = field(default_factory=dict[str, object])
    enrolled: dict[str, str] = field(default_factory=dict[str, str])
    asks: list[EnrolAsk] = field(default_factory=list[EnrolAsk])
    polls: list[str] = field(default_factory=list[str])
    refusal: bytes = b""

    def __call__(self, path: str, body: bytes) -> Reply:
        """Answer a kiosk's call."""
        if self.refusal:
            return Reply(status=422, body=self.refusal, headers={})
        if path == "/v1/enrol":
            return self._begun(msgspec.json.decode(body, type=EnrolAsk))
        return self._polled(msgspec.json.decode(body, type=TokenAsk))

    def _begun(self, ask: EnrolAsk) -> Reply:
        self.asks.append(ask)
        page = "https://hub.example.fr/gestion/bornes/admettre"
        return _reply(
            EnrolBegun(
                device_code=f"a-device-code-of-number-{len(self.asks)}",
                user_code="BCDF-GHJK",
                verification_uri=page,
                verification_uri_complete=f"{page}?code=BCDF-GHJK",
                expires_in=900,
                interval=5,
                fingerprint="words of a hub that lies",
            )
        )

    def _polled(self, ask: TokenAsk) -> Reply:
        self.polls.append(ask.device_code)
        word = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if word == SILENT:
            return Reply(status=503, body=b"", headers={})
        if word != APPROVED:
            return _reply(msgspec.convert({"error": word}, TokenError), 400)
        licence = Licence(kiosk=KIOSK, territory="orne", key=ask.public_key, until=UNTIL)
        signed = sign_licence(msgspec.structs.replace(licence, **self.licence), self.key)
        told = Enrolled(
            kiosk=KIOSK, territory="orne", hub_key=self.key.public_key.hex(), licence=signed
        )
        return _reply(msgspec.structs.replace(told, **self.enrolled))


def _reply(shape: object, status: int = 200) -> Reply:
    return Reply(status=status, body=msgspec.json.encode(shape), headers={})
