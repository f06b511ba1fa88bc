"""The kiosk's half of the relay beside a hub that is silent or answers anything."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
import pytest

from cardreader.card_app import Desk, PurseCardSession
from kiosk.app.hub_relay import HubRelay, LoadsByHub, Posting
from kiosk.domain.errors import (
    AlveoleError,
    CardExpired,
    CardPulled,
    KeyAbsent,
    PaymentUnavailable,
    PurseFull,
)
from kiosk.domain.money import Money
from sync.protocol.relay import RelayTold
from tests.unit.cardreader.cards import NAMES, debit, everything, issued, keep, load


@dataclass
class Answers:
    """A hub that answers what it is told to, in order."""

    answers: list[tuple[int, bytes]] = field(default_factory=list)

    def post(self, path: str, said: bytes, *, bytes_max: int) -> tuple[int, bytes]:
        assert (path, bool(said), bytes_max > 0) == ("/relay", True, True)
        if not self.answers:
            raise PaymentUnavailable("silent")
        return self.answers.pop(0)


def told(apdu: bytes | None = None, error: str = "") -> tuple[int, bytes]:
    return 200, msgspec.json.encode(RelayTold(apdu=apdu, error=error))


def session(*answers: tuple[int, bytes]) -> PurseCardSession:
    hub = Answers(list(answers))
    authority = LoadsByHub(everything(), HubRelay(lambda: (hub, "/relay")))
    transport = issued(cents=500).transport
    return PurseCardSession(transport, Desk(authority=authority, names=NAMES))


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [(403, b"{}")],
        [(200, b"{")],
        [(200, b'{"apdu":"kA=="}')],
        [told(bytes.fromhex("FFCA000000"))],
        [told(bytes.fromhex("FFCA000000"))] * 300,
        [told(error="input.refused")],
    ],
    ids=["silent", "shut", "garbage", "short", "cut", "endless", "unpaid"],
)
def test_a_hub_that_doesn_t_write_leaves_the_load_to_wait(answers: list[tuple[int, bytes]]) -> None:
    with pytest.raises(KeyAbsent):
        session(*answers).write_load(load(1))


@pytest.mark.parametrize("error", [CardExpired, CardPulled, PurseFull])
def test_what_the_hub_refuses_is_told_as_it_is(error: type[AlveoleError]) -> None:
    with pytest.raises(error):
        session(told(error=error.message_key)).write_load(load(1))


def test_a_kiosk_without_an_identity_says_that_the_hub_is_away() -> None:
    def nobody() -> tuple[Posting, str]:
        raise PaymentUnavailable("not enrolled")

    authority = LoadsByHub(everything(), HubRelay(nobody))
    desk = Desk(authority=authority, names=NAMES)
    with pytest.raises(KeyAbsent):
        PurseCardSession(issued().transport, desk).write_load(load(1))


def test_what_is_no_load_is_done_with_the_kiosk_s_own_keys() -> None:
    own = session()
    face = own.read()
    spent = own.spend(debit(face.sequence), keep)
    assert spent.face.balance == Money(180)
