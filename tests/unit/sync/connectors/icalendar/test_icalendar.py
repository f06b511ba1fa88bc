from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, facts_of
from kiosk.domain.record import Geo, Json, Record, Reject
from sync.connectors.base import Context, Item, guarded
from sync.connectors.icalendar import blocks as blocks_module
from sync.connectors.icalendar.blocks import blocks, unfold
from sync.connectors.icalendar.connector import OCCURRENCES_MAX, parse
from sync.connectors.registry import FOLDER, manifest_of

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
AGENDA = (FOLDER / "icalendar" / "fixtures" / "agenda.ics").read_bytes()


def context_of(**extra: Json) -> Context:
    return Context(
        dataset="agenda", source="Bourg", licence="CC0", observed_at=NOW, now=NOW, extra=extra
    )


def read(raw: bytes, **extra: Json) -> list[Item]:
    return list(guarded(parse, raw, context_of(**extra), manifest_of("icalendar"), time.monotonic))


def calendar(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]).encode()


def event(*lines: str) -> bytes:
    return calendar("BEGIN:VEVENT", "UID:u", "SUMMARY:Fête", *lines, "END:VEVENT")


def records(raw: bytes, **extra: Json) -> list[Record]:
    return [item for item in read(raw, **extra) if isinstance(item, Record)]


def only(raw: bytes, **extra: Json) -> Record:
    (record,) = records(raw, **extra)
    return record


def reasons(raw: bytes) -> list[str]:
    return [item.why for item in read(raw) if isinstance(item, Reject)]


def starts(raw: bytes, **extra: Json) -> list[str]:
    return [facts_of(one, Event).starts_at.isoformat()[:16] for one in records(raw, **extra)]


def test_a_single_event_keeps_all_that_is_said_of_it() -> None:
    (concert,) = [record for record in records(AGENDA) if record.id == "concert"]
    facts = facts_of(concert, Event)
    assert concert.title == {"fr": "Concert de la Sainte-Cécile"}
    assert concert.body == {"fr": "Entrée libre.\nOuverture des portes à 20 h."}
    assert concert.geo == Geo(lat=48.4321, lon=0.0912)
    assert facts.starts_at.isoformat() == "2026-11-28T20:30:00+01:00"
    assert facts.ends_at is not None
    assert facts.ends_at.isoformat() == "2026-11-28T22:30:00+01:00"
    assert (facts.place, facts.all_day) == ("Salle des fêtes", False)
    assert concert.data["url"] == "https://bourg.example/concert"
    assert concert.data["categories"] == ["Musique", "Famille"]


def test_an_all_day_event_starts_and_ends_at_midnight() -> None:
    (brocante,) = [record for record in records(AGENDA) if record.id == "brocante"]
    facts = facts_of(brocante, Event)
    assert facts.all_day
    assert facts.starts_at.isoformat() == "2026-11-29T00:00:00+01:00"
    assert facts.ends_at is not None
    assert facts.ends_at.isoformat() == "2026-11-30T00:00:00+01:00"


def test_a_series_gives_its_first_occurrence_and_those_of_the_window() -> None:
    found = [record for record in records(AGENDA) if record.id.startswith("marche@")]
    days = [record.id.removeprefix("marche@")[:10] for record in found]
    assert days[0] == "2026-11-05"  # before the window: the first one
    assert days[1:4] == ["2026-11-26", "2026-12-10", "2026-12-17"]  # the 3rd of December is out
    assert days[-1] == "2027-01-21"


def test_a_moved_occurrence_replaces_the_one_of_the_rule() -> None:
    (moved,) = [record for record in records(AGENDA) if "2026-12-10" in record.id]
    assert moved.title == {"fr": "Marché de Noël"}
    assert facts_of(moved, Event).starts_at.hour == 14


def test_a_windows_time_zone_is_understood() -> None:
    market = next(record for record in records(AGENDA) if record.id.startswith("marche@"))
    assert facts_of(market, Event).starts_at.isoformat() == "2026-11-05T08:00:00+01:00"


def test_dates_beside_the_rule_are_occurrences_too() -> None:
    days = [record.id[:20] for record in records(AGENDA) if record.id.startswith("lecture")]
    assert days == ["lecture@2026-11-25T1", "lecture@2026-12-02T1"]


def test_a_time_without_zone_is_of_the_context() -> None:
    reading = next(record for record in records(AGENDA) if record.id.startswith("lecture"))
    assert facts_of(reading, Event).starts_at.isoformat() == "2026-11-25T10:00:00+01:00"


def test_what_is_wrong_in_an_agenda_is_said_with_its_place() -> None:
    found = {item.where: item.why for item in read(AGENDA) if isinstance(item, Reject)}
    assert found["annule"] == "cancelled"
    assert found["sans-titre"].startswith("no SUMMARY")
    whys = " | ".join(found.values())
    for why in ("no DTSTART", "DTSTART: ", "SECONDLY", "VTODO isn't an event"):
        assert why in whys
    assert len(found) == 6


