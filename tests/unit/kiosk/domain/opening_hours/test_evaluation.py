"""What expressions mean at a place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.domain.hours import Cause, Door
from kiosk.domain.opening_hours.evaluation import CACHE_DAYS, LOOK_AHEAD_DAYS
from tests.unit.kiosk.domain.opening_hours.weeks import (
    NOWHERE,
    VILLAGE,
    Village,
    evaluator,
    lines,
    local,
    times,
)

DAYS = ["09", "10", "11", "12", "13", "14", "15"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mo 10:00-12:00", ["09 10:00-12:00"]),
        ("Mo,We 10:00-12:00", ["09 10:00-12:00", "11 10:00-12:00"]),
        ("Mo 10:00-12:00,11:00-13:00", ["09 10:00-13:00"]),
        ("Mo 10:00-12:00,12:00-13:00", ["09 10:00-13:00"]),
        ("Mo 10:00-14:00; 12:00-14:00 off", ["09 10:00-12:00"]),
        ("Mo-We 10:00-12:00; Tu off", ["09 10:00-12:00", "11 10:00-12:00"]),
        ("Mo-Tu 10:00-16:00; Tu 12:00-18:00", ["09 10:00-16:00", "10 12:00-18:00"]),
        ("Mo-Tu 10:00-16:00, Tu 12:00-18:00", ["09 10:00-16:00", "10 10:00-18:00"]),
        ("Mo-Tu 10:00-16:00, Tu off", ["09 10:00-16:00"]),
        ("24/7; Tu off", ["09 00:00-24:00", "11 00:00-120:00"]),
        ("24/7", ["09 00:00-168:00"]),
        ("Su 22:00-26:00", ["09 00:00-02:00", "15 22:00-24:00"]),
        ("Mo 22:00-26:00", ["09 22:00-26:00"]),
        ("Mo 22:00-26:00; Tu 10:00-12:00", ["09 22:00-24:00", "10 10:00-12:00"]),
        ("Tu 10:00-12:00; Mo 22:00-26:00", ["09 22:00-26:00", "10 10:00-12:00"]),
        ("Mo 22:00-26:00; Tu off", ["09 22:00-24:00"]),
        ("Mo 22:00-26:00; Tu 12:00-14:00 off", ["09 22:00-26:00"]),
        ("Mo-Fr 10:00-12:00; PH off", ["09 10:00-12:00", "10 10:00-12:00", "12 10:00-12:00",
                                       "13 10:00-12:00"]),
        ("Mo,We 10:00-12:00; PH 14:00-16:00", ["09 10:00-12:00", "11 14:00-16:00 Armistice"]),
        ("We 10:00-12:00; PH -1 day 08:00-09:00", [
            "10 08:00-09:00 veille de jour férié (Armistice)", "11 10:00-12:00"]),
        ('Mo 10:00-12:00 open "a", Mo 12:00-14:00 open "b"', [
            "09 10:00-12:00 a", "09 12:00-14:00 b"]),
        ('Mo 10:00-12:00 "peut-être"', ["09 10:00-12:00? peut-être"]),
        ("Mo 10:00-12:00 unknown", ["09 10:00-12:00?"]),
        ("Mo 10:00-12:00; unknown", ["09 00:00-168:00?"]),
        ('Mo 10:00-12:00 || "rdv"', [
            "09 00:00-10:00? rdv", "09 10:00-12:00", "09 12:00-168:00? rdv"]),
        ('Mo 10:00-12:00 || Tu 10:00-12:00 "rdv"', ["09 10:00-12:00", "10 10:00-12:00? rdv"]),
        ('Mo 10:00-12:00 || "rdv"; Tu-Su off', [
            "09 00:00-10:00? rdv", "09 10:00-12:00", "09 12:00-24:00? rdv"]),
        ('Mo off "fermé" || Mo unknown', ["09 00:00-24:00?"]),
        ("off", []),
        ("Mo 10:00-12:00; off", []),
        ("2030 Mo 10:00-12:00", []),
    ],
)  # fmt: skip
def test_a_week_of_november(text: str, found: list[str]) -> None:
    assert lines(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("17:00+", ["00:00-03:00? heure de fermeture non précisée",
                    "17:00-24:00? heure de fermeture non précisée"]),
        ('10:00-12:00+ open "x"', ["10:00-12:00 x", "12:00-24:00? x"]),
        ("10:00-12:00/60", ["10:00-10:01", "11:00-11:01", "12:00-12:01"]),
        ("00:00-24:00; 12:00-13:00 off", ["00:00-12:00", "13:00-24:00"]),
        ("10:00-12:00; Tu 14:00-16:00", ["10:00-12:00"]),
    ],
)  # fmt: skip
def test_a_monday_of_november(text: str, found: list[str]) -> None:
    assert times(text) == found


def test_what_runs_over_from_a_replaced_day_is_kept() -> None:
    """As in the public corpus: the overridden rule's night still counts on the day after it."""
    found = lines("Mo-Su 15:00-03:00; We 15:00-24:00")
    assert found[2:5] == ["10 15:00-24:00", "11 15:00-27:00", "12 15:00-27:00"]


