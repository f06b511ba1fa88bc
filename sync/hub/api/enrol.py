"""Enrolment over HTTP: the kiosk's two calls (RFC 8628, 3.1 and 3.4)."""

from __future__ import annotations

from kiosk.domain.errors import SignatureRefused
from sync.hub.api.operation import Answer, Call
from sync.hub.api.serving import asked_of
from sync.hub.devices import enrolment
from sync.hub.devices.signatures import DeviceKey, key_id_of, verify
from sync.protocol.enrolment import EnrolAsk, EnrolBegun, Enrolled, TokenAsk, TokenError

PAGE = "/gestion/bornes/admettre"  # where people type the code


def begin(call: Call) -> Answer:
    """Note a kiosk that asks; its signature shows that it holds the key."""
    ask = call.body_as(EnrolAsk)
    _signed(call, ask.algorithm, ask.public_key)
    asking = enrolment.Asking(
        territory=ask.territory,
        name=ask.name,
        algorithm=ask.algorithm,
        public_key=ask.public_key,
    )
    begun = enrolment.begin(call.hub, asking)
    code = enrolment.shown(begun.enrolment.user_code)
    page = f"{asked_of(call.request).url.removesuffix('/v1/enrol')}{PAGE}"
    return Answer(
        body=EnrolBegun(
            device_code=begun.device_code,
            user_code=code,
            verification_uri=page,
            verification_uri_complete=f"{page}?code={code}",
            expires_in=int(enrolment.CODE_LIVES.total_seconds()),
            interval=enrolment.INTERVAL_S,
            fingerprint=begun.words,
        )
    )


def token(call: Call) -> Answer:
    """Say how a request stands; the device's id and licence once it was approved."""
    ask = call.body_as(TokenAsk)
    hub = call.hub
    found = enrolment.find(hub, ask.device_code)
    if found is None:
        return Answer(status=400, body=TokenError(error="expired_token"))
    if found.public_key != ask.public_key:
        raise SignatureRefused("the signature isn't taken")
    _signed(call, found.algorithm, found.public_key)
    if found.refused_at is not None or (found.device and found.device.revoked_at):
        return Answer(status=400, body=TokenError(error="access_denied"))
    if enrolment.too_soon(hub, found):
        return Answer(status=400, body=TokenError(error="slow_down"))
    if found.device is None:
        return Answer(status=400, body=TokenError(error="authorization_pending"))
    return Answer(
        body=Enrolled(
            kiosk=found.device.id,
            territory=found.territory_id,
            hub_key=hub.key.public_key.hex(),
            licence=enrolment.licence_of(hub, found.device),
        )
    )


def _signed(call: Call, algorithm: str, public_key: str) -> None:
    """Verify that the caller holds the key; it has no other name yet than the key itself."""
    asked = asked_of(call.request)
    if key_id_of(asked) != public_key:
        raise SignatureRefused("the signature isn't taken")
    key = DeviceKey(id=public_key, algorithm=algorithm, public_key=public_key)
    try:
        verify(asked, call.raw, key, call.hub.clock.now())
    except ValueError as wrong:
        raise SignatureRefused("not a key of that algorithm") from wrong