def test_the_window_may_be_given() -> None:
    weekly = event("DTSTART:20260105T100000", "RRULE:FREQ=WEEKLY")
    found = starts(weekly, **{"from": "2026-03-01", "to": "2026-03-10"})
    assert found == ["2026-01-05T10:00", "2026-03-02T10:00", "2026-03-09T10:00"]


@pytest.mark.parametrize(
    "extra",
    [{"from": "hier"}, {"to": "2026-13-01"}, {"from": "2026-03-02", "to": "2026-03-01"}],
)
def test_a_wrong_window_is_refused(extra: dict[str, Json]) -> None:
    with pytest.raises(InputRefused):
        read(AGENDA, **extra)


def test_a_series_wholly_in_the_past_still_gives_its_first_occurrence() -> None:
    old = event("DTSTART:20100105T100000", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert starts(old) == ["2010-01-05T10:00"]


def test_an_excluded_first_day_gives_the_next_one() -> None:
    old = event("DTSTART:20100105T100000", "EXDATE:20100105T100000", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert starts(old) == ["2010-01-12T10:00"]


def test_too_many_occurrences_are_cut_and_said() -> None:
    hourly = event("DTSTART:20261101T000000Z", "RRULE:FREQ=HOURLY")
    items = read(hourly)
    assert len([item for item in items if isinstance(item, Record)]) == OCCURRENCES_MAX
    assert isinstance(items[-1], Reject)
    assert f"more than {OCCURRENCES_MAX}" in items[-1].why


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=SECONDLY", "SECONDLY"),
        ("FREQ=MINUTELY;COUNT=5", "MINUTELY"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,10,20,30,40", "a day"),
        ("FREQ=HOURLY;BYMINUTE=0,30", "a day"),
        ("FREQ=NEVER", "RRULE"),
    ],
)
def test_a_rule_that_no_agenda_has_is_rejected(rule: str, why: str) -> None:
    (reason,) = reasons(event("DTSTART:20261101T000000Z", f"RRULE:{rule}"))
    assert why in reason


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["DTSTART:20261201T100000", "DTEND:20261201T090000"], "ends before it starts"),
        (["DTSTART:20261201T100000", "DTSTART:20261202T100000"], "several DTSTART"),
        (["DTSTART;VALUE=TIME:100000"], "time of day"),
        (["DTSTART:18000101T000000"], "year 1800"),
        (["DTSTART:99991231T235959"], "year 9999"),
        (["DTSTART:20261201T100000", "DURATION:P1000000000D"], "DURATION"),
        (["DTSTART:20261201T100000", "EXDATE:", "RRULE:FREQ=DAILY"], "EXDATE"),
        (["DTSTART:20261201T100000", "STATUS:CANCELLED"], "cancelled"),
    ],
)
def test_an_event_that_can_not_be_is_rejected(lines: list[str], why: str) -> None:
    (reason,) = reasons(event(*lines))
    assert why in reason


def test_a_broken_property_of_no_weight_is_overlooked() -> None:
    record = only(event("DTSTART:20261201T100000", "GEO:nowhere", "PRIORITY:high", "X-ODD"))
    assert record.geo is None


def test_a_broken_event_does_not_hide_the_next_one() -> None:
    raw = calendar(
        *("BEGIN:VEVENT", "UID:a", "SUMMARY:A", "DTSTART:bad"),  # and its END is missing
        *("BEGIN:VEVENT", "UID:b", "SUMMARY:B", "DTSTART:20261201T100000Z", "END:VEVENT"),
    )
    assert only(raw).id == "b"


def test_events_without_calendar_around_them_are_read() -> None:
    raw = b"BEGIN:VEVENT\nSUMMARY:Seul\nDTSTART:20261201T100000Z\nEND:VEVENT"
    assert only(raw).id == "line 1"


def test_an_event_without_summary_is_called_by_its_description() -> None:
    raw = calendar(
        "BEGIN:VEVENT", "UID:u", "DTSTART:20261201T100000Z",
        "DESCRIPTION:Loto des aînés\\nÀ 14 h", "LOCATION:Salle", "END:VEVENT",
    )  # fmt: skip
    assert only(raw).title == {"fr": "Loto des aînés"}


def test_an_event_in_latin_1_is_read() -> None:
    raw = event("DTSTART:20261201T100000Z").decode().encode("latin-1")
    assert only(raw).title == {"fr": "Fête"}


def test_a_zone_of_the_file_is_forgotten_with_the_file() -> None:
    alone = event("DTSTART;TZID=Heure du bourg:20260701T120000")
    elsewhere = AGENDA.replace(b"TZOFFSETTO:+0200", b"TZOFFSETTO:+0500")
    read(elsewhere)
    assert starts(alone) == ["2026-07-01T12:00"]  # unknown: the context's zone


def test_a_zone_with_a_rule_by_the_second_is_left_out() -> None:
    raw = AGENDA.replace(b"FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", b"FREQ=SECONDLY")
    assert any(record.id == "concert" for record in records(raw))


@pytest.mark.parametrize("raw", [b"", b"hello", b"<ics/>", b"{}", b"BEGIN:VCARD\r\nEND:VCARD\r\n"])
def test_what_is_no_calendar_is_refused(raw: bytes) -> None:
    with pytest.raises(InputRefused, match="not an iCalendar file"):
        read(raw)


