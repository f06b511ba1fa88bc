"""The grammar: what is read, what is refused, and what stays in doubt."""

from __future__ import annotations

import pytest

from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.hours import Door
from kiosk.domain.opening_hours.expression import (
    EASTER,
    Dates,
    Day,
    Feast,
    Holidays,
    Moment,
    Run,
    Span,
    Weekdays,
)
from kiosk.domain.opening_hours.reading import LENGTH_MAX, RULES_MAX, parse


def clock(hour: int, minute: int = 0) -> Moment:
    return Moment(minutes=hour * 60 + minute)


def test_a_plain_rule_has_days_times_and_an_open_door() -> None:
    (rule,) = parse("Mo-Fr 09:00-12:00").rules
    assert rule.groups == ((Weekdays(days=frozenset(range(5))),),)
    assert rule.spans == (Span(start=clock(9), end=clock(12)),)
    assert rule.door is Door.OPEN
    assert parse("Mo-Fr 09:00-12:00").warnings == ()


@pytest.mark.parametrize(
    ("state", "door"),
    [
        ("open", Door.OPEN),
        ("closed", Door.CLOSED),
        ("off", Door.CLOSED),
        ("unknown", Door.UNKNOWN),
        ('"call us"', Door.UNKNOWN),
        ('open "call us"', Door.OPEN),
        ("", Door.OPEN),
    ],
)
def test_a_rule_says_how_the_door_is(state: str, door: Door) -> None:
    (rule,) = parse(f"Mo 09:00-12:00 {state}").rules
    assert rule.door is door


@pytest.mark.parametrize(
    "text",
    [
        'We 10:00-16:00 "Call us"',
        'We "Call us" 10:00-16:00',
        '"Call us" We 10:00-16:00',
    ],
)
def test_a_comment_may_stand_anywhere_in_its_rule(text: str) -> None:
    (rule,) = parse(text).rules
    assert rule.comment == "Call us"
    assert rule.groups
    assert rule.spans


def test_a_comment_keeps_its_signs_and_capitals() -> None:
    (rule,) = parse('Mo open "Tél. ; 02 33 || 10h-12h …"').rules
    assert rule.comment == "Tél. ; 02 33 || 10h-12h …"