def test_an_unknown_holiday_leaves_unknown_what_it_would_change() -> None:
    reason = "dépend de jours fériés ou de vacances qui ne sont pas connus ici"
    assert lines("Mo 10:00-12:00; PH off", calendar=NOWHERE) == [f"09 10:00-12:00? {reason}"]
    assert lines("PH 10:00-12:00", days=1, calendar=NOWHERE) == [f"09 10:00-12:00? {reason}"]


def test_a_holiday_that_changes_nothing_needs_no_calendar() -> None:
    assert lines("Mo,PH 10:00-12:00", days=1, calendar=NOWHERE) == ["09 10:00-12:00"]
    assert lines("Mo 10:00-12:00; PH 10:00-12:00", days=1, calendar=NOWHERE) == ["09 10:00-12:00"]


def test_only_the_missing_table_is_unknown() -> None:
    no_schools = Village({}, None)
    assert lines("Mo 10:00-12:00; PH off", calendar=no_schools) == ["09 10:00-12:00"]
    assert lines("SH Mo 10:00-12:00", calendar=no_schools)[0].startswith("09 10:00-12:00?")


def test_the_day_is_cut_at_the_ends_asked_for() -> None:
    evaluate = evaluator("24/7")
    (found,) = evaluate.intervals(local("2026-11-09 08:30"), local("2026-11-09 09:15"))
    assert (found.start, found.end) == (local("2026-11-09 08:30"), local("2026-11-09 09:15"))


def test_no_time_gives_no_interval() -> None:
    evaluate, noon = evaluator("24/7"), local("2026-11-09 12:00")
    assert evaluate.intervals(noon, noon) == []
    assert evaluate.intervals(noon, noon - timedelta(days=1)) == []


def test_moments_of_other_zones_are_understood() -> None:
    evaluate = evaluator("Mo 10:00-12:00")
    start = datetime(2026, 11, 9, 9, 30, tzinfo=UTC)
    (found,) = evaluate.intervals(start, start + timedelta(hours=5))
    assert (found.start, found.end) == (start, datetime(2026, 11, 9, 11, tzinfo=UTC))
    assert evaluate.state_at(start).door is Door.OPEN


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_years_out_of_reach_are_unknown(year: int) -> None:
    evaluate, day = evaluator("24/7"), datetime(year, 6, 1, tzinfo=UTC)
    assert evaluate.state_at(day).door is Door.UNKNOWN
    assert evaluate.intervals(day, day + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("at", "door", "until"),
    [
        ("2026-11-09 00:00", Door.CLOSED, "2026-11-09 10:00"),
        ("2026-11-09 09:59", Door.CLOSED, "2026-11-09 10:00"),
        ("2026-11-09 10:00", Door.OPEN, "2026-11-09 12:00"),
        ("2026-11-09 11:59", Door.OPEN, "2026-11-09 12:00"),
        ("2026-11-09 12:00", Door.CLOSED, "2026-11-09 14:00"),
        ("2026-11-09 18:00", Door.CLOSED, "2026-11-10 10:00"),
        ("2026-11-10 18:00", Door.CLOSED, "2026-11-12 10:00"),
        ("2026-11-13 18:00", Door.CLOSED, "2026-11-16 10:00"),
    ],
)
def test_the_state_lasts_until_the_next_change(at: str, door: Door, until: str) -> None:
    verdict = evaluator("Mo-Fr 10:00-12:00,14:00-18:00; PH off").state_at(local(at))
    assert (verdict.door, verdict.until) == (door, local(until))


def test_seconds_count_to_their_minute() -> None:
    evaluate = evaluator("Mo 10:00-12:00")
    assert evaluate.state_at(local("2026-11-09 11:59:59")).door is Door.OPEN


@pytest.mark.parametrize("text", ["24/7", "off", "Mo-Su,PH 00:00-24:00", "PH,Mo-Su"])
def test_what_never_changes_has_no_end(text: str) -> None:
    assert evaluator(text).next_change(local("2026-11-09 10:00")) is None


