"""The purse card as ports.CardSession: reading, loads, spends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cardreader.authority import CardAuthority, authority_for_tests, seal, sealed_authority
from cardreader.card_app import Desk, PurseCardSession
from cardreader.layout import AID, PURSE, PURSE_UPPER, SLOTS, Slot, Standing, State
from cardreader.operations import SetStanding
from cardreader.virtual.chip.memory import ValueFile
from cardreader.virtual.link import InMemoryTransport
from cardreader.virtual.things import bank_card, library_badge, phone
from kiosk.domain.card_limits import LOG_MAX
from kiosk.domain.errors import (
    CardBlocked,
    CardExpired,
    CardForeign,
    CardFull,
    CardTampered,
    KeyAbsent,
    PurseEmpty,
    PurseFull,
)
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Grant, Prepared, Spend
from tests.unit.cardreader.cards import (
    LIBRARY,
    NAMES,
    NOW,
    OTHER_UID,
    POOL_BOOK,
    STANDING,
    UID,
    CardStand,
    counted,
    debit,
    entry,
    everything,
    issued,
    keep,
    key_set,
    load,
    transaction,
)

GLANCE_APDUS, READ_APDUS_MAX = 15, 20
GOING_ON_APDUS, SPEND_APDUS, LOAD_APDUS = 3, 13, 14
BOOK_APDUS, PASS_APDUS = 6, 8


@pytest.fixture
def stand() -> CardStand:
    return issued(cents=1500, entries=7)


def face_of(stand: CardStand) -> CardFace:
    return stand.session().read()


def buy(sequence: int, *, grant: Grant | None = None, entries: int = 0, cents: int = 500) -> Spend:
    return Spend(
        transaction_id=transaction(3),
        kind="purchase",
        product=POOL_BOOK if entries else LIBRARY,
        amount=Money(cents),
        sequence=sequence,
        at=NOW,
        book=3 if entries else 0,
        entries=entries,
        grant=grant,
    )


def library(product: int = LIBRARY) -> Grant:
    return Grant(product=product, valid_from=NOW.date(), valid_until=date(2027, 11, 21))


def test_a_new_card_is_read(stand: CardStand) -> None:
    face = face_of(stand)
    assert (face.last_four, face.balance, face.sequence) == ("4821", Money(1500), 0)
    assert [(one.product, one.entries) for one in face.books] == [("Carnet de 10 entrées", 7)]
    assert face.log == ()


@pytest.mark.parametrize("thing", [bank_card(), phone(), library_badge()])
def test_a_foreign_thing_is_neither_read_nor_written(thing: object) -> None:
    transport = InMemoryTransport(thing)  # type: ignore[arg-type]
    session = PurseCardSession(transport, Desk(authority=everything(), names=NAMES))
    with pytest.raises(CardForeign):
        session.read()
    with pytest.raises(CardForeign):
        session.write_load(load(1))


def test_a_load_moves_money_number_and_log_together(stand: CardStand) -> None:
    session = stand.session()
    after = session.write_load(load(1))
    assert (after.balance, after.last_load, after.sequence) == (Money(3500), 1, 1)
    assert after.log[0].transaction_id == transaction(1, "T")
    assert after == session.read() == face_of(stand)


def test_a_delivered_load_answers_as_written(stand: CardStand) -> None:
    session = stand.session()
    once = session.write_load(load(1))
    assert session.write_load(load(1)) == once == face_of(stand)


def test_a_load_with_a_gap_before_it_is_never_written(stand: CardStand) -> None:
    with pytest.raises(CardTampered, match="one is missing"):
        stand.session().write_load(load(2))
    assert face_of(stand).balance == Money(1500)


def test_a_load_that_was_delivered_elsewhere_is_refused_after_eleven_debits() -> None:
    stand = issued(cents=1500)
    code = load(1)
    stand.session().write_load(code)
    for number in range(11):
        session = stand.session()
        session.spend(debit(session.read().sequence, 10, number=number), keep)
    face = face_of(stand)
    assert not face.carries(code.transaction_id)
    assert stand.session().write_load(code) == face


def test_a_load_over_the_ceiling_is_refused_whole(stand: CardStand) -> None:
    with pytest.raises(PurseFull):
        stand.session().write_load(load(1, PURSE_UPPER - 1499))
    assert stand.session().write_load(load(1, PURSE_UPPER - 1500)).balance == Money(PURSE_UPPER)


def test_a_transfer_is_a_numbered_load_of_its_kind(stand: CardStand) -> None:
    face = stand.session().write_load(replace(load(1), kind="transfer"))
    assert (face.log[0].kind, face.last_load) == ("transfer", 1)


def test_a_debit_moves_money_and_log_together(stand: CardStand) -> None:
    session = stand.session()
    told: list[Prepared] = []
    written = session.spend(debit(session.read().sequence), told.append)
    assert written.face == session.read() == face_of(stand)
    assert (written.face.balance, written.face.sequence) == (Money(1180), 1)
    assert (told[0].sequence, told[0].commits, written.commits) == (0, 0, 1)
    assert (told[0].balance_before, told[0].balance_after) == (Money(1500), Money(1180))


def test_an_entry_leaves_the_purse_alone(stand: CardStand) -> None:
    told: list[Prepared] = []
    face = stand.session().spend(entry(0), told.append).face
    assert (face.balance, face.books[0].entries) == (Money(1500), 6)
    assert (told[0].entries_before, told[0].entries_after) == (7, 6)
    assert face == face_of(stand)


def test_the_last_entry_closes_the_book(stand: CardStand) -> None:
    assert stand.session().spend(entry(0, -7), keep).face.books == ()
    with pytest.raises(PurseEmpty):
        stand.session().spend(entry(1), keep)


def test_a_book_is_bought_from_the_purse_in_one_commit(stand: CardStand) -> None:
    face = stand.session().spend(buy(0, entries=10), keep).face
    assert (face.balance, face.books[0].entries, face.commits) == (Money(1000), 17, 1)
    assert (face.log[0].amount, face.log[0].entries) == (Money(-500), 10)
    assert face == face_of(stand)


def test_a_book_holds_at_most_a_hundred_entries(stand: CardStand) -> None:
    with pytest.raises(PurseFull):
        stand.session().spend(buy(0, entries=94), keep)
    assert face_of(stand).sequence == 0


def test_entries_are_given_back(stand: CardStand) -> None:
    face = stand.session().spend(entry(0, +1), keep).face
    assert (face.books[0].entries, face.log[0].kind) == (8, "refund")


def test_a_pass_is_bought_with_money_and_entitlement_in_one_commit(stand: CardStand) -> None:
    face = stand.session().spend(buy(0, grant=library()), keep).face
    (held,) = face.entitlements
    assert (held.product, held.valid_until) == ("Médiathèque", date(2027, 11, 21))
    assert (face.balance, face.commits, face.sequence) == (Money(1000), 1, 1)
    assert face == face_of(stand)


def test_a_pass_for_nothing_leaves_the_purse_alone(stand: CardStand) -> None:
    face = stand.session().spend(buy(0, grant=library(), cents=0), keep).face
    assert (face.balance, face.log[0].amount) == (Money(1500), None)
    assert face == face_of(stand)


def test_a_renewed_pass_takes_the_place_of_the_old_one() -> None:
    stand = issued(cents=1500, slots=(None, Slot(product=LIBRARY, valid_until=NOW.date())))
    face = stand.session().spend(buy(0, grant=library()), keep).face
    assert [one.valid_until for one in face.entitlements] == [date(2027, 11, 21)]


def test_a_pass_that_is_over_makes_room_for_another() -> None:
    over = Slot(product=900, valid_until=NOW.date() - timedelta(days=1))
    stand = issued(cents=1500, slots=(*[Slot(product=901)] * (SLOTS - 1), over))
    face = stand.session().spend(buy(0, grant=library()), keep).face
    assert face.entitlements[-1].code == LIBRARY
    assert face == face_of(stand)


def test_a_card_full_of_passes_takes_no_other() -> None:
    stand = issued(cents=1500, slots=tuple(Slot(product=900 + at) for at in range(SLOTS)))
    with pytest.raises(CardFull):
        stand.session().spend(buy(0, grant=library()), keep)
    assert face_of(stand).balance == Money(1500)


def test_a_purse_that_holds_too_little_gives_nothing(stand: CardStand) -> None:
    with pytest.raises(PurseEmpty):
        stand.session().spend(debit(0, 1501), keep)
    assert face_of(stand).sequence == 0


def test_a_book_that_the_card_hasnt_is_empty(stand: CardStand) -> None:
    with pytest.raises(PurseEmpty, match="no book 9"):
        stand.session().spend(replace(entry(0), book=9), keep)


def test_a_blocked_card_neither_pays_nor_loads(stand: CardStand) -> None:
    blocked = replace(STANDING, state=State.BLOCKED)
    everything().run(stand.lay(), SetStanding(uid=UID, standing=blocked))
    assert face_of(stand).blocked
    with pytest.raises(CardBlocked):
        stand.session().spend(debit(0), keep)
    with pytest.raises(CardBlocked):
        stand.session().write_load(load(1))


def test_a_card_whose_validity_is_over_neither_pays_nor_loads() -> None:
    stand = issued(cents=1500, standing=Standing(valid_until=NOW.date() - timedelta(days=1)))
    with pytest.raises(CardExpired):
        stand.session().spend(debit(0), keep)
    with pytest.raises(CardExpired):
        stand.session().write_load(load(1))


def test_a_card_that_has_moved_on_is_never_debited_twice(stand: CardStand) -> None:
    stand.session().spend(debit(0), keep)
    with pytest.raises(CardTampered, match="sequence"):
        stand.session().spend(debit(0), keep)
    assert face_of(stand).balance == Money(1180)


def test_what_another_desk_wrote_meanwhile_shows_after_a_load(stand: CardStand) -> None:
    session = stand.session()
    session.read()
    desk = Desk(authority=everything(), names=NAMES)
    PurseCardSession(stand.transport, desk).spend(debit(0), keep)
    assert session.write_load(load(1)).balance == Money(3180)


def test_a_kiosk_without_the_reload_key_still_debits(stand: CardStand) -> None:
    key = bytes(32)
    sealed = sealed_authority(key, seal(key_set(), key))
    session = stand.session(sealed)
    with pytest.raises(KeyAbsent):
        session.write_load(load(1))
    assert session.spend(debit(0), keep).face.balance == Money(1180)


def test_the_number_of_apdus_is_as_stated(stand: CardStand) -> None:
    session = stand.session()
    assert counted(stand, session.read) <= READ_APDUS_MAX
    assert counted(stand, session.glance) == GLANCE_APDUS
    assert counted(stand, lambda: session.spend(debit(0), keep)) == GOING_ON_APDUS
    session.read()
    assert counted(stand, lambda: session.write_load(load(1))) == LOAD_APDUS
    assert counted(stand, lambda: session.spend(debit(2), keep)) == SPEND_APDUS


@pytest.mark.parametrize(("entries", "apdus"), [(10, BOOK_APDUS), (0, PASS_APDUS)])
def test_a_purchase_takes_the_stated_number_after_a_glance(
    stand: CardStand, entries: int, apdus: int
) -> None:
    session = stand.session()
    sequence = session.glance().sequence
    bought = buy(sequence, entries=entries, grant=None if entries else library())
    assert counted(stand, lambda: session.spend(bought, keep)) == apdus


def test_a_full_log_is_read_within_the_stated_number() -> None:
    stand = issued(cents=15_00)
    for number in range(LOG_MAX + 2):
        session = stand.session()
        session.spend(debit(session.read().sequence, 1, number=number), keep)
    session = stand.session()
    assert counted(stand, session.read) == READ_APDUS_MAX
    assert counted(stand, session.glance) == GLANCE_APDUS
    assert [line.seq for line in session.read().log] == list(range(12, 2, -1))


def test_an_older_key_version_is_found_by_itself(stand: CardStand) -> None:
    authority: CardAuthority = authority_for_tests(key_set(2), key_set(1), environment="test")
    assert stand.session(authority).spend(debit(0), keep).face.balance == Money(1180)


def test_a_value_outside_its_files_limits_is_tampered() -> None:
    stand = issued(cents=1500)
    application = stand.chip.memory.applications[AID]
    purse = application.files[PURSE]
    assert isinstance(purse, ValueFile)
    files = {**application.files, PURSE: replace(purse, value=PURSE_UPPER + 1)}
    applications = {**stand.chip.memory.applications, AID: replace(application, files=files)}
    stand.chip.memory = replace(stand.chip.memory, applications=applications)
    with pytest.raises(CardTampered, match="file 2 holds 15001"):
        stand.session().read()


def test_a_glance_tells_all_but_the_older_log(stand: CardStand) -> None:
    for number in range(3):
        session = stand.session()
        session.spend(debit(session.read().sequence, 10, number=number), keep)
    whole = face_of(stand)
    assert stand.session().glance() == replace(whole, log=whole.log[:1])


def test_a_load_after_a_glance_shows_the_whole_log(stand: CardStand) -> None:
    stand.session().spend(debit(0), keep)
    session = stand.session()
    session.glance()
    assert len(session.write_load(load(1)).log) == 2


def test_a_spend_goes_on_in_the_session_of_its_reading_only(stand: CardStand) -> None:
    """Another desk ends that session: the spend begins anew and sees what was done meanwhile."""
    session = stand.session()
    session.glance()
    desk = Desk(authority=everything(), names=NAMES)
    PurseCardSession(stand.transport, desk).spend(debit(0), keep)
    told: list[Prepared] = []
    with pytest.raises(CardTampered, match="sequence"):
        session.spend(debit(0, 1), told.append)
    assert (face_of(stand).balance, told) == (Money(1180), [])


def test_a_spend_whose_session_was_ended_begins_anew(stand: CardStand) -> None:
    session = stand.session()
    session.glance()
    desk = Desk(authority=everything(), names=NAMES)
    PurseCardSession(stand.transport, desk).read()
    assert session.spend(debit(0), keep).face == face_of(stand)
    assert face_of(stand).balance == Money(1180)


def test_a_reading_of_one_card_is_not_gone_on_with_on_another(stand: CardStand) -> None:
    other = issued(uid=OTHER_UID, cents=9000)
    desk = Desk(authority=everything(), names=NAMES)
    one, two = (PurseCardSession(each.transport, desk) for each in (stand, other))
    one.glance()
    two.glance()
    assert one.spend(debit(0), keep).face.balance == Money(1180)
    assert two.spend(debit(0), keep).face.balance == Money(8680)


def test_a_journal_that_fails_while_going_on_is_not_asked_twice(stand: CardStand) -> None:
    session = stand.session()
    session.glance()
    asked: list[Prepared] = []

    def full(prepared: Prepared) -> None:
        asked.append(prepared)
        raise CardTampered("whatever the journal raises")

    with pytest.raises(CardTampered, match="whatever"):
        session.spend(debit(0), full)
    assert len(asked) == 1
    assert face_of(stand).sequence == 0
