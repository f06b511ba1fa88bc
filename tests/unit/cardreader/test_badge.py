from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardreader import badge
from cardreader.badge import BadgeIdentity, BadgeSession, read_tag2, read_tag4, read_uid
from cardreader.virtual.link import InMemoryTransport
from cardreader.virtual.things import Badge, bank_card, phone
from kiosk.domain.errors import CardForeign
from kiosk.domain.money import Money
from kiosk.domain.purse import Load, Spend

UID = bytes.fromhex("04A1B2C3D4E5F6")
NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
OK = b"\x90\x00"


class Scripted:
    """A transport that answers by a function."""

    def __init__(self, answer: Callable[[bytes], bytes]) -> None:
        self._answer = answer
        self.asked: list[bytes] = []

    def transmit(self, apdu: bytes) -> bytes:
        self.asked.append(apdu)
        return self._answer(apdu)


def message(words: str) -> bytes:
    payload = b"\x02fr" + words.encode()
    return bytes([0xD1, 1, len(payload)]) + b"T" + payload


def tag2(words: str) -> Badge:
    content = message(words)
    pages = bytes(12) + bytes.fromhex("E1103E00") + b"\x03" + bytes([len(content)]) + content
    return Badge(uid=UID, pages=(pages + b"\xfe").ljust(180, b"\x00"))


class Tag4:
    """A Type 4 tag (NFC Forum): capability container and one NDEF file."""

    def __init__(self, words: str, *, container: str = "000F20000A00340406E10400800000") -> None:
        content = message(words)
        self._files = {
            b"\xe1\x03": bytes.fromhex(container),
            b"\xe1\x04": len(content).to_bytes(2, "big") + content,
        }
        self._selected = b""

    def transmit(self, apdu: bytes) -> bytes:
        if apdu == badge.SELECT_NDEF:
            return OK
        if apdu[:2] == b"\x00\xa4":
            self._selected = self._files.get(apdu[5:7], b"")
            return OK if self._selected else b"\x6a\x82"
        at, length = int.from_bytes(apdu[2:4], "big"), apdu[4]
        return self._selected[at : at + length] + OK


def test_a_uid_is_read() -> None:
    assert read_uid(InMemoryTransport(Badge(uid=UID))) == UID


def test_a_uid_that_changes_at_each_tap_is_no_badge() -> None:
    with pytest.raises(CardForeign):
        read_uid(InMemoryTransport(phone()))


@pytest.mark.parametrize("answer", [b"\x63\x00", b"\x01\x02" + OK, OK])
def test_a_uid_of_another_length_is_no_badge(answer: bytes) -> None:
    with pytest.raises(CardForeign):
        read_uid(Scripted(lambda _: answer))


def test_the_text_of_a_type_2_tag_is_read() -> None:
    assert read_tag2(InMemoryTransport(tag2("BIB-004217"))) == "BIB-004217"


def test_a_blank_type_2_tag_has_no_text() -> None:
    assert read_tag2(InMemoryTransport(Badge(uid=UID))) == ""


def test_no_more_of_a_type_2_tag_is_read_than_its_message() -> None:
    link = InMemoryTransport(tag2("BIB-004217"))
    scripted = Scripted(link.transmit)
    read_tag2(scripted)
    assert len(scripted.asked) == 3


def test_an_endless_type_2_tag_is_read_to_a_limit() -> None:
    scripted = Scripted(lambda apdu: bytes.fromhex("E110FF00") * (apdu[4] // 4) + OK)
    assert read_tag2(scripted) == ""
    assert len(scripted.asked) <= 1 + badge.BYTES_MAX // 16


def test_the_text_of_a_type_4_tag_is_read_piece_by_piece() -> None:
    assert read_tag4(Tag4("BIB-004217-LONGER")) == "BIB-004217-LONGER"


def test_a_card_without_the_ndef_application_is_no_type_4_tag() -> None:
    assert read_tag4(InMemoryTransport(bank_card())) is None


@pytest.mark.parametrize("answers", [1, 2, 3, 4, 5])
def test_a_type_4_tag_that_fails_half_way_has_no_text(answers: int) -> None:
    tag, asked = Tag4("BIB-004217"), list[bytes]()

    def answer(apdu: bytes) -> bytes:
        asked.append(apdu)
        return tag.transmit(apdu) if len(asked) <= answers else b"\x6a\x82"

    assert read_tag4(Scripted(answer)) == ""


@given(st.lists(st.binary(min_size=2, max_size=40), min_size=1, max_size=20))
def test_no_answer_of_a_tag_raises_anything_undeclared(answers: list[bytes]) -> None:
    turns = iter(answers * 100)
    scripted = Scripted(lambda _: next(turns))
    read_tag2(scripted)
    read_tag4(scripted)
    try:
        read_uid(scripted)
    except CardForeign:
        return


@pytest.mark.parametrize(
    ("text", "number"),
    [("BIB-004217", "BIB-004217"), ("", "04A1B2C3D4E5F6"), ("Bonjour à tous", "04A1B2C3D4E5F6")],
)
def test_a_badges_number_is_its_text_where_that_is_one(text: str, number: str) -> None:
    assert BadgeIdentity(uid=UID, text=text).number == number


def test_a_badge_is_read_once_and_has_no_value() -> None:
    reads = iter([BadgeIdentity(uid=UID, text="BIB-004217")])
    session = BadgeSession(lambda: next(reads))
    face = session.read()
    assert face == session.read()
    assert (face.kind, face.number, face.balance) == ("badge", "BIB-004217", Money(0))


def test_a_badge_takes_no_load_and_no_spend() -> None:
    session = BadgeSession(lambda: BadgeIdentity(uid=UID))
    load = Load(number=1, amount=Money(100), transaction_id="T-1", label="", at=NOW)
    spend = Spend(
        transaction_id="S-1", kind="debit", product=1, amount=Money(1), sequence=0, at=NOW
    )
    with pytest.raises(CardForeign):
        session.write_load(load)
    with pytest.raises(CardForeign):
        session.spend(spend, lambda _: None)
