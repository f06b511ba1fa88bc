from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from sync.connectors.sip2.messages import (
    FIELDS_MAX,
    LAYOUTS,
    MESSAGE_BYTES_MAX,
    build,
    checksum,
    date_of,
    date_text,
    read_message,
)
from sync.connectors.sip2.requests import (
    Desk,
    Reader,
    end_session,
    login,
    patron_information,
    renew,
    renew_all,
    resend,
    status,
)

PARIS = ZoneInfo("Europe/Paris")
AT = datetime(2026, 11, 22, 10, 42, tzinfo=PARIS)
DESK = Desk(institution="BOURG")
READER = Reader(barcode="2999", pin="1234")
VALUES = st.text(
    st.characters(codec="utf-8", exclude_characters="|", exclude_categories=("C", "Z")), max_size=30
)

# Messages with their checksums as other projects' tests have them. (Copies of the first with
# EC78, as a manual misprinted it, are wrong: the bytes sum up to EC7B.)
PUBLISHED = [
    b"9300CNLoginUserID|COLoginPassword|CPLocationCode|AY5AZEC7B",
    b"9300CNinfo@test.org|COtester|CPselfcheck_location|AY0AZEB8C",
    b"9300CNlibrarian@test.com|CO123456|CPselfcheck_location|AY1AZEAEE",
    b"9900802.00AY1AZFCA0",
]


@pytest.mark.parametrize("raw", PUBLISHED)
def test_a_published_checksum_is_ours(raw: bytes) -> None:
    assert checksum(raw[:-4]) == raw[-4:].decode()
    assert read_message(raw + b"\r").sequence == int(raw[-7:-6])


@pytest.mark.parametrize("raw", PUBLISHED)
def test_a_changed_byte_is_found(raw: bytes) -> None:
    spoiled = raw[:12] + bytes([raw[12] ^ 1]) + raw[13:]
    with pytest.raises(InputRefused, match="checksum"):
        read_message(spoiled)


def test_a_cut_checksum_is_found() -> None:
    with pytest.raises(InputRefused, match="cut off"):
        read_message(b"9900802.00AY1AZFC")


def test_our_login_is_byte_for_byte_a_published_one() -> None:
    written = login("LoginUserID", "LoginPassword", "LocationCode", sequence=5)
    assert written == PUBLISHED[0] + b"\r"


def test_our_status_is_byte_for_byte_a_published_one() -> None:
    assert status(sequence=1) == PUBLISHED[3] + b"\r"


def test_patron_information_asks_for_one_list() -> None:
    written = patron_information(DESK, READER, AT, detail="charged", sequence=3)
    message = read_message(written)
    assert written.startswith(b"6300220261122    104200  Y       AOBOURG|AA2999|AC|AD1234|AY3AZ")
    assert message.fixed == {
        "language": "002",
        "date": "20261122    104200",
        "summary": "  Y       ",
    }
    assert message.first("AA") == "2999"


@pytest.mark.parametrize(
    ("detail", "summary"),
    [
        ("holds", "Y         "),
        ("overdue", " Y        "),
        ("fines", "   Y      "),
        ("unavailable_holds", "     Y    "),
        ("", "          "),
    ],
)
def test_each_list_has_its_place_in_the_summary(detail: str, summary: str) -> None:
    written = patron_information(DESK, READER, AT, detail=detail)  # type: ignore[arg-type]  # from the table above
    assert read_message(written).fixed["summary"] == summary


def test_a_language_without_a_number_is_not_told() -> None:
    written = patron_information(DESK, READER, AT, language="br")
    assert read_message(written).fixed["language"] == "000"


def test_renewing_accepts_no_fee_and_leaves_the_due_date_to_the_library() -> None:
    message = read_message(renew(DESK, READER, "P-1", AT))
    assert (message.code, message.first("AB"), message.first("BO")) == ("29", "P-1", "N")
    assert message.fixed["due_date"].strip() == ""