def test_the_separators_are_kept() -> None:
    rules = parse("Mo 09:00-12:00; Tu 09:00-12:00, We 09:00-12:00 || Th 09:00-12:00").rules
    assert [rule.joiner for rule in rules] == [";", ";", ",", "||"]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("Mo,We", [(Weekdays(days=frozenset({0})), Weekdays(days=frozenset({2})))]),
        ("Fr-Mo", [(Weekdays(days=frozenset({4, 5, 6, 0})),)]),
        ("Th[1,-1]", [(Weekdays(days=frozenset({3}), nths=frozenset({1, -1})),)]),
        ("Th[1-3]", [(Weekdays(days=frozenset({3}), nths=frozenset({1, 2, 3})),)]),
        ("Sa[-1] +3 days", [(Weekdays(days=frozenset({5}), nths=frozenset({-1}), offset=3),)]),
        ("PH", [(Holidays(feast=Feast.PUBLIC),)]),
        ("PH -1 day", [(Holidays(feast=Feast.PUBLIC, offset=-1),)]),
        ("SH,PH", [(Holidays(feast=Feast.SCHOOL), Holidays(feast=Feast.PUBLIC))]),
        ("PH We", [(Holidays(feast=Feast.PUBLIC),), (Weekdays(days=frozenset({2})),)]),
    ],
)
def test_weekdays_and_holidays_are_read(text: str, groups: list[object]) -> None:
    (rule,) = parse(f"{text} 10:00-12:00").rules
    assert list(rule.groups) == groups


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2026", [Run(first=2026, last=2026)]),
        ("2026-2028", [Run(first=2026, last=2028)]),
        ("2026-2036/2", [Run(first=2026, last=2036, step=2)]),
        ("2026/4", [Run(first=2026, last=2999, step=4)]),
        ("2026+", [Run(first=2026, last=2999)]),
        ("2026,2030-2031", [Run(first=2026, last=2026), Run(first=2030, last=2031)]),
    ],
)
def test_years_are_read(text: str, years: list[Run]) -> None:
    assert list(parse(f"{text} Mo 10:00-12:00").rules[0].years) == years


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("week 02", [Run(first=2, last=2)]),
        ("week 02-10", [Run(first=2, last=10)]),
        ("week 01-53/2", [Run(first=1, last=53, step=2)]),
        ("week 50-03", [Run(first=50, last=3)]),
        ("week 02,04", [Run(first=2, last=2), Run(first=4, last=4)]),
    ],
)
def test_weeks_are_read(text: str, weeks: list[Run]) -> None:
    assert list(parse(f"{text} Mo 10:00-12:00").rules[0].weeks) == weeks


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Aug", [Dates(first=Day(month=8), last=Day(month=8, day=31))]),
        ("Nov-Feb", [Dates(first=Day(month=11), last=Day(month=2, day=31))]),
        ("Dec 24", [Dates(first=Day(month=12, day=24))]),
        ("Dec 24,25", [Dates(first=Day(month=12, day=24)), Dates(first=Day(month=12, day=25))]),
        ("Jan 10-15", [Dates(first=Day(month=1, day=10), last=Day(month=1, day=15))]),
        ("Jan 01-31/8", [Dates(first=Day(month=1, day=1), last=Day(month=1, day=31), step=8)]),
        ("Jan 23-Feb 12", [Dates(first=Day(month=1, day=23), last=Day(month=2, day=12))]),
        ("easter", [Dates(first=Day(month=EASTER))]),
        ("easter -2 days", [Dates(first=Day(month=EASTER, offset=-2))]),
        ("Dec 25-easter", [Dates(first=Day(month=12, day=25), last=Day(month=EASTER))]),
        ("2026 Dec 31", [Dates(first=Day(month=12, day=31, year=2026))]),
        (
            "2026 Dec 31-2027 Jan 02",
            [
                Dates(
                    first=Day(month=12, day=31, year=2026),
                    last=Day(month=1, day=2, year=2027),
                )
            ],
        ),
        (
            "Jan Su[2]-Jan 15",
            [Dates(first=Day(month=1, weekday=6, nth=2), last=Day(month=1, day=15))],
        ),
        (
            "Mar Su[-1]-Oct Su[-1] -1 day",
            [
                Dates(
                    first=Day(month=3, weekday=6, nth=-1),
                    last=Day(month=10, weekday=6, nth=-1, offset=-1),
                )
            ],
        ),
    ],
)
def test_dates_are_read(text: str, found: list[Dates]) -> None:
    assert list(parse(f"{text} 10:00-12:00").rules[0].dates) == found


def test_a_year_holds_for_the_dates_after_it() -> None:
    (rule,) = parse("2026 Jan 10,Mar 12").rules
    assert [one.first.year for one in rule.dates] == [2026, 2026]


def test_a_weekday_of_a_month_alone_narrows_the_month() -> None:
    (rule,) = parse("Aug Su[-1] +1 day").rules
    assert rule.dates == (Dates(first=Day(month=8), last=Day(month=8, day=31)),)
    assert rule.groups == ((Weekdays(days=frozenset({6}), nths=frozenset({-1}), offset=1),),)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("10:00-12:00", Span(start=clock(10), end=clock(12))),
        ("22:00-26:00", Span(start=clock(22), end=clock(26))),
        ("17:00+", Span(start=clock(17), open_end=True)),
        ("14:00-17:00+", Span(start=clock(14), end=clock(17), open_end=True)),
        ("10:00-16:00/90", Span(start=clock(10), end=clock(16), step=90)),
        ("10:00-16:00/01:30", Span(start=clock(10), end=clock(16), step=90)),
        (
            "sunrise-sunset",
            Span(start=Moment(minutes=0, event="sunrise"), end=Moment(minutes=0, event="sunset")),
        ),
        (
            "(dawn+01:00)-(dusk-00:30)",
            Span(start=Moment(minutes=60, event="dawn"), end=Moment(minutes=-30, event="dusk")),
        ),
    ],
)
def test_times_are_read(text: str, span: Span) -> None:
    assert parse(f"Mo {text}").rules[0].spans == (span,)


