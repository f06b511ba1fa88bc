"""What is done with a purse card in one tap: read it, load it, spend from it, manage it.

==========  ==========================================================================  =====
operation   APDUs after the authentications' two each                                   total
==========  ==========================================================================  =====
ReadCard    UID, SELECT, K1: 00 01 04(2) 05(1…6) 06 0F, K2: 02 03                       15…20
WriteLoad   UID, SELECT, K1: 01 06 05, K4: value, credit, 06, record, commit            14
TakeSpend   UID, SELECT, K1: 01 05 0F, K2: value, debit, record, commit                 13
going on    K2: debit, record, commit                                                   3
==========  ==========================================================================  =====
A spend goes on in the session of the reading on which it was decided: 18 APDUs for both, when the
reading took one record of the log. A book takes three more, a pass five.

Rules of a commit (CARD.md, "The card pulled away"):

1. Everything is refused before the first write, from what this very tap read.
2. Money, entries, entitlements, load number and log record change in one CommitTransaction.
3. From the moment the commit is sent, every failure is CardPulled: what became of it is unknown
   until the log is read at the next tap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from cardreader.desfire.commands import DesfireCard
from cardreader.desfire.constants import CommMode
from cardreader.image import BOOK_VALIDITY, CardImage, Change
from cardreader.layout import (
    ENTITLEMENTS,
    ENTITLEMENTS_LEN,
    ENTRIES,
    ENTRIES_UPPER,
    IDENTITY,
    IDENTITY_LEN,
    LAST_LOAD,
    LAST_LOAD_LEN,
    LOG,
    PROOF,
    PROOF_LEN,
    PURSE,
    PURSE_UPPER,
    RECORD_LEN,
    RECORDS_MAX,
    SLOT_LEN,
    STATUS,
    STATUS_LEN,
    Key,
    Record,
    Slot,
    Standing,
    State,
    pack_last_load,
    unpack_commits,
    unpack_identity,
    unpack_last_load,
    unpack_record,
    unpack_slots,
    unpack_standing,
)
from cardreader.opened import OpenCard
from kiosk.domain.errors import (
    AlveoleError,
    CardBlocked,
    CardExpired,
    CardFull,
    CardPulled,
    CardTampered,
    PurseEmpty,
    PurseFull,
)
from kiosk.domain.money import Money
from kiosk.domain.purse import Grant, Load, Prepared, Spend


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """A commit that the card confirmed: its record, what it left, the proof (TMV)."""

    record: Record
    change: Change
    proof: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCard:
    """Read everything, or of the log the last record only; ``uid`` binds it to one card."""

    uid: bytes | None = None
    whole_log: bool = True

    def perform(self, card: OpenCard) -> CardImage:
        """Give the image; raises CardTampered, KeyAbsent."""
        own = card.use(Key.IDENTIFY)
        identity = unpack_identity(own.read_data(IDENTITY, IDENTITY_LEN))
        standing = unpack_standing(own.read_data(STATUS, STATUS_LEN))
        slots = unpack_slots(own.read_data(ENTITLEMENTS, ENTITLEMENTS_LEN))
        count = 0 if self.whole_log else 1
        records = own.read_records(LOG, RECORD_LEN, count=count, records_max=RECORDS_MAX)
        last_load = unpack_last_load(own.read_data(LAST_LOAD, LAST_LOAD_LEN))
        commits = _commits(own)
        debit = card.use(Key.DEBIT)
        image = CardImage(
            uid=card.uid,
            identity=identity,
            standing=standing,
            slots=slots,
            records=tuple(unpack_record(one) for one in reversed(records)),
            last_load=last_load,
            commits=commits,
            purse_cents=_value(debit, PURSE, PURSE_UPPER),
            entries=_value(debit, ENTRIES, ENTRIES_UPPER),
            whole_log=self.whole_log,
        )
        card.seen = image
        return image


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteLoad:
    """Deliver one numbered load to the card of ``image``."""

    image: CardImage
    load: Load
    kiosk: int

    @property
    def uid(self) -> bytes:
        """The card it is for."""
        return self.image.uid

    def perform(self, card: OpenCard) -> Committed | None:
        """Give the commit, None when the load was delivered already.

        Raises PurseFull, CardBlocked, CardExpired, CardTampered, KeyAbsent, CardPulled (unknown).
        """
        load = self.load
        own = card.use(Key.IDENTIFY)
        standing = unpack_standing(own.read_data(STATUS, STATUS_LEN))
        last = _last_record(own)
        delivered = unpack_last_load(own.read_data(LAST_LOAD, LAST_LOAD_LEN))
        if load.number <= delivered:
            return None
        if load.number != delivered + 1:
            raise CardTampered(f"load {load.number} after {delivered}: one is missing")
        _check_standing(standing, load.at.date())
        reload = card.use(Key.RELOAD)
        balance = _value(reload, PURSE, PURSE_UPPER) + load.amount.cents
        if balance > PURSE_UPPER:
            raise PurseFull(f"{load.amount.cents} cents would make {balance}")
        record = Record(
            seq=last.seq + 1,
            kind=load.kind,
            file=PURSE,
            amount=load.amount.cents,
            balance_after=balance,
            at=load.at.replace(microsecond=0),
            transaction_id=load.transaction_id,
            kiosk=self.kiosk,
        )
        reload.credit(PURSE, load.amount.cents)
        reload.write_data(LAST_LOAD, pack_last_load(load.number))
        reload.write_record(LOG, record.pack())
        commits, proof = _commit(reload)
        change = replace(
            self.image.held, purse_cents=balance, last_load=load.number, commits=commits
        )
        return Committed(record=record, change=change, proof=proof)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSpend:
    """Take one spend from the card of ``image``; the journal has it before the commit.

    K2 debits and logs; a bought book or a refund of entries needs K4 (Credit), an entitlement K5.
    """

    image: CardImage
    spend: Spend
    kiosk: int

    @property
    def uid(self) -> bytes:
        """The card it is for."""
        return self.image.uid

    def perform(self, card: OpenCard) -> Committed:
        """Give the commit.

        Raises PurseEmpty, PurseFull, CardFull, CardBlocked, CardExpired, CardTampered, KeyAbsent,
        CardPulled (unknown once the journal has it), and what the journal raises.
        """
        own = card.use(Key.IDENTIFY)
        standing = unpack_standing(own.read_data(STATUS, STATUS_LEN))
        self._check(standing, _last_record(own).seq)
        before = replace(self.image.held, commits=_commits(own))
        if self.spend.grant is not None:
            slots = unpack_slots(own.read_data(ENTITLEMENTS, ENTITLEMENTS_LEN))
            before = replace(before, slots=_grant(card, slots, self.spend.grant))
        purse = card.use(self._key)
        return self._take(card, purse, self._held(purse, before))

    def go_on(self, card: OpenCard) -> Committed:
        """Give the commit, in the session in which ``image`` was read; raises as ``perform``."""
        image = self.image
        if card.seen is not image:
            raise CardTampered("another reading came between")
        self._check(image.standing, image.sequence)
        before = image.held
        if self.spend.grant is not None:
            before = replace(before, slots=_grant(card, image.slots, self.spend.grant))
        return self._take(card, card.use(self._key), before)

    @property
    def _key(self) -> Key:
        return Key.RELOAD if self.spend.entries > 0 else Key.DEBIT

    def _take(self, card: OpenCard, purse: DesfireCard, before: Change) -> Committed:
        after = self._moved(purse, before)
        record = self._record(after)
        purse.write_record(LOG, record.pack())
        card.make_durable(self._prepared(before, after))
        commits, proof = _commit(purse)
        return Committed(record=record, change=replace(after, commits=commits), proof=proof)

    def _check(self, standing: Standing, sequence: int) -> None:
        """Refuse a card that has moved on, is blocked or over."""
        if sequence != self.spend.sequence:
            raise CardTampered(
                f"decided on sequence {self.spend.sequence}, the card is at {sequence}"
            )
        _check_standing(standing, self.spend.at.date())

    def _held(self, purse: DesfireCard, before: Change) -> Change:
        """Read what purse and book hold, as far as they are moved."""
        if self.spend.amount.cents:
            before = replace(before, purse_cents=_value(purse, PURSE, PURSE_UPPER))
        if self.spend.book == ENTRIES:
            before = replace(before, entries=_value(purse, ENTRIES, ENTRIES_UPPER))
        return before

    def _moved(self, purse: DesfireCard, before: Change) -> Change:
        """Move purse and book once both allow it; gives what stands there after the commit."""
        cents, entries = self.spend.amount.cents, self.spend.entries
        if self.spend.book not in (0, ENTRIES):
            raise PurseEmpty(f"the card has no book {self.spend.book}")
        after = replace(
            before, purse_cents=before.purse_cents - cents, entries=before.entries + entries
        )
        if after.purse_cents < 0 or after.entries < 0:
            raise PurseEmpty("the card doesn't hold enough")
        if after.entries > ENTRIES_UPPER:
            raise PurseFull(f"the book can't hold {after.entries} entries")
        if cents:
            purse.debit(PURSE, cents)
        if entries:
            (purse.credit if entries > 0 else purse.debit)(ENTRIES, abs(entries))
        return after

    def _record(self, after: Change) -> Record:
        spend = self.spend
        if spend.amount.cents:
            file, amount, balance = PURSE, -spend.amount.cents, after.purse_cents
        elif spend.entries:
            file, amount, balance = ENTRIES, spend.entries, after.entries
        else:
            file, amount, balance = ENTITLEMENTS, 0, after.purse_cents
        return Record(
            seq=spend.sequence + 1,
            kind=spend.kind,
            file=file,
            amount=amount,
            balance_after=balance,
            at=spend.at.replace(microsecond=0),
            transaction_id=spend.transaction_id,
            kiosk=self.kiosk,
            product=spend.product,
            entries=spend.entries if file == PURSE else 0,
        )

    def _prepared(self, before: Change, after: Change) -> Prepared:
        return Prepared(
            number=self.image.identity.number,
            transaction_id=self.spend.transaction_id,
            sequence=self.spend.sequence,
            commits=before.commits,
            balance_before=Money(before.purse_cents),
            balance_after=Money(after.purse_cents),
            entries_before=before.entries if self.spend.book else 0,
            entries_after=after.entries if self.spend.book else 0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStanding:
    """Block a card, give it back, or move its validity or tariff (K5)."""

    uid: bytes
    standing: Standing

    def perform(self, card: OpenCard) -> None:
        """Write file 01 in one commit; raises CardTampered, KeyAbsent, CardPulled (unknown)."""
        services = card.use(Key.SERVICES)
        services.write_data(STATUS, self.standing.pack())
        _commit(services)


def _grant(card: OpenCard, slots: tuple[Slot | None, ...], grant: Grant) -> tuple[Slot | None, ...]:
    """Write an entitlement for the commit: over its product's old one, else into a free slot."""
    at = _place(slots, grant)
    slot = Slot(product=grant.product, valid_from=grant.valid_from, valid_until=grant.valid_until)
    card.use(Key.SERVICES).write_data(ENTITLEMENTS, slot.pack(), offset=at * SLOT_LEN)
    return (*slots[:at], slot, *slots[at + 1 :])


