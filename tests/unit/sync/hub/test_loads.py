"""Loads that wait: numbered by card, struck by the kiosk that wrote them, moved by proof alone."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.hub_load import BY_HUB
from sync.hub.audit.models import Entry
from sync.hub.cards.loads import pend
from sync.hub.cards.models import BlockedCard, PendingLoad
from sync.hub.here import Here
from tests.kiosks import Kiosk, enrolled, event

CARD = "a" * 32


@pytest.fixture
def kiosk(here: Here) -> Kiosk:
    return enrolled(here)


def waiting() -> list[int]:
    rows = PendingLoad.objects.filter(loaded_at=None).order_by("number")
    return [row.number for row in rows]


def tell(
    kiosk: Kiosk,
    seq: int,
    load: int,
    *,
    kind: str = "topup.done",
    provider: str = "simulator",
    said: Mapping[str, object] | None = None,
) -> None:
    payload = json.dumps({"card": CARD, "load": load, "provider": provider, **(said or {})})
    answer = kiosk.tell([event(seq, kind=kind, payload=payload)])
    assert answer.status_code == 200, answer.content


def add(here: Here, after: int = 0) -> int:
    return pend(here, "orne", CARD, 1200, after=after, by=None)


def test_loads_follow_the_card_s_last_one_and_each_other(here: Here, kiosk: Kiosk) -> None:
    assert [add(here, after=3), add(here, after=3), add(here)] == [4, 5, 6]
    assert [one.action for one in Entry.objects.all()] == ["load.pending"] * 3


@pytest.mark.parametrize("kind", ["topup.capturing", "topup.done"])
def test_a_kiosk_that_wrote_it_strikes_it(here: Here, kiosk: Kiosk, kind: str) -> None:
    add(here)
    add(here)
    tell(kiosk, 1, 1, kind=kind, provider=BY_HUB)
    tell(kiosk, 1, 1, kind=kind, provider=BY_HUB)
    assert waiting() == [2]


@pytest.mark.parametrize("kind", ["topup.capturing", "topup.done", "transfer.done"])
def test_a_number_that_another_load_took_is_given_anew(here: Here, kiosk: Kiosk, kind: str) -> None:
    add(here)
    add(here)
    tell(kiosk, 1, 1, kind=kind)
    assert waiting() == [2, 3]


def test_a_later_number_proves_nothing_about_an_earlier_one(here: Here, kiosk: Kiosk) -> None:
    add(here)
    tell(kiosk, 1, 2)
    assert waiting() == [1]


def test_a_load_that_was_struck_isn_t_moved(here: Here, kiosk: Kiosk) -> None:
    add(here)
    tell(kiosk, 1, 1, provider=BY_HUB)
    tell(kiosk, 2, 1)
    assert waiting() == []


@pytest.mark.parametrize("said", [{"load": "1"}, {"load": None}, {"load": 0}, {"card": 5}])
def test_an_event_of_another_shape_is_stored_and_changes_nothing(
    here: Here, kiosk: Kiosk, said: dict[str, object]
) -> None:
    add(here)
    tell(kiosk, 1, 1, provider=BY_HUB, said=said)
    assert waiting() == [1]


def test_what_is_begun_strikes_nothing(here: Here, kiosk: Kiosk) -> None:
    add(here)
    tell(kiosk, 1, 1, kind="topup.card_writing", provider=BY_HUB)
    assert waiting() == [1]


@pytest.mark.parametrize(("card", "cents"), [("A" * 32, 5), (CARD, 0), (CARD, 10**9), ("", 5)])
def test_what_can_t_be_a_load_is_refused(here: Here, kiosk: Kiosk, card: str, cents: int) -> None:
    with pytest.raises(InputRefused):
        pend(here, "orne", card, cents, after=0, by=None)
    assert PendingLoad.objects.count() == 0


def test_a_territory_that_isn_t_here_has_no_loads(here: Here, kiosk: Kiosk) -> None:
    with pytest.raises(InputRefused):
        pend(here, "nowhere", CARD, 5, after=0, by=None)


def test_a_card_that_staff_block_at_a_kiosk_is_lost_for_the_whole_territory(
    here: Here, kiosk: Kiosk
) -> None:
    for seq in (1, 2):
        tell(kiosk, seq, 1, kind="card.blocked")
    assert [row.card for row in BlockedCard.objects.all()] == [CARD]
    (entry,) = Entry.objects.all()
    assert (entry.action, entry.details) == ("card.blocked", {"kiosk": kiosk.id})


def test_what_is_no_card_is_not_blocked(here: Here, kiosk: Kiosk) -> None:
    tell(kiosk, 1, 1, kind="card.blocked", said={"card": "x"})
    assert BlockedCard.objects.count() == 0