@pytest.mark.parametrize(
    "text",
    ["24/7", "24/7 open", "open", "Mo-Su 24/7", "00:00-24:00", '24/7 "x" open'],
)
def test_always_is_read(text: str) -> None:
    (rule,) = parse(text).rules
    assert rule.door is Door.OPEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        ";",
        ";;,",
        "(",
        "Mo (",
        "Mo 8-",
        "Mo 08:00-",
        "Mo 08:00-12:00-14:00",
        "11:30:14:00",
        "8:am",
        "13pm-14pm",
        "Mo 25",
        "Mo 08:61-09:00",
        "Mo 49:00-50:00",
        "Mo[0] 10:00-12:00",
        "Mo[6] 10:00-12:00",
        "Mo[3-2] 10:00-12:00",
        "Mo[1 10:00-12:00",
        "week 54",
        "week",
        "week 00",
        "Feb 30",
        "Jan 00",
        "Jan 01-31/0",
        "2026/0 Mo",
        "easter +400 days",
        "(sunrise)-(sunset)",
        "(sunrise+01:00-sunset",
        "(10:00+01:00)-12:00",
        "sunrise*2-sunset",
        "Mo 10:00-12:00/0",
        "Mo 10:00-12:00/1500",
        'Mo 10:00-12:00 "never ends',
        "Mo 17:00+ 19:00-20:00",
        "10:00-12:00 Mo 14:00-16:00",
        "Mo-Fr 08:00-12:00 $ 14:00-18:00",
        "mairie fermée pour travaux",
        "voir le site",
        "Lundi matin",
        "selon la marée",
        "en été 10h-12h",
        "01/07-31/08 9h-20h",
        "1.5.-30.9. 10-18",
        "sauf",
        "<script>alert(1)</script>",
        "https://exemple.fr/horaires",
        "13月 10:00-12:00",
        "Mo 14:00-18:00 - Th 14:00-18:00",
    ],
)
def test_what_is_no_hours_is_refused(text: str) -> None:
    with pytest.raises(HoursNotUnderstood):
        parse(text)


def test_a_text_longer_than_the_limit_is_refused() -> None:
    with pytest.raises(HoursNotUnderstood, match="longer"):
        parse("Mo 10:00-12:00;" * (LENGTH_MAX // 10))


def test_the_longest_text_allowed_is_read() -> None:
    text = "Mo 10:00-12:00"
    assert parse(text + " " * (LENGTH_MAX - len(text))).rules


def test_more_rules_than_the_limit_are_refused() -> None:
    with pytest.raises(HoursNotUnderstood, match="rules"):
        parse("Mo off;" * (RULES_MAX + 1))


def test_the_refusal_says_what_is_wrong() -> None:
    with pytest.raises(HoursNotUnderstood, match="unknown word 'sous'"):
        parse("Mo 10:00-12:00 sous réserve")


@pytest.mark.parametrize(
    ("text", "clears"),
    [
        ("Mo-Fr 10:00-16:00; We 12:00-18:00", [False, True]),
        ("Mo-Fr 10:00-16:00, We 18:00-20:00", [False, False]),
        ("Mo-Fr 10:00-16:00; We off", [False, False]),
        ("Mo-Fr 10:00-16:00; 18:00-20:00", [False, False]),
        ("10:00-16:00; 18:00-20:00", [False, True]),
        ("Mo 10:00-16:00 || Tu 10:00-12:00", [False, False]),
    ],
)
def test_a_rule_knows_whether_it_wipes_those_before(text: str, clears: list[bool]) -> None:
    assert [rule.clears for rule in parse(text).rules] == clears


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("Mo-Fr 08:00-12:00 Sa off", "';' between rules is missing"),
        ("Mo 08:00-12:00 14:00-18:00", "',' between times is missing"),
        ("Mo We 08:00-12:00", "',' between days is missing"),
        ("Jan Mar 08:00-12:00", "',' between dates is missing"),
        ("Mo-Fr, 08:00-12:00", "',' between days and times left out"),
        ("Jan-Mar, Mo-Fr 08:00-12:00", "',' between days and times left out"),
        ("Mo 08:00-12:00,", "a comma at the end left out"),
        ("; Mo 08:00-12:00", "an empty rule left out"),
        ("Mo 08-12", "hours without minutes read as whole hours"),
        ("Sa 0900-2330", "digits without ':' read as times"),
        ("Sa 2200-2330", "'2200' read as a time"),
        ("Mo 10:00", "a time without an end read as a point in time"),
        ("Mo 10:00-16:00/90", "times with a step read as points in time"),
        ('Mo "a" open "b"', "more than one comment"),
        ("Mo-Fr 24/7", "24/7 with days read as the whole day"),
        ("Sa[1] -0 days 10:00-12:00", "an offset of 0 days says nothing"),
        ("(sunrise+00:00)-sunset", "an offset of 00:00 says nothing"),
        ("Jan 01-31/1 10:00-12:00", "a step of 1 says nothing"),
        (
            "11:30-14:30; 17:30-23:00",
            "times without days hold every day: ',' may be meant for ';'",
        ),
        (
            "Mo-Fr 11:30-14:30; 17:30-23:00",
            "times without days hold every day: ',' may be meant for ';'",
        ),
        (
            "Fr 22:00-04:00; Sa 21:00-04:00",
            "what runs past midnight ends where a later rule's day begins",
        ),
    ],
)
def test_what_had_to_be_guessed_is_told(text: str, warning: str) -> None:
    assert warning in parse(text).warnings


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 08:30-12:00,13:30-17:00; Sa 09:00-12:00; PH off",
        "Apr-Oct Mo-Su 10:00-19:00; Nov-Mar We-Su 14:00-17:00",
        "2026 Dec 24-2027 Jan 02 off",
        "week 01-53/2 We 14:00-18:00",
        'SH Mo-Fr 10:00-18:00; PH off "Noël"',
        "Th[1,3] 09:30-11:30",
        "sunrise-sunset",
        "Mo-Su 22:00-26:00",
        "easter +1 day off",
        'Mo-Fr 10:00-12:00 || "sur rendez-vous"',
    ],
)
def test_the_grammar_itself_leaves_no_warning(text: str) -> None:
    assert parse(text).warnings == ()


