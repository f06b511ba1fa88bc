"""The payloads that are carried off: exact to their standards, and never too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from kiosk.domain.record import Geo
from kiosk.domain.takeaway import (
    LINE_MAX,
    PAYLOAD_MAX,
    Appointment,
    Contact,
    calendar_event,
    contact_card,
    geo_uri,
    plain_text,
    shortened,
    size,
    whole_days,
)

PARIS = timezone(timedelta(hours=1))
MARKET = Appointment(
    uid="marche.agenda@orne.alveole",
    title="Marché de Noël",
    starts=datetime(2026, 11, 29, 10, 0, tzinfo=PARIS),
    ends=datetime(2026, 11, 29, 18, 30, tzinfo=PARIS),
    stamp=datetime(2026, 11, 22, 9, 42, tzinfo=UTC),
    place="Les Halles, Alençon",
    note="Entrée libre",
)
COUNTER = Contact(
    name="Mairie d’Alençon",
    street="Place Foch",
    town="Alençon",
    phone="02 61 91 00 00",
    note="Fermée le samedi",
    geo=Geo(lat=48.4312, lon=0.0915),
)
any_text = st.text(st.characters(codec="utf-8"), max_size=2000)


def lines_of(payload: str) -> list[str]:
    return payload.replace("\r\n ", "").split("\r\n")


def test_an_event_is_written_as_the_calendar_standard_says() -> None:
    assert lines_of(calendar_event(MARKET)) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Alveole//FR",
        "BEGIN:VEVENT",
        "UID:marche.agenda@orne.alveole",
        "DTSTAMP:20261122T094200Z",
        "DTSTART:20261129T090000Z",
        "DTEND:20261129T173000Z",
        "SUMMARY:Marché de Noël",
        "LOCATION:Les Halles\\, Alençon",
        "DESCRIPTION:Entrée libre",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_an_event_without_end_has_none() -> None:
    assert "DTEND" not in calendar_event(replace(MARKET, ends=None))


def test_an_event_without_place_has_no_empty_line_for_it() -> None:
    assert "LOCATION" not in calendar_event(replace(MARKET, place=""))


def test_a_whole_day_is_a_date_and_ends_the_day_after() -> None:
    starts, ends = whole_days(date(2026, 11, 30))
    payload = calendar_event(replace(MARKET, starts=starts, ends=ends))
    assert "DTSTART;VALUE=DATE:20261130" in payload
    assert "DTEND;VALUE=DATE:20261201" in payload


def test_several_whole_days_end_the_day_after_the_last() -> None:
    assert whole_days(date(2026, 12, 30), date(2026, 12, 31)) == (
        date(2026, 12, 30),
        date(2027, 1, 1),
    )


def test_a_reader_of_calendars_reads_the_event_back() -> None:
    event = next(iter(Calendar.from_ical(calendar_event(MARKET)).walk("VEVENT")))
    assert str(event["SUMMARY"]) == MARKET.title
    assert str(event["LOCATION"]) == MARKET.place
    assert event.decoded("DTSTART") == MARKET.starts
    assert event.decoded("DTEND") == MARKET.ends


@pytest.mark.parametrize(
    "hostile", ["a;b,c\\d", "deux\nlignes", "\x00\x07\x7fbip", "« ’ é 👩‍👩‍👧 »"]
)
def test_marks_of_the_format_in_a_title_stay_text(hostile: str) -> None:
    event = next(
        iter(Calendar.from_ical(calendar_event(replace(MARKET, title=hostile))).walk("VEVENT"))
    )
    kept = "".join(c for c in hostile if (c >= " " and c != "\x7f") or c == "\n")
    assert str(event["SUMMARY"]) == kept


def test_a_title_cannot_smuggle_in_a_property() -> None:
    payload = calendar_event(replace(MARKET, title="Bal\r\nATTENDEE:mailto:x@example.org"))
    assert "\r\nATTENDEE" not in payload


@given(title=any_text, note=any_text, place=any_text)
def test_no_event_is_longer_than_a_code_holds(title: str, note: str, place: str) -> None:
    payload = calendar_event(replace(MARKET, title=title, note=note, place=place))
    assert size(payload) <= PAYLOAD_MAX
    assert all(len(line.encode()) <= LINE_MAX for line in payload.split("\r\n"))


def test_a_long_note_gives_way_and_says_so() -> None:
    payload = calendar_event(replace(MARKET, note="mot " * 500))
    assert PAYLOAD_MAX - 80 < size(payload) <= PAYLOAD_MAX
    assert "mot…" in payload.replace("\r\n ", "")


def test_folding_never_parts_a_character() -> None:
    payload = calendar_event(replace(MARKET, title="é" * 110))
    assert "SUMMARY:" + "é" * 110 in lines_of(payload)
    for line in payload.encode().split(b"\r\n"):
        line.decode()


def test_a_counter_is_written_as_the_card_standard_says() -> None:
    assert lines_of(contact_card(COUNTER)) == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:org",
        "FN:Mairie d’Alençon",
        "ORG:Mairie d’Alençon",
        "ADR;TYPE=work:;;Place Foch;Alençon;;;",
        "TEL;TYPE=work:02 61 91 00 00",
        "GEO:geo:48.4312,0.0915",
        "NOTE:Fermée le samedi",
        "END:VCARD",
        "",
    ]


def test_a_counter_of_which_only_the_name_is_known_is_a_short_card() -> None:
    assert lines_of(contact_card(Contact(name="Halle"))) == [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:org",
        "FN:Halle",
        "ORG:Halle",
        "END:VCARD",
        "",
    ]


def test_an_address_with_marks_keeps_its_parts_apart() -> None:
    card = contact_card(replace(COUNTER, street="1; rue des Lilas, fond"))
    assert "ADR;TYPE=work:;;1\\; rue des Lilas\\, fond;Alençon;;;" in card


def test_an_address_of_the_web_is_whole_or_left_out() -> None:
    assert "URL:https://example.org" in contact_card(
        replace(COUNTER, website="https://example.org")
    )
    assert "URL" not in contact_card(replace(COUNTER, website="https://example.org/" + "a" * 200))


@given(name=any_text, phone=any_text, note=any_text)
def test_no_card_is_longer_than_a_code_holds(name: str, phone: str, note: str) -> None:
    card = contact_card(replace(COUNTER, name=name, street=name, phone=phone, note=note))
    assert size(card) <= PAYLOAD_MAX


def test_names_of_wide_characters_give_way_too() -> None:
    wide = "👩" * 200
    payload = calendar_event(replace(MARKET, uid=wide, title=wide, place=wide, note=wide))
    assert size(payload) <= PAYLOAD_MAX
    assert "SUMMARY:👩" in payload
    assert "DESCRIPTION" not in payload


@pytest.mark.parametrize(
    ("lat", "lon", "uri"),
    [
        (48.4312, 0.0915, "geo:48.4312,0.0915"),
        (-16.5, 145.0, "geo:-16.5,145"),
        (0.0, -0.0000001, "geo:0,0"),
        (48.123456789, -0.1, "geo:48.123457,-0.1"),
    ],
)
def test_a_place_is_written_in_degrees_without_needless_zeros(
    lat: float, lon: float, uri: str
) -> None:
    assert geo_uri(Geo(lat=lat, lon=lon)) == uri


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_is_read_back_to_a_tenth_of_a_metre(lat: float, lon: float) -> None:
    read = geo_uri(Geo(lat=lat, lon=lon)).removeprefix("geo:").split(",")
    assert abs(float(read[0]) - lat) < 1e-6
    assert abs(float(read[1]) - lon) < 1e-6


def test_text_keeps_its_lines_without_empty_ones() -> None:
    assert plain_text(["Gare", "", "10:46 2 → Halles"]) == "Gare\n10:46 2 → Halles"


@given(st.lists(any_text, max_size=5))
def test_no_text_is_longer_than_a_code_holds(lines: list[str]) -> None:
    assert size(plain_text(lines)) <= PAYLOAD_MAX


def test_text_of_wide_characters_is_cut_by_bytes() -> None:
    payload = plain_text(["é" * 2000])
    assert PAYLOAD_MAX - 4 <= size(payload) <= PAYLOAD_MAX
    assert payload.endswith("…")


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("court", 10, "court"),
        ("dix lettres et plus", 12, "dix lettres…"),
        ("unseulmotbienlong", 6, "unseu…"),
        ("x", 0, ""),
    ],
)
def test_a_text_is_cut_at_a_whole_word_where_it_can(text: str, limit: int, cut: str) -> None:
    assert shortened(text, limit) == cut