def _place(slots: tuple[Slot | None, ...], grant: Grant) -> int:
    for at, slot in enumerate(slots):
        if slot is not None and slot.product == grant.product and not slot.flags & BOOK_VALIDITY:
            return at
    for at, slot in enumerate(slots):
        if slot is None or _over(slot, grant.valid_from):
            return at
    raise CardFull("every slot of the card holds an entitlement that is good")


def _over(slot: Slot, today: date) -> bool:
    return slot.valid_until is not None and slot.valid_until < today


def _check_standing(standing: Standing, today: date) -> None:
    if standing.state is not State.ACTIVE:
        raise CardBlocked("the card is blocked")
    if standing.valid_until is not None and today > standing.valid_until:
        raise CardExpired("the card's validity is over")


def _last_record(own: DesfireCard) -> Record:
    (found,) = own.read_records(LOG, RECORD_LEN, count=1, records_max=RECORDS_MAX)
    return unpack_record(found)


def _commits(own: DesfireCard) -> int:
    return unpack_commits(own.read_data(PROOF, PROOF_LEN, mode=CommMode.MAC))


def _value(card: DesfireCard, file: int, upper: int) -> int:
    """Read a value that its file's limits allow; raises CardTampered on another."""
    value = card.value(file)
    if not 0 <= value <= upper:
        raise CardTampered(f"file {file} holds {value}")
    return value


def _commit(card: DesfireCard) -> tuple[int, bytes]:
    """Commit; raises CardPulled on every failure, since the commit may have been done."""
    try:
        return card.commit()
    except AlveoleError as failed:
        raise CardPulled(f"the commit's answer is lost: {failed}") from failed
