from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.registry import FOLDER, manifest_of
from sync.connectors.sip2.connector import BLOCKS, MESSAGES_MAX, parse

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FIXTURE = (FOLDER / "sip2" / "fixtures" / "answers.sip2").read_bytes()
CONTEXT = Context(dataset="d", source="Médiathèque", licence="privé", observed_at=NOW, now=NOW)
DATE = "20261122    104200"


def read(raw: bytes = FIXTURE) -> list[Item]:
    return list(guarded(parse, raw, CONTEXT, manifest_of("sip2"), time.monotonic))


def records(items: list[Item]) -> dict[str, Record]:
    return {item.id: item for item in items if isinstance(item, Record)}


def rejects(items: list[Item]) -> dict[str, str]:
    return {item.where: item.why for item in items if isinstance(item, Reject)}


def only(text: str) -> Record:
    (record,) = records(read(text.encode())).values()
    return record


def test_patron_information_tells_the_loans() -> None:
    loans = records(read())["patron_information|3"]
    assert loans.title == {"fr": "Mes prêts", "en": "My loans"}
    assert loans.body == {"fr": "Un document est en retard."}
    assert loans.data == {
        "message": "patron_information",
        "holds": 1,
        "overdue": 1,
        "charged": 2,
        "fines": 0,
        "recalls": 0,  # unavailable holds are blank: unknown, so absent
        "blocks": ["too_many_overdue"],
        "hold_items": ["R-INVENTE-1"],
        "overdue_items": ["P-INVENTE-1"],
        "charged_items": ["P-INVENTE-1", "P-INVENTE-2"],
        "valid_reader": True,
        "valid_pin": True,
        "fee_cents": 250,
        "currency": "EUR",
    }


def test_an_answer_is_as_old_as_its_transaction() -> None:
    loans = records(read())["patron_information|3"]
    assert loans.observed_at == datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    "private", ["Personne", "2999000000017", "rue Inventée", "bourg.invalid", "motdepasse", "borne"]
)
def test_nothing_of_the_person_is_read(private: str) -> None:
    assert private not in msgspec.json.encode(read()).decode()


def test_a_renewal_tells_the_item_and_when_it_is_due() -> None:
    renewal = records(read())["renew|4"]
    assert renewal.title["fr"] == "Le Livre inventé"
    assert renewal.data == {
        "message": "renew",
        "ok": True,
        "renewal_ok": True,
        "item": "P-INVENTE-2",
        "due_text": "20261213 235959",
        "due": "2026-12-13T23:59:59+01:00",
    }


def test_a_refused_renewal_says_so_and_why() -> None:
    renewal = records(read())["renew|5"]
    assert (renewal.data["ok"], renewal.data["renewal_ok"]) == (False, False)
    assert renewal.body == {"fr": "Réservé par une autre personne."}


def test_a_due_date_in_words_stays_in_words() -> None:
    renewal = records(read())["renew|5"]
    assert (renewal.data["due"], renewal.data["due_text"]) == (None, "le 3 décembre")


def test_renewing_all_tells_which_were_and_which_were_not() -> None:
    all_of_them = records(read())["renew_all|6"].data
    assert all_of_them["renewed_items"] == ["P-INVENTE-2"]
    assert all_of_them["unrenewed_items"] == ["P-INVENTE-1"]
    assert (all_of_them["renewed"], all_of_them["unrenewed"]) == (1, 1)


def test_login_status_item_and_end_are_told() -> None:
    found = records(read())
    assert found["login|1"].data == {"message": "login", "ok": True}
    assert found["status|2"].data["library"] == "Médiathèque inventée"
    assert found["item|7"].data["due"] == "2026-12-13T23:59:59+01:00"
    assert found["end_session|8"].data["end_session"] is True


def test_bad_messages_and_requests_are_rejected_with_the_reason() -> None:
    assert rejects(read()) == {
        "message 9": "checksum 0000 isn't FDF5",
        "message 10": "message 93 isn't an answer that is shown",
        "message 11": "message 64: its fixed fields are cut short",
    }


@pytest.mark.parametrize("place", range(14))
def test_each_place_of_the_patron_status_is_a_block(place: int) -> None:
    told = "".join("Y" if number == place else " " for number in range(14))
    assert only(f"24{told}002{DATE}AOX|").data["blocks"] == [BLOCKS[place]]


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("2.50", 250),
        ("2,5", 250),
        ("0", 0),
        ("12", 1200),
        ("2.505", None),
        ("-1", None),
        ("", None),
    ],
)
def test_a_fee_is_read_to_the_cent_or_not_at_all(amount: str, cents: int | None) -> None:
    assert only(f"24{' ' * 14}002{DATE}BV{amount}|").data.get("fee_cents") == cents


@pytest.mark.parametrize(("told", "flag"), [("Y", True), ("N", False), ("U", None)])
def test_what_the_library_does_not_know_stays_unknown(told: str, flag: bool | None) -> None:
    assert only(f"301{told}NU{DATE}AOX|").data["renewal_ok"] is flag


def test_an_impossible_date_is_that_of_reading() -> None:
    assert only("36Y00000000    000000AOX|").observed_at == NOW


def test_a_date_of_another_century_rejects_the_message() -> None:
    items = read(b"36Y18261122    104200AOX|")
    assert rejects(items) == {"message 1": "year 1826 is outside 1900…2200"}


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"{}", b"\n\n", b"94" + b"\r94" * MESSAGES_MAX, b'["941"]']
)
def test_another_file_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read(raw)


def test_the_real_strings_stand_in_json_and_are_refused_as_a_file(corpus: Path) -> None:
    with pytest.raises(InputRefused, match="not SIP2"):
        read((corpus / "sip2" / "messages.json").read_bytes())