def test_a_change_beyond_the_look_ahead_is_not_told() -> None:
    evaluate = evaluator("2029 Mo 10:00-12:00")
    assert evaluate.next_change(local("2026-11-09 10:00")) is None
    near = local("2029-01-01 10:00") - timedelta(days=LOOK_AHEAD_DAYS - 1)
    assert evaluate.next_change(near) == local("2029-01-01 10:00")


def test_another_comment_is_no_change() -> None:
    evaluate = evaluator('Mo 10:00-12:00 open "a", Mo 12:00-14:00 open "b"')
    assert evaluate.next_change(local("2026-11-09 11:00")) == local("2026-11-09 14:00")


def test_unknown_is_a_state_of_its_own() -> None:
    evaluate = evaluator("Mo 14:00-17:00+")
    opens = evaluate.state_at(local("2026-11-09 15:00"))
    assert (opens.door, opens.until) == (Door.OPEN, local("2026-11-09 17:00"))
    later = evaluate.state_at(local("2026-11-09 18:00"))
    assert (later.door, later.until) == (Door.UNKNOWN, local("2026-11-10 03:00"))


@pytest.mark.parametrize(
    ("text", "at", "reason", "cause"),
    [
        ("Mo-Fr 10:00-18:00; PH off", "2026-11-11 12:00", "jour férié (11 novembre)",
         Cause.PUBLIC_HOLIDAY),
        ("Mo-Fr 10:00-18:00; PH off", "2027-01-01 12:00", "jour férié (1er janvier)",
         Cause.PUBLIC_HOLIDAY),
        ("Mo-Fr 10:00-18:00; PH off", "2026-11-12 12:00", "", Cause.NONE),
        ("Mo-Fr 10:00-18:00; PH off", "2026-11-15 12:00", "", Cause.NONE),
        ("Mo-Fr 10:00-18:00; PH 14:00-16:00", "2026-11-11 12:00", "jour férié (11 novembre)",
         Cause.PUBLIC_HOLIDAY),
        ("Mo-Fr 10:00-18:00; SH off", "2026-12-22 12:00", "vacances scolaires",
         Cause.SCHOOL_HOLIDAY),
        ("SH 10:00-18:00", "2026-12-22 12:00", "vacances scolaires", Cause.SCHOOL_HOLIDAY),
        ('Mo-Fr 10:00-18:00; Nov off "travaux"', "2026-11-12 12:00", "travaux", Cause.NONE),
        ('Mo-Fr 10:00-18:00; PH off "congé"', "2026-11-11 12:00", "jour férié (11 novembre)",
         Cause.PUBLIC_HOLIDAY),
        ("17:00+", "2026-11-11 18:00", "heure de fermeture non précisée", Cause.OPEN_END),
        ("PH -1 day off", "2026-11-10 12:00", "veille de jour férié (Armistice)",
         Cause.NEAR_HOLIDAY),
    ],
)  # fmt: skip
def test_the_verdict_says_why(text: str, at: str, reason: str, cause: Cause) -> None:
    verdict = evaluator(text).state_at(local(at))
    assert (verdict.reason, verdict.cause) == (reason, cause)


def test_an_unknown_calendar_is_a_reason() -> None:
    verdict = evaluator("Mo 10:00-12:00; PH off", NOWHERE).state_at(local("2026-11-09 11:00"))
    assert verdict.door is Door.UNKNOWN
    assert verdict.cause is Cause.NO_CALENDAR
    assert verdict.reason.startswith("dépend de jours fériés")


def test_the_night_of_a_clock_change_keeps_wall_time() -> None:
    evaluate = evaluator("Sa 22:00-26:00")
    (found,) = evaluate.intervals(local("2026-10-24 12:00"), local("2026-10-25 12:00"))
    assert f"{found.end:%H:%M}" == "02:00"


def test_a_place_forgets_when_it_knows_too_many_days_and_answers_all_the_same() -> None:
    evaluate = evaluator("Nov We 10:00-12:00")
    many = evaluate.intervals(local("2026-11-09"), local("2031-11-09"))
    assert len(many) == 21
    assert CACHE_DAYS < 5 * 365
    assert evaluate.intervals(local("2026-11-09"), local("2031-11-09")) == many


def test_the_same_day_asked_twice_gives_the_same_answer() -> None:
    evaluate, noon = evaluator("Mo-Fr 10:00-12:00", VILLAGE), local("2026-11-09 11:00")
    assert evaluate.state_at(noon) is evaluate.state_at(noon)
    assert [one.start.strftime("%d") for one in evaluate.intervals(noon, noon + timedelta(7))] == [
        *DAYS[:5],
        "16",
    ]
