"""Reads a text as opening hours: repaired, cut into tokens, its rules one by one.

A rule ends at ``;``, ``||``, at a comma that no list goes on from, and (with a warning) where its
days begin anew: « Mo-Fr 08:00-12:00 Sa off ». The order within a rule is free.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.hours import Door
from kiosk.domain.opening_hours.cursor import Cursor
from kiosk.domain.opening_hours.expression import (
    DAY_MINUTES,
    Dates,
    Expression,
    Group,
    Holidays,
    Joiner,
    Rule,
    Run,
    Span,
)
from kiosk.domain.opening_hours.lexer import Kind, tokens
from kiosk.domain.opening_hours.reading_days import (
    is_dated_year,
    is_year,
    read_dates,
    read_group,
    read_weeks,
    read_years,
)
from kiosk.domain.opening_hours.reading_times import is_time, read_spans
from kiosk.domain.opening_hours.repair import repaired

LENGTH_MAX = 1000
RULES_MAX = 100

_DOORS = {
    "open": Door.OPEN,
    "closed": Door.CLOSED,
    "off": Door.CLOSED,
    "unknown": Door.UNKNOWN,
}
_DAY_KINDS = (Kind.WEEKDAY, Kind.FEAST, Kind.MONTH, Kind.EASTER, Kind.WEEK, Kind.EXCEPT)


def parse(text: str) -> Expression:
    """Understand ``text``; raises HoursNotUnderstood with what is wrong (English, for staff)."""
    if len(text) > LENGTH_MAX:
        raise HoursNotUnderstood(f"longer than {LENGTH_MAX} characters")
    clean = repaired(text)
    warnings = list(clean.warnings)
    at = Cursor(tokens(clean.text, warnings), warnings)
    rules = tuple(_cleared(list(_rules(at, clean.comments)), warnings))
    if not rules:
        raise HoursNotUnderstood("nothing is said")
    warnings.extend(_doubts(rules))
    return Expression(text=text, rules=rules, warnings=tuple(dict.fromkeys(warnings)))


@dataclass(slots=True)
class _Draft:
    """A rule while it is read."""

    joiner: Joiner
    years: tuple[Run, ...] = ()
    weeks: tuple[Run, ...] = ()
    dates: tuple[Dates, ...] = ()
    groups: list[Group] = field(default_factory=list[Group])
    spans: tuple[Span, ...] = ()
    whole_day: bool = False
    door: Door | None = None
    comments: list[str] = field(default_factory=list[str])
    except_days: list[Group] = field(default_factory=list[Group])
    days_last: bool = False  # its days stand behind its times

    @property
    def timed(self) -> bool:
        return bool(self.spans) or self.whole_day

    @property
    def dated(self) -> bool:
        return bool(self.years or self.weeks or self.dates or self.groups)

    @property
    def waits(self) -> bool:
        """Whether its days stand there and nothing else yet."""
        return self.dated and not self.timed and self.door is None

    @property
    def full(self) -> bool:
        """Whether days that follow may be the next rule's."""
        return self.timed or (self.door is not None and self.dated)

    @property
    def empty(self) -> bool:
        return not (self.timed or self.dated or self.door or self.comments or self.except_days)

    def finished(self) -> Iterator[Rule]:
        """Give the rule, and those that close the excepted days; nothing for an empty one."""
        if self.empty:
            return
        silent = Door.UNKNOWN if self.comments else Door.OPEN
        yield Rule(
            joiner=self.joiner,
            years=self.years,
            weeks=self.weeks,
            dates=self.dates,
            groups=tuple(self.groups),
            spans=self.spans,
            door=self.door or silent,
            comment=", ".join(filter(None, self.comments)),
        )
        for group in self.except_days:
            yield Rule(joiner=";", groups=(group,), door=Door.CLOSED)


def _rules(at: Cursor, comments: tuple[str, ...]) -> Iterator[Rule]:
    joiner: Joiner = ";"
    count = 0
    while not at.kind(Kind.END):
        draft = _drafted(at, joiner, comments)
        count += not draft.empty
        if count > RULES_MAX:
            raise HoursNotUnderstood(f"more than {RULES_MAX} rules")
        yield from draft.finished()
        joiner = _joiner(at, draft)