def test_an_empty_calendar_is_a_calendar() -> None:
    assert read(calendar("VERSION:2.0")) == []


def test_folded_lines_are_joined() -> None:
    assert unfold("SUMMARY:Fê\r\n te\r\n\tde village\nUID:1") == ["SUMMARY:Fêtede village", "UID:1"]


def test_an_endless_folded_line_is_cut() -> None:
    (line,) = unfold("X:" + "\n aaaaaaaaaa" * 20_000)
    assert len(line) == blocks_module.LINE_CHARS_MAX


def test_too_many_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks_module, "LINES_MAX", 3)
    with pytest.raises(InputRefused, match="more than 3 lines"):
        list(blocks("BEGIN:VCALENDAR\n\n\n\n"))


def test_a_block_knows_its_line_and_keeps_its_alarm() -> None:
    text = calendar(
        "BEGIN:VEVENT", "UID:1", "BEGIN:VALARM", "END:VALARM", "END:VEVENT", "BEGIN:VTODO"
    ).decode()
    found = list(blocks(text))
    assert [(block.name, block.line) for block in found] == [("VEVENT", 2), ("VTODO", 7)]
    assert "BEGIN:VALARM" in found[0].text


def test_dates_of_the_state_are_read_as_they_stand(corpus: Path) -> None:
    raw = (corpus / "calendriers" / "jours_feries_metropole.ics").read_bytes()
    holidays = {record.id: facts_of(record, Event) for record in records(raw)}
    assert len(holidays) == 121
    assert all(facts.all_day for facts in holidays.values())
    assert any(str(facts.starts_at).startswith("2026-12-25") for facts in holidays.values())


def test_a_calendar_that_the_library_can_not_read_whole_is_read_by_parts(corpus: Path) -> None:
    name = "icalendar/calendars/fuzz_testcase_vtimezone_lone_cr.ics"
    broken = (corpus / "ics" / name).read_bytes()
    whole = broken + event("DTSTART:20261201T100000Z")
    assert [record.title for record in records(whole)] == [{"fr": "Fête"}]


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("one_event.ics", 1),
        ("three_events_one_edited.ics", 1),
        ("daylight_saving_time.ics", 100),
        ("issue_48_daylight_aware_repeats.ics", 10),
        ("issue_4.ics", 10),
        ("issue_62_moved_event.ics", 3),
        ("duration.ics", 3),
        ("zero_size_event.ics", 1),
    ],
)
def test_series_of_the_corpus_give_their_occurrences(corpus: Path, name: str, least: int) -> None:
    path = corpus / "ics" / "python-recurring-ical-events" / "calendars" / name
    assert len(records(path.read_bytes())) >= least


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        (["DTSTART:20261201T100000Z", "DURATION:PT90M"], "11:00", "12:30"),
        (["DTSTART;TZID=Europe/London:20261201T100000"], "11:00", None),
        (["DTSTART;TZID=/Europe/Paris:20261201T100000"], "10:00", None),
        (["DTSTART;TZID=Nowhere/Here:20261201T100000"], "10:00", None),
        (["DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261203"], "00:00", "00:00"),
        (["DTSTART;VALUE=DATE:20261201"], "00:00", "00:00"),
        (["DTSTART:20261201T100000Z", "DTEND:20261201T100000Z"], "11:00", "11:00"),
    ],
)
def test_times_are_told_in_the_contexts_zone(lines: list[str], start: str, end: str | None) -> None:
    facts = facts_of(only(event(*lines)), Event)
    assert facts.starts_at.strftime("%H:%M") == start
    assert (facts.ends_at.strftime("%H:%M") if facts.ends_at else None) == end


@given(st.binary(max_size=300))
def test_any_property_bytes_end_in_records_rejects_or_a_refusal(noise: bytes) -> None:
    raw = event("DTSTART:20261201T100000Z").replace(b"END:VEVENT", noise + b"\r\nEND:VEVENT")
    try:
        items = read(raw)
    except InputRefused as refused:
        assert refused.what  # noqa: PT017 - either outcome is right
        return
    assert all(isinstance(item, Record | Reject) for item in items)


@given(
    st.lists(
        st.sampled_from(
            [
                "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY", "COUNT=3", "COUNT=-1",
                "INTERVAL=2", "INTERVAL=-5", "BYDAY=MO,TU", "BYDAY=XX", "BYMONTHDAY=31",
                "BYMONTH=2",
                "BYSETPOS=-1", "UNTIL=20270101", "UNTIL=20270101T000000Z", "WKST=SU", "BYHOUR=25",
                "BYEASTER=0", "RSCALE=HEBREW", "=", "FREQ=",
            ]
        ),
        min_size=1, max_size=5, unique=True,
    )
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_any_rule_ends_in_records_or_rejects(parts: list[str]) -> None:
    found = read(event("DTSTART:20261101T100000Z", f"RRULE:{';'.join(parts)}"))
    assert found
    assert len(found) <= OCCURRENCES_MAX + 1
