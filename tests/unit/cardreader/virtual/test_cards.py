"""Cards as issued: what stands on them, under which keys, read by our own reader."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cardreader.card_app import Desk, PurseCardSession
from cardreader.desfire.constants import Status
from cardreader.desfire.ev1 import Ev1Handshake
from cardreader.layout import ACCESS, AID, CARD_KEYS, LOG, PROOF, PURSE, Key
from cardreader.transport import Transport
from cardreader.virtual.cards import TEST_UID, authority, plain_card
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.files import type_of
from cardreader.virtual.demo_chips import (
    NAMES,
    USED_UID,
    empty_chip,
    used_chip,
)
from cardreader.virtual.issue import KEY_VERSION, known_keys
from cardreader.virtual.link import InMemoryTransport
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace
from tests.unit.cardreader.virtual.chips import Bench

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


def session(transport: Transport) -> PurseCardSession:
    return PurseCardSession(transport, Desk(authority=authority(), names=NAMES))


def face(chip: VirtualDesfire) -> CardFace:
    return session(InMemoryTransport(chip)).read()


def test_a_plain_card_holds_what_is_asked_for() -> None:
    found = face(plain_card(balance_cents=1500, entries=10))
    assert (found.balance, found.last_load, found.sequence, found.log) == (Money(1500), 0, 0, ())
    assert [book.entries for book in found.books] == [10]


def test_the_keys_that_are_told_are_those_on_the_card() -> None:
    keys = plain_card().memory.applications[AID].keys
    told = known_keys(TEST_UID)
    assert [one.value for one in keys] == [told[key] for key in CARD_KEYS]
    assert {one.version for one in keys} == {KEY_VERSION}
    assert told != known_keys(USED_UID)


def test_every_file_has_the_rights_of_the_layout() -> None:
    files = plain_card().memory.applications[AID].files
    assert {number: file.access for number, file in files.items()} == ACCESS


def test_an_ev1_card_has_all_but_the_transaction_mac() -> None:
    card = plain_card(balance_cents=1500, generation=1)
    assert PROOF not in card.memory.applications[AID].files
    bench = Bench(card, "ev1")
    bench.card.select(AID)
    made = Ev1Handshake(known_keys(TEST_UID)[Key.DEBIT], bytes)
    assert bench.card.authenticate(Key.DEBIT, made) is Status.OK
    bench.card.debit(PURSE, 500)
    bench.card.commit_silently()
    assert bench.card.value(PURSE) == 1000


def test_the_used_card_is_that_of_the_pictures() -> None:
    found = face(used_chip(NOW))
    assert (found.last_four, found.balance, found.last_load) == ("4821", Money(1240), 3)
    assert [(b.service, b.entries, b.valid_until) for b in found.books] == [
        ("piscine", 7, date(2027, 6, 30))
    ]
    assert [(e.service, e.valid_until) for e in found.entitlements] == [
        ("mediatheque", date(2027, 6, 30))
    ]
    assert [(line.seq, line.kind, line.label) for line in found.log] == [
        (12, "entry", "Entrée piscine"),
        (11, "debit", "Place de cinéma"),
        (10, "load", ""),
    ]
    assert found.log[1].balance_after == found.balance
    assert found.commits == 12


@pytest.mark.parametrize(
    ("today", "until"),
    [
        (datetime(2026, 6, 30, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 7, 1, tzinfo=UTC), date(2027, 6, 30)),
    ],
)
def test_the_passes_are_valid_on_the_day_of_the_demo(today: datetime, until: date) -> None:
    (book,) = face(used_chip(today)).books
    assert book.valid_until == until


def test_the_empty_card_is_as_handed_out() -> None:
    found = face(empty_chip(NOW))
    assert (found.balance, found.last_load, found.log, found.books) == (Money(0), 0, (), ())
    assert found.last_four == "7306"


def test_the_log_of_the_layout_is_a_cyclic_file() -> None:
    assert type_of(plain_card().memory.applications[AID].files[LOG]) == 4