def _drafted(at: Cursor, joiner: Joiner, comments: tuple[str, ...]) -> _Draft:
    draft = _Draft(joiner)
    while _takes(at, draft, comments):
        pass
    if draft.empty and not at.kind(Kind.END):
        at.warn("an empty rule left out")
    return draft


def _joiner(at: Cursor, draft: _Draft) -> Joiner:
    """Go over what stands between two rules."""
    if at.skip(";"):
        return ";"
    if at.skip("||"):
        return "||"
    if at.skip(","):
        if at.kind(Kind.END):
            at.warn("a comma at the end left out")
        return ","
    _note_missing(at, draft)
    return ";"


def _note_missing(at: Cursor, draft: _Draft) -> None:
    """Warn of a missing separator; raises HoursNotUnderstood where no rule was read either."""
    if at.kind(Kind.END):
        return
    if draft.empty:
        raise at.wrong("nothing understood")
    at.warn("';' between rules is missing")


def _takes(at: Cursor, draft: _Draft, comments: tuple[str, ...]) -> bool:
    """Take one part of a rule; False where the rule ends."""
    if at.kind(Kind.COMMENT):
        return _takes_comment(at, draft, comments)
    if at.kind(Kind.STATE):
        return _takes_state(at, draft)
    if _is_always(at):
        return _takes_always(at, draft)
    if _is_days(at, draft):
        return _takes_days(at, draft)
    return _takes_times(at, draft) if is_time(at) else _takes_comma(at, draft)


def _is_days(at: Cursor, draft: _Draft) -> bool:
    return at.kind(*_DAY_KINDS) or (is_year(at) and not _is_compact_time(at, draft))


def _takes_comment(at: Cursor, draft: _Draft, comments: tuple[str, ...]) -> bool:
    if draft.comments:
        at.warn("more than one comment")
    draft.comments.append(comments[at.take().value])
    return True


def _is_compact_time(at: Cursor, draft: _Draft) -> bool:
    """Say whether the year here is « Sa 2200 »: after weekdays four digits are a time."""
    return bool(draft.groups) and not draft.timed and not at.kind(Kind.MONTH, ahead=1)


def _takes_comma(at: Cursor, draft: _Draft) -> bool:
    """Take a comma between days and times, between dates and weekdays with times.

    « lundi au vendredi, 9h-12h », « avril à octobre, tous les jours de 9h à 19h »
    """
    if not (at.sign(",") and draft.waits):
        return False
    to_times = is_time(at, 1) and not is_year(at, 1)
    if not to_times and not _is_narrower(at, draft):
        return False
    at.take()
    at.warn("',' between days and times left out")
    return True


def _is_narrower(at: Cursor, draft: _Draft) -> bool:
    """Say whether weekdays with times follow the comma after dates."""
    if not draft.dates or draft.groups or not at.kind(Kind.WEEKDAY, Kind.FEAST, ahead=1):
        return False
    return _times_follow(at)


def _takes_state(at: Cursor, draft: _Draft) -> bool:
    if draft.door is not None or (draft.timed and at.kind(*_DAY_KINDS, ahead=1)):
        return False
    draft.door = _DOORS[at.take().text]
    return True


def _is_always(at: Cursor) -> bool:
    texts = [at.peek(ahead).text for ahead in range(3)]
    return texts == ["24", "/", "7"] and not at.sign("-", ahead=3)


def _takes_always(at: Cursor, draft: _Draft) -> bool:
    if draft.timed:
        return False
    at.at += 3
    if draft.dated:
        at.warn("24/7 with days read as the whole day")
    draft.whole_day = True
    at.skip(":")
    return True


def _takes_times(at: Cursor, draft: _Draft) -> bool:
    if draft.timed:
        if draft.days_last:
            raise at.wrong("the order of days and times isn't clear")
        return False
    draft.spans = read_spans(at)
    return True


