"""The offline rules of the card: who may be debited, how much, how often."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.card_rules import (
    SKEW_MAX,
    Blocklist,
    CardRules,
    OfflineUse,
    Standing,
    check_card,
    check_spend,
)
from kiosk.domain.errors import (
    AlveoleError,
    BlocklistOld,
    CardBlocked,
    CardExpired,
    CardForeign,
    CardTampered,
    LimitReached,
    PurseEmpty,
)
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
RULES = CardRules(
    debit_max=Money(3000),
    card_moves_max=3,
    card_sum_max=Money(5000),
    kiosk_moves_max=10,
    kiosk_sum_max=Money(20_000),
)
LIST = Blocklist(version=4, issued_at=NOW - timedelta(hours=5))
FACE = CardFace(
    number="ALV61-0000-4821",
    kind="purse",
    balance=Money(4000),
    last_load=1,
    sequence=8,
    books=(),
    entitlements=(),
    log=(),
    valid_until=date(2026, 11, 22),
)
CARD = Standing(face=FACE, tag="tag", use=OfflineUse(), now=NOW, today=NOW.date())


def with_face(**changed: object) -> Standing:
    return replace(CARD, face=replace(FACE, **changed))  # type: ignore[arg-type]  # of the test's own


def used(**changed: object) -> Standing:
    return replace(CARD, use=OfflineUse(**changed))  # type: ignore[arg-type]  # of the test's own


def listed(**changed: object) -> Blocklist:
    return replace(LIST, **changed)  # type: ignore[arg-type]  # of the test's own


REFUSED: list[tuple[str, Standing, int, Blocklist | None, type[AlveoleError]]] = [
    ("a badge", with_face(kind="badge"), 100, LIST, CardForeign),
    ("a lost card", CARD, 100, listed(cards={"tag": NOW}), CardBlocked),
    ("a card blocked here", CARD, 100, listed(here=frozenset({"tag"})), CardBlocked),
    ("a card that says so itself", with_face(blocked=True), 100, LIST, CardBlocked),
    ("no list", CARD, 100, None, BlocklistOld),
    ("an old list", CARD, 100, listed(issued_at=NOW - timedelta(hours=73)), BlocklistOld),
    ("a list of tomorrow", CARD, 100, listed(issued_at=NOW + timedelta(days=1)), BlocklistOld),
    ("an expired card", with_face(valid_until=date(2026, 11, 21)), 100, LIST, CardExpired),
    ("a balance over the ceiling", with_face(balance=Money(15_001)), 100, LIST, CardTampered),
    ("a balance below zero", with_face(balance=Money(-1)), 0, LIST, CardTampered),
    ("too much at once", CARD, 3001, LIST, LimitReached),
    ("too often", used(card_moves=3), 100, LIST, LimitReached),
    ("too much by this card", used(card_sum=Money(4901)), 100, LIST, LimitReached),
    ("too often on this kiosk", used(kiosk_moves=10), 100, LIST, LimitReached),
    ("too much on this kiosk", used(kiosk_sum=Money(19_901)), 100, LIST, LimitReached),
    ("more than there is", with_face(balance=Money(99)), 100, LIST, PurseEmpty),
]


@pytest.mark.parametrize(
    ("card", "cents", "blocklist", "error"),
    [row[1:] for row in REFUSED],
    ids=[row[0] for row in REFUSED],
)
def test_what_may_not_be_debited_is_refused_with_its_own_error(
    card: Standing, cents: int, blocklist: Blocklist | None, error: type[AlveoleError]
) -> None:
    with pytest.raises(error):
        check_spend(card, Money(cents), RULES, blocklist)


@pytest.mark.parametrize(
    ("card", "cents"),
    [
        (CARD, 3000),
        (used(card_moves=2), 100),
        (used(card_sum=Money(4900)), 100),
        (used(kiosk_moves=9), 100),
        (used(kiosk_sum=Money(19_900)), 100),
        (with_face(balance=Money(100)), 100),
        (with_face(balance=Money(0)), 0),
        (with_face(balance=Money(15_000)), 0),
    ],
    ids="at-once often card-sum kiosk-often kiosk-sum last-cent entry full".split(),  # noqa: SIM905 - read as one line
)
def test_up_to_each_limit_it_is_allowed(card: Standing, cents: int) -> None:
    check_spend(card, Money(cents), RULES, LIST)


@pytest.mark.parametrize("age", [RULES.blocklist_max, -SKEW_MAX, timedelta(0)])
def test_a_list_is_good_up_to_its_very_age(age: timedelta) -> None:
    check_card(CARD, RULES, listed(issued_at=NOW - age))


def test_an_old_list_is_still_right_about_a_lost_card() -> None:
    old = listed(issued_at=NOW - timedelta(days=30), cards={"tag": NOW - timedelta(days=31)})
    with pytest.raises(CardBlocked):
        check_card(CARD, RULES, old)


def test_a_lost_card_is_dead_once_every_list_names_it_or_is_too_old() -> None:
    known = listed(cards={"tag": NOW})
    assert known.dead_at("tag", RULES.blocklist_max) == NOW + timedelta(hours=73)


def test_a_card_that_no_list_names_is_never_surely_dead() -> None:
    assert listed(here=frozenset({"tag"})).dead_at("tag", RULES.blocklist_max) is None


@given(age_h=st.integers(0, 400), listed_h=st.integers(0, 400))
def test_no_kiosk_can_debit_a_dead_card(age_h: int, listed_h: int) -> None:
    """Whatever list a kiosk has at that moment: it names the card, or is too old."""
    first = NOW - timedelta(hours=listed_h)
    mine = NOW - timedelta(hours=age_h)
    cards = {"tag": first} if mine >= first else {}
    theirs = Blocklist(version=9, issued_at=NOW, cards={"tag": first})
    dead = theirs.dead_at("tag", RULES.blocklist_max)
    assert dead is not None
    if dead > NOW:
        return
    with pytest.raises((CardBlocked, BlocklistOld)):
        check_card(CARD, RULES, Blocklist(version=1, issued_at=mine, cards=cards))


@pytest.mark.parametrize(
    "absurd", [{"purse_max": Money(15_001)}, {"blocklist_max": timedelta(0)}], ids=str
)
def test_limits_past_the_cards_own_cannot_exist(absurd: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="past the card's own"):
        replace(RULES, **absurd)  # type: ignore[arg-type]  # of the test's own
