"""The offline request and its code: what is signed, what is compared, what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import (
    AmountRefused,
    CodeClosed,
    CodeExpired,
    CodeForeign,
    CodeTampered,
    CodeWrong,
    LimitReached,
)
from kiosk.domain.money import Money
from kiosk.domain.packing import NUMBER_MAX, Packer
from kiosk.domain.reload_code import (
    CODE_LEN,
    EARLY_MAX,
    PAY_MAX,
    REDEEM_MAX,
    TRIES_MAX,
    CodeLimits,
    CodeRow,
    CodeState,
    CodeUse,
    ReloadRequest,
    check_age,
    code_for,
    grouped,
    judged,
    paid_text,
    read_paid,
    read_request,
    request_body,
    request_text,
    short_of,
    tried,
)
from kiosk.domain.sealed import Kind, key_id, known, sealed
from tests.code_requests import CODE_KEY, NOW, OTHER_KEY, a_purchase, a_request, a_row
from tests.signers import OTHER, OURS

KEYS = known((OURS.public_key,))
REQUESTS = st.builds(
    ReloadRequest,
    id=st.from_regex(r"[A-Za-z0-9-]{1,24}", fullmatch=True),
    kiosk=st.from_regex(r"[a-z0-9-]{1,8}", fullmatch=True),
    card=st.from_regex(r"[1-9a-f][0-9a-f]{31}", fullmatch=True),
    amount=st.integers(1, 1_000_000).map(Money),
    load_number=st.integers(1, 2**31),
    nonce=st.binary(min_size=8, max_size=8),
    at=st.integers(0, 4_000_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
)
# Made once and kept: a kiosk and a hub of different versions must give the same digits.
GOLDEN = [
    (
        a_request(),
        CODE_KEY,
        "0e432d30613162326333643465356608626f726e652d303100112233445566778899aabbccddeeffd00f05000102030405060708eff18ad806",
        "335082199211",
        "KKX5-9QMK",
    ),
    (
        a_request(),
        OTHER_KEY,
        "0e432d30613162326333643465356608626f726e652d303100112233445566778899aabbccddeeffd00f05000102030405060708eff18ad806",
        "540576108363",
        "KKX5-9QMK",
    ),
    (
        a_purchase(),
        CODE_KEY,
        "0e432d66666666666666666666666608626f726e652d303100000000000000000000000000000000c20300650000000000000000eff18ad806",
        "816288833453",
        "LLG5-CSDS",
    ),
]


def wrong_for(row: CodeRow) -> str:
    """Give twelve digits that aren't the row's."""
    return f"{(int(code_for(row.request, CODE_KEY)) + 1) % 10**CODE_LEN:012d}"


@pytest.mark.parametrize(("request_", "key", "body", "code", "short"), GOLDEN)
def test_golden_vectors_stay(
    request_: ReloadRequest, key: bytes, body: str, code: str, short: str
) -> None:
    assert request_body(request_).hex() == body
    assert code_for(request_, key) == code
    assert short_of(request_) == short


@given(request_=REQUESTS)
def test_what_is_signed_is_read_back_equal(request_: ReloadRequest) -> None:
    assert read_request(request_text(request_, OURS), KEYS) == (request_, key_id(OURS.public_key))


@given(one=REQUESTS, other=REQUESTS)
def test_another_request_has_another_text(one: ReloadRequest, other: ReloadRequest) -> None:
    assert (request_body(one) == request_body(other)) == (one == other)


def test_a_purchase_without_a_card_is_read_back_too() -> None:
    assert read_request(request_text(a_purchase(), OURS), KEYS)[0] == a_purchase()


def test_an_edited_request_is_tampered() -> None:
    text = request_text(a_request(), OURS)
    with pytest.raises(CodeTampered):
        read_request(text[:40] + ("A" if text[40] != "A" else "B") + text[41:], KEYS)


def test_another_kiosk_s_key_is_foreign() -> None:
    with pytest.raises(CodeForeign):
        read_request(request_text(a_request(), OTHER), KEYS)


@pytest.mark.parametrize("kind", [Kind.RECEIPT, Kind.PAID_CODE])
def test_a_signed_value_of_another_kind_is_no_request(kind: Kind) -> None:
    with pytest.raises(CodeForeign):
        read_request(sealed(kind, request_body(a_request()), OURS), KEYS)


@pytest.mark.parametrize(
    "body", [b"", request_body(a_request()) + b"\x00", request_body(a_request())[:-1], b"\xff" * 60]
)
def test_bytes_that_no_request_has_are_foreign(body: bytes) -> None:
    with pytest.raises(CodeForeign):
        read_request(sealed(Kind.CODE_REQUEST, body, OURS), KEYS)


def test_a_moment_that_no_calendar_has_is_foreign() -> None:
    packer = Packer()
    packer.number(NUMBER_MAX)
    last = Packer()
    last.number(int(NOW.timestamp()))
    body = request_body(a_request()).removesuffix(bytes(last.data)) + bytes(packer.data)
    with pytest.raises(CodeForeign):
        read_request(sealed(Kind.CODE_REQUEST, body, OURS), KEYS)


@pytest.mark.parametrize(
    "change",
    [
        {"id": ""},
        {"id": "x" * 25},
        {"kiosk": "borne 1"},
        {"kiosk": "borne-001"},
        {"card": "", "load_number": 5},
        {"card": "no tag"},
        {"amount": Money(0)},
        {"load_number": 0},
        {"product": 3},
        {"nonce": b"short"},
        {"at": NOW.replace(microsecond=1)},
        {"at": NOW.replace(tzinfo=None)},
        {"at": NOW.astimezone(timezone(timedelta(hours=1)))},
        {"at": datetime(2100, 1, 1, tzinfo=UTC)},
    ],
)
def test_a_request_out_of_its_bounds_cannot_be_made(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a request"):
        replace(a_request(), **change)  # type: ignore[arg-type]  # each breaks one bound


@given(one=REQUESTS)
def test_a_code_is_twelve_digits(one: ReloadRequest) -> None:
    code = code_for(one, CODE_KEY)
    assert len(code) == CODE_LEN
    assert code.isdecimal()


@pytest.mark.parametrize("cents", [1999, 2001, 20_00 * 10])
def test_another_amount_has_another_code(cents: int) -> None:
    assert code_for(a_request(cents=cents), CODE_KEY) != code_for(a_request(), CODE_KEY)


def test_a_code_is_shown_in_groups_of_four_while_it_is_typed() -> None:
    assert [grouped(digits) for digits in ("", "12", "1234", "12345", "123456789012")] == [
        "",
        "12",
        "1234",
        "1234 5",
        "1234 5678 9012",
    ]


def test_the_scanned_value_carries_the_request_and_its_digits() -> None:
    text = paid_text(a_request(), CODE_KEY, OURS)
    assert read_paid(text, KEYS) == (a_request().id, code_for(a_request(), CODE_KEY))


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (Kind.CODE_REQUEST, b"\x01A\x0c123456789012"),
        (Kind.PAID_CODE, b"\x01A\x0c12345678901"),
        (Kind.PAID_CODE, b"\x01A\x0c12345678901x"),
        (Kind.PAID_CODE, b"\x01A\x0c123456789012+"),
    ],
)
def test_a_scanned_value_that_carries_no_code_is_foreign(kind: Kind, body: bytes) -> None:
    with pytest.raises(CodeForeign):
        read_paid(sealed(kind, body, OURS), KEYS)


def test_the_right_code_is_accepted() -> None:
    row = tried(a_row(), NOW)
    accepted = judged(row, code_for(row.request, CODE_KEY), CODE_KEY, NOW)
    assert (accepted.state, accepted.tries) == (CodeState.ACCEPTED, 1)


def test_the_right_code_again_changes_nothing() -> None:
    given_ = replace(a_row(), state=CodeState.GIVEN, tries=1)
    assert judged(given_, code_for(given_.request, CODE_KEY), CODE_KEY, NOW) == given_


def test_a_wrong_code_tells_how_many_tries_are_left() -> None:
    row = tried(a_row(), NOW)
    with pytest.raises(CodeWrong) as wrong:
        judged(row, wrong_for(row), CODE_KEY, NOW)
    assert wrong.value.left == TRIES_MAX - 1


def test_a_wrong_code_after_the_right_one_closes_nothing() -> None:
    row = replace(a_row(), state=CodeState.GIVEN, tries=TRIES_MAX)
    with pytest.raises(CodeWrong):
        judged(row, wrong_for(row), CODE_KEY, NOW)


def test_another_kiosk_s_code_is_wrong() -> None:
    row = tried(a_row(), NOW)
    with pytest.raises(CodeWrong):
        judged(row, code_for(row.request, OTHER_KEY), CODE_KEY, NOW)


def test_the_fifth_wrong_code_closes_the_request() -> None:
    row = replace(a_row(), tries=TRIES_MAX - 1)
    last = tried(row, NOW)
    with pytest.raises(CodeClosed):
        judged(last, wrong_for(last), CODE_KEY, NOW)
    with pytest.raises(CodeClosed):
        tried(last, NOW)
    assert not last.usable(NOW)


def test_a_code_is_taken_until_its_time_is_over() -> None:
    row = a_row()
    late = NOW + REDEEM_MAX
    assert row.usable(late - timedelta(seconds=1))
    assert not row.usable(late)
    with pytest.raises(CodeExpired):
        tried(row, late)


def test_an_accepted_request_takes_no_more_codes() -> None:
    assert not replace(a_row(), state=CodeState.ACCEPTED).usable(NOW)


@pytest.mark.parametrize("age", [-EARLY_MAX, timedelta(0), PAY_MAX - timedelta(seconds=1)])
def test_a_young_request_may_be_paid(age: timedelta) -> None:
    check_age(a_request(), NOW + age)


@pytest.mark.parametrize("age", [-EARLY_MAX - timedelta(seconds=1), PAY_MAX])
def test_an_old_request_or_one_from_the_future_may_not(age: timedelta) -> None:
    with pytest.raises(CodeExpired):
        check_age(a_request(), NOW + age)


@pytest.mark.parametrize("cents", [0, -1, 5001])
def test_a_sum_above_the_ceiling_is_refused(cents: int) -> None:
    with pytest.raises(AmountRefused):
        CodeLimits().check(Money(cents), CodeUse(requests=0, sum=Money(0)))


@pytest.mark.parametrize(
    "used", [CodeUse(requests=20, sum=Money(0)), CodeUse(requests=1, sum=Money(45_001))]
)
def test_a_kiosk_asks_for_no_more_than_a_day_allows(used: CodeUse) -> None:
    with pytest.raises(LimitReached):
        CodeLimits().check(Money(5000), used)


def test_a_kiosk_may_use_up_its_day() -> None:
    CodeLimits().check(Money(5000), CodeUse(requests=19, sum=Money(45_000)))