def test_renewing_all_and_leaving_name_the_reader() -> None:
    everything = read_message(renew_all(DESK, READER, AT))
    leaving = read_message(end_session(DESK, READER, AT))
    assert (everything.code, everything.first("BO")) == ("65", "N")
    assert (leaving.code, leaving.first("AA")) == ("35", "2999")


def test_asking_again_bears_no_sequence() -> None:
    assert resend() == b"97\r"


@given(st.lists(st.tuples(st.sampled_from(["AB", "AJ", "AF", "CK"]), VALUES), max_size=12),
       st.none() | st.integers(0, 9))  # fmt: skip
def test_what_is_written_is_read_back(fields: list[tuple[str, str]], sequence: int | None) -> None:
    message = read_message(build("94", {"ok": "1"}, fields, sequence))
    assert message.fields == tuple(fields)
    assert (message.fixed, message.sequence) == ({"ok": "1"}, sequence)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        message = read_message(raw)
    except InputRefused:
        return
    assert message.code in LAYOUTS


@pytest.mark.parametrize("value", ["a|b", "a\rb", "a\nAY", "\x00"])
def test_a_value_that_would_forge_a_field_is_refused(value: str) -> None:
    with pytest.raises(InputRefused, match="a bar or a control character"):
        login("borne", value, "hall")


@pytest.mark.parametrize(
    ("code", "fixed", "fields", "sequence"),
    [
        ("94", {"ok": "11"}, [], None),
        ("94", {}, [], None),
        ("94", {"ok": "1"}, [("a|", "x")], None),
        ("94", {"ok": "1"}, [], 10),
        ("00", {}, [], None),
        ("94", {"ok": "é"}, [], None),
    ],
)
def test_what_is_no_message_cannot_be_written(
    code: str, fixed: dict[str, str], fields: list[tuple[str, str]], sequence: int | None
) -> None:
    with pytest.raises(InputRefused):
        build(code, fixed, fields, sequence)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"9",
        b"ZZ1",
        b"64   ",
        b"29NN20201013    09315820201013    09315|AOinstitution_id|",
        b"941a|",
        b"941A",
        b"941" + b"AFx|" * (FIELDS_MAX + 1),
        b"941AF" + b"x" * MESSAGE_BYTES_MAX,
    ],
)
def test_a_broken_message_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused):
        read_message(raw)


def test_old_systems_write_windows_1252() -> None:
    assert read_message(b"941AFPr\xeat|").first("AF") == "Prêt"


def test_a_field_may_stand_several_times() -> None:
    assert read_message(b"941AUa|AU|AUb|").all("AU") == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20261122    104200", AT),
        ("20261122   Z094200", datetime(2026, 11, 22, 9, 42, tzinfo=UTC)),
        ("20261322    104200", None),
        ("20261122104200", None),
        ("", None),
    ],
)
def test_a_date_is_read_or_unknown(text: str, moment: datetime | None) -> None:
    assert date_of(text, PARIS) == moment


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001 - local
def test_a_date_is_read_back(moment: datetime) -> None:
    assert date_of(date_text(moment), UTC) == moment.replace(microsecond=0, tzinfo=UTC)


def real(corpus: Path) -> Iterator[bytes]:
    document = json.loads((corpus / "sip2" / "messages.json").read_text(encoding="utf-8"))
    for messages in document.values():
        yield from (message.encode() for message in messages)


def test_real_messages_are_read_or_refused_for_a_reason(corpus: Path) -> None:
    refused = []
    for raw in real(corpus):
        try:
            read_message(raw)
        except InputRefused as wrong:
            refused.append(wrong.what)
    checksums = [why for why in refused if why.startswith("checksum")]
    assert checksums == ["checksum EC78 isn't EC7B", "checksum F4D2 isn't F016"]
    assert refused.count("the checksum is cut off") == 6
    assert refused.count("message 29: its fixed fields are cut short") == 1
    assert len(refused) == 9