def _takes_days(at: Cursor, draft: _Draft) -> bool:
    if draft.full and _begins_anew(at, draft):
        return False
    draft.days_last = draft.timed
    if at.kind(Kind.EXCEPT):
        _add_exception(at, draft)
    elif at.kind(Kind.WEEKDAY, Kind.FEAST):
        _add_group(at, draft)
    else:
        _add_wide(at, draft)
    at.skip(":")
    return True


def _add_wide(at: Cursor, draft: _Draft) -> None:
    """Add weeks, dates or years."""
    if at.kind(Kind.WEEK):
        draft.weeks += read_weeks(at)
    elif at.kind(Kind.MONTH, Kind.EASTER) or is_dated_year(at):
        if draft.dates:
            at.warn("',' between dates is missing")
        draft.dates += read_dates(at, yearless=bool(draft.years))
    else:
        draft.years += read_years(at)


def _add_exception(at: Cursor, draft: _Draft) -> None:
    at.take()
    if not at.kind(Kind.WEEKDAY, Kind.FEAST):
        raise at.wrong("weekdays or holidays expected")
    draft.except_days.append(read_group(at))
    at.warn("'except' read as closed")


def _add_group(at: Cursor, draft: _Draft) -> None:
    """Add weekdays or holidays: the same kind widens (« Mo We »), another narrows (« PH We »)."""
    group = read_group(at)
    last = draft.groups[-1] if draft.groups else None
    if last is not None and _kind(last) == _kind(group):
        at.warn("',' between days is missing")
        draft.groups[-1] = last + group
    else:
        draft.groups.append(group)


def _kind(group: Group) -> set[bool]:
    return {isinstance(item, Holidays) for item in group}


def _begins_anew(at: Cursor, draft: _Draft) -> bool:
    """Say whether the days here belong to the next rule.

    They are this rule's own when it has no days of that kind, and neither times nor a state follow
    before its end: « 00:00-24:00 week 06 Feb ».
    """
    if at.kind(Kind.EXCEPT):
        return False
    return _has_such_days(at, draft) or (draft.dated and _times_follow(at))


def _has_such_days(at: Cursor, draft: _Draft) -> bool:
    if at.kind(Kind.WEEKDAY, Kind.FEAST):
        return bool(draft.groups)
    if at.kind(Kind.MONTH, Kind.EASTER):
        return bool(draft.dates)
    return bool(draft.weeks) and at.kind(Kind.WEEK)


def _times_follow(at: Cursor) -> bool:
    ahead = 0
    while not at.sign(";", "||", ahead=ahead) and not at.kind(Kind.END, ahead=ahead):
        if at.kind(Kind.TIME, Kind.STATE, Kind.SUN, ahead=ahead):
            return True
        ahead += 1
    return False


def _cleared(rules: list[Rule], warnings: list[str]) -> Iterator[Rule]:
    """Say of each rule whether it wipes those before it on its days."""
    yield from rules[:1]
    for before, rule in pairwise(rules):
        if _is_loose(rule):
            warnings.append("times without days hold every day: ',' may be meant for ';'")
        yield replace(rule, clears=_clears(rule, before))


def _clears(rule: Rule, before: Rule) -> bool:
    opens = rule.joiner == ";" and rule.door is not Door.CLOSED
    return opens and (rule.dated or not before.dated)


def _is_loose(rule: Rule) -> bool:
    opens = rule.joiner == ";" and rule.door is Door.OPEN
    return opens and bool(rule.spans) and not rule.dated


def _doubts(rules: tuple[Rule, ...]) -> Iterator[str]:
    """Tell what is understood but seldom meant."""
    late = [any(map(_runs_over, rule.spans)) for rule in rules]
    for number, rule in enumerate(rules):
        if rule.clears and rule.spans and any(late[:number]):
            yield "what runs past midnight ends where a later rule's day begins"


def _runs_over(span: Span) -> bool:
    if span.end is None or span.start.event or span.end.event:
        return False
    return span.end.minutes <= span.start.minutes or span.end.minutes > DAY_MINUTES