def test_a_warning_is_told_once() -> None:
    warnings = parse("Mo 8-12; Tu 8-12; We 8-12").warnings
    assert len(warnings) == len(set(warnings))


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("Mo 08:00-12:00", False),
        ("Mo 17:00+", False),
        ("24/7", False),
        ("Mo 08:00", True),
        ("Mo 08:00-12:00/60", True),
        ("Mo 08:00-12:00; Tu 09:00", True),
    ],
)
def test_an_expression_knows_that_it_speaks_of_points(text: str, points: bool) -> None:
    assert parse(text).has_points is points


@pytest.mark.parametrize(
    ("text", "public", "school"),
    [
        ("Mo 08:00-12:00", False, False),
        ("Mo 08:00-12:00; PH off", True, False),
        ("SH Mo 08:00-12:00", False, True),
        ("Mo,PH 08:00-12:00; SH off", True, True),
    ],
)
def test_an_expression_knows_which_holidays_it_needs(text: str, public: bool, school: bool) -> None:
    read = parse(text)
    assert read.names(Feast.PUBLIC) is public
    assert read.names(Feast.SCHOOL) is school


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("00:00-24:00 week 06 Feb", "week 06 Feb 00:00-24:00"),
        ("Mo-Su 10:00-12:00 week 06 Feb", "week 06 Feb Mo-Su 10:00-12:00"),
        ("10:00-12:00 Mo-Fr", "Mo-Fr 10:00-12:00"),
        ("off Mo", "Mo off"),
        ("open Mo-Fr 10:00-12:00", "Mo-Fr 10:00-12:00 open"),
        ("Mo: 10:00-12:00", "Mo 10:00-12:00"),
        ("Jan: Mo: 10:00-12:00", "Jan Mo 10:00-12:00"),
        ("We22:00-23:00", "We 22:00-23:00"),
    ],
)
def test_the_order_within_a_rule_is_free(text: str, same: str) -> None:
    assert parse(text).rules == parse(same).rules


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Mo 10:00-18:00 off Tu", 2),
        ("Mo 10:00-18:00 Tu 10:00-12:00 We off", 3),
        ("Mo off Tu off", 2),
        ("Jan 10:00-12:00 Feb 14:00-16:00", 2),
        ("week 02 10:00-12:00 week 03 10:00-14:00", 2),
    ],
)
def test_days_that_begin_anew_begin_a_rule(text: str, parts: int) -> None:
    assert len(parse(text).rules) == parts
