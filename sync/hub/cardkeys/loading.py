"""Writes loads to cards on kiosks' readers, with keys that never leave the hub.

Rules:
1. A load is written that was paid: by a payment of this device at this hub, authorized and held or
   taken, of that very sum; or one that waits at the hub for this card under this number.
2. A payment is one card's and one number's: the first relay binds it, before anything is written,
   for good. The card itself takes each number once.
3. The card is read here first: which card it is, is what it proves to the hub's keys, not what a
   kiosk says. One on the list of lost cards is refused.
4. A card that was loaded is moved to the newest key version where there are several. Whatever fails
   there leaves the load written: the next one goes on with the move (cardreader.issue.MoveKeys).
"""

from __future__ import annotations

import structlog
from django.db import transaction

from cardreader.authority import HolderAuthority
from cardreader.image import CardImage
from cardreader.issue import MoveKeys
from cardreader.keys import KeyRing
from cardreader.operations import ReadCard, WriteLoad
from cardreader.relay import Dialogue, Ended, FarSide, MakeDurable, SendApdu, Step
from kiosk.domain.errors import (
    AlveoleError,
    CardBlocked,
    CardPulled,
    InputRefused,
    NothingThere,
    ReaderAbsent,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from kiosk.domain.purse import Load, card_tag
from sync.hub.cardkeys.desk import UnderWay
from sync.hub.cardkeys.keeping import key_sets, tags_of
from sync.hub.cardkeys.models import RelayedLoad
from sync.hub.cards.models import BlockedCard, OwnedTopup, PendingLoad
from sync.hub.devices.models import Device
from sync.hub.here import Here
from sync.protocol.relay import STEPS_MAX, LoadAsk, RelayAsk, RelayTold

log = structlog.get_logger("hub.relay")


def relay(hub: Here, device: Device, ask: RelayAsk) -> RelayTold:
    """Take a step of a load; raises NothingThere for one that isn't due, LimitReached."""
    one = _begun(hub, device, ask) if ask.load is not None else _found(hub, device, ask)
    goes_on = False
    try:
        told = _moved(hub, device, one, ask)
        goes_on = told.apdu is not None
    except AlveoleError as ended:
        log.info("load.not_written", kiosk=device.id, why=ended.message_key)
        return RelayTold(error=ended.message_key)
    else:
        return told
    finally:
        if goes_on:
            hub.relays.keep(device.id, one, hub.clock.monotonic())
        else:
            one.close()


def _begun(hub: Here, device: Device, ask: RelayAsk) -> UnderWay:
    assert ask.load is not None, "a load begins a dialogue"
    if ask.step:
        raise NothingThere("a load is named with the first step")
    hub.relays.make_room(device.id, hub.clock.monotonic())
    sets = key_sets(hub, device.territory_id)
    far = FarSide(HolderAuthority(KeyRing(sets)))
    reading = far.dialogue(ReadCard(uid=ask.load.uid, whole_log=False))
    several = len(sets) > 1
    return UnderWay(dialogue=ask.dialogue, load=ask.load, far=far, reading=reading, moves=several)


def _found(hub: Here, device: Device, ask: RelayAsk) -> UnderWay:
    found = hub.relays.take(device.id, ask.dialogue, ask.step)
    if found is None:
        raise NothingThere("no such step is due")
    return found


def _moved(hub: Here, device: Device, one: UnderWay, ask: RelayAsk) -> RelayTold:
    """Let the card's answer move the load on; raises what ends it."""
    if ask.step >= STEPS_MAX:
        raise CardPulled("a load that doesn't end")
    step: Step = one.reading.begin() if ask.load is not None else one.current.go_on(_heard(ask))
    if one.moving is not None:
        return _told(step) if isinstance(step, SendApdu) else _moved_keys(device, one.moving)
    if isinstance(step, Ended) and one.writing is None:
        image = one.reading.outcome()
        allow(hub, device, one.load, image)
        load = Load(
            number=one.load.number,
            amount=Money(one.load.amount_cents),
            transaction_id=one.load.topup,
            label="",
            at=hub.clock.now(),
        )
        one.writing = one.far.dialogue(WriteLoad(image=image, load=load, kiosk=0))
        step = one.writing.begin()
    if isinstance(step, Ended):
        assert one.writing is not None, "what was read is written"
        one.writing.outcome()
        log.info("load.written", kiosk=device.id, amount_cents=one.load.amount_cents)
        if one.moves:
            one.moving = one.far.dialogue(MoveKeys(uid=one.load.uid))
            step = one.moving.begin()
    return _told(step)


def _told(step: Step) -> RelayTold:
    assert not isinstance(step, MakeDurable), "a load makes nothing durable here"
    return RelayTold(apdu=step.apdu if isinstance(step, SendApdu) else None)


def _moved_keys(device: Device, moving: Dialogue[int]) -> RelayTold:
    """End a move of keys, which a written load doesn't depend on (rule 4)."""
    try:
        moved = moving.outcome()
    except AlveoleError as torn:
        log.warning("keys.not_moved", kiosk=device.id, why=torn.message_key)
    else:
        log.info("keys.moved", kiosk=device.id, keys=moved)
    return RelayTold()


def allow(hub: Here, device: Device, load: LoadAsk, image: CardImage) -> None:
    """Bind a paid load to the card that was read (rules 1 to 3); raises CardBlocked, InputRefused.

    Raises PaymentUnavailable when nobody knows whether it was paid.
    """
    territory = device.territory_id
    tag = card_tag(image.identity.number, tags_of(hub, territory))
    if BlockedCard.objects.filter(territory=territory, card=tag).exists():
        raise CardBlocked("on the list of lost cards")
    if _waits(territory, tag, load):
        return
    if not _paid(hub, device, load):
        raise InputRefused("no such load was paid here", where=load.topup)
    with transaction.atomic():
        row, _ = RelayedLoad.objects.get_or_create(
            topup=load.topup,
            defaults={
                "device": device,
                "card": tag,
                "number": load.number,
                "amount_cents": load.amount_cents,
                "begun_at": hub.clock.now(),
            },
        )
    if (row.device_id, row.card, row.number, row.amount_cents) != (
        device.id,
        tag,
        load.number,
        load.amount_cents,
    ):
        raise InputRefused("this payment is another load's", where=load.topup)


def _waits(territory: str, tag: str, load: LoadAsk) -> bool:
    """Say whether this load waits at the hub for this card."""
    return PendingLoad.objects.filter(
        territory=territory,
        card=tag,
        number=load.number,
        amount_cents=load.amount_cents,
        loaded_at=None,
    ).exists()


def _paid(hub: Here, device: Device, load: LoadAsk) -> bool:
    """Say whether a payment of this device stands behind a load; raises PaymentUnavailable."""
    owned = OwnedTopup.objects.filter(topup=load.topup, device=device).exclude(payment="").first()
    if owned is None or hub.payments is None:
        return False
    found = hub.payments.retrieve(owned.payment)
    held = found.status is PaymentStatus.AUTHORIZED and found.held
    taken = found.status is PaymentStatus.SUCCEEDED and not found.refunded
    return (held or taken) and found.amount == Money(load.amount_cents)


def _heard(ask: RelayAsk) -> bytes | AlveoleError:
    if ask.answer is not None:
        return ask.answer
    return ReaderAbsent("the kiosk's reader") if ask.lost == "absent" else CardPulled("the card")
