"""Card keys to a kiosk: sealed to a key of this very request, which its own identity has signed."""

from __future__ import annotations

import msgspec
from django.db import transaction

from kiosk.domain.errors import NothingThere
from sync.hub.api.operation import Answer, Call
from sync.hub.audit.record import note
from sync.hub.cardkeys.keeping import delivered_to
from sync.protocol.card_keys import KeysAsk, KeysTold
from sync.sealing import seal_to


def deliver(call: Call) -> Answer:
    """Give the calling device what it may hold of its territory's card keys, and note it."""
    device, ask = call.caller, call.body_as(KeysAsk)
    told = delivered_to(call.hub, device.territory_id, device.id)
    if told is None:
        raise NothingThere("this territory has no card keys")
    sealed = seal_to(
        bytes.fromhex(ask.seal_key),
        msgspec.json.encode(told),
        territory=device.territory_id,
        kiosk=device.id,
    )
    with transaction.atomic():
        act = ("cardkeys.delivered", device.territory_id)
        note(call.hub, None, act, device.id, {"edition": told.edition})
    return Answer(body=KeysTold(sealed=sealed))
