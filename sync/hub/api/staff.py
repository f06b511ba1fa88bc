"""What the back office can ask for: every operation is an action of its territory.

What isn't the territory's own doesn't exist here (404), whatever its id.
"""

from __future__ import annotations

from collections import Counter

from django.contrib.auth import authenticate

from kiosk.domain.errors import NothingThere, StaffOnly
from kiosk.domain.money import Money
from payments.wire import shape_of
from sync.hub.accounts.models import User
from sync.hub.accounts.rights import Action, may
from sync.hub.api import wire
from sync.hub.api.operation import Answer, Call
from sync.hub.api.pay import service_of
from sync.hub.audit.record import note
from sync.hub.cards.models import OwnedTopup
from sync.hub.cards.private import block
from sync.hub.datasets.publishing import sign
from sync.hub.devices import enrolment
from sync.hub.devices.models import Device, Enrolment
from sync.hub.events.models import Fork

FLEET_MAX = 5_000


def fleet(call: Call) -> Answer:
    """Give the territory's devices."""
    rows = Device.objects.filter(territory=call.path["territory"])[:FLEET_MAX]
    alarms = Counter(Fork.objects.filter(device__in=list(rows)).values_list("device", flat=True))
    devices = [
        wire.FleetDevice(
            kiosk=one.id,
            name=one.name,
            approved_at=one.approved_at,
            revoked_at=one.revoked_at,
            seen_at=one.seen_at,
            licence_until=one.licence_until,
            forks=alarms[one.id],
        )
        for one in rows
    ]
    return Answer(body=wire.Fleet(devices=devices))


def waiting(call: Call) -> Answer:
    """Show the kiosk that waits under a code, and the four words to compare."""
    found = _waiting(call)
    return Answer(
        body=wire.Waiting(
            code=enrolment.shown(found.user_code),
            name=found.name,
            fingerprint=enrolment.words_of(found),
            expires_at=found.expires_at,
        )
    )


def approve(call: Call) -> Answer:
    """Let a kiosk in."""
    device = enrolment.approve(call.hub, _waiting(call), call.user)
    return Answer(body=wire.Approved(kiosk=device.id))


def refuse(call: Call) -> Answer:
    """Refuse a kiosk."""
    enrolment.refuse(call.hub, _waiting(call), call.user)
    return Answer(status=204)


def revoke(call: Call) -> Answer:
    """Shut a device out."""
    device = Device.objects.filter(id=call.path["kiosk"], territory=call.path["territory"]).first()
    if device is None:
        raise NothingThere("no such device here")
    enrolment.revoke(call.hub, device, call.user)
    return Answer(status=204)


def publish(call: Call) -> Answer:
    """Sign the territory's manifest anew."""
    signed = sign(call.hub, call.path["territory"])
    note(call.hub, call.user, ("manifest.signed", signed.territory), str(signed.version))
    return Answer(body=wire.Signed(epoch=signed.epoch, version=signed.version))


def block_card(call: Call) -> Answer:
    """Put a card on the list of lost cards."""
    ask = call.body_as(wire.BlockAsk)
    added = block(call.hub, call.path["territory"], ask.card, ask.reason, call.user)
    return Answer(body=wire.Blocked(added=added))


def refund(call: Call) -> Answer:
    """Give taken money back; from 50 € on a second person confirms with a password."""
    ask, territory = call.body_as(wire.RefundAsk), call.path["territory"]
    owned = OwnedTopup.objects.filter(payment=ask.payment, device__territory=territory).first()
    if owned is None:
        raise NothingThere("no such payment here")
    staff = frozenset(one.get_username() for one in _people(call, ask, territory))
    view = service_of(call).refund(ask.payment, Money(ask.amount_cents), staff=staff, key=ask.key)
    details = {"amount_cents": ask.amount_cents, "people": len(staff)}
    note(call.hub, call.user, ("payment.refunded", territory), ask.payment, details)
    return Answer(body=shape_of(view))


def _people(call: Call, ask: wire.RefundAsk, territory: str) -> list[User]:
    assert isinstance(call.user, User), "staff call"
    if not ask.second:
        return [call.user]
    second = authenticate(call.request, username=ask.second, password=ask.second_password)
    if not isinstance(second, User) or not may(second, Action.REFUND, territory):
        raise StaffOnly("the second person can't confirm this")
    return [call.user, second]


def _waiting(call: Call) -> Enrolment:
    found = enrolment.waiting(call.hub, call.path["code"])
    if found.territory_id != call.path["territory"]:
        raise NothingThere("no kiosk waits under this code")
    return found
