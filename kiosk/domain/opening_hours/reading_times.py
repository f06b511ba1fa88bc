"""Reads the times of a rule: « 10:00-12:00,14:00+,(sunset+01:00)-26:00,08:00-18:00/90 »."""

from __future__ import annotations

from kiosk.domain.opening_hours.cursor import Cursor
from kiosk.domain.opening_hours.expression import Moment, Span, SunEvent
from kiosk.domain.opening_hours.lexer import TIME_MAX, Kind, minutes

_EVENTS: dict[str, SunEvent] = {
    "dawn": "dawn",
    "sunrise": "sunrise",
    "sunset": "sunset",
    "dusk": "dusk",
}


def is_time(at: Cursor, ahead: int = 0) -> bool:
    """Say whether a time stands here; a number is one when a range or "+" follows it."""
    if at.kind(Kind.NUMBER, ahead=ahead):
        digits = len(at.peek(ahead).text)
        return digits == 4 or (digits <= 2 and at.sign("-", "+", ahead=ahead + 1))
    return at.kind(Kind.TIME, Kind.SUN, ahead=ahead) or at.sign("(", ahead=ahead)


def read_spans(at: Cursor) -> tuple[Span, ...]:
    """Read times that stand in a list; raises HoursNotUnderstood for an unfinished one."""
    spans = [_span(at)]
    while _goes_on(at, spans[-1]):
        spans.append(_span(at))
    return tuple(spans)


def _goes_on(at: Cursor, last: Span) -> bool:
    """Go to the list's next time; False where the list ends."""
    if at.sign(",", "/") and is_time(at, 1):
        if at.take().text == "/":
            at.warn("'/' between times read as ','")
        return True
    return is_time(at) and _goes_on_bare(at, last)


def _goes_on_bare(at: Cursor, last: Span) -> bool:
    """Say whether a time goes on the list without a comma; « 2026 » is a year."""
    if last.open_end:
        raise at.wrong("',' expected")
    if len(at.peek().text) == 4:
        return False
    at.warn("',' between times is missing")
    return True


def _span(at: Cursor) -> Span:
    start = _moment(at)
    if at.sign("-") and at.sign("+", ahead=1):
        at.take()
    if at.skip("-"):
        end = _moment(at)
        return Span(start=start, end=end, open_end=at.skip("+"), step=_step(at))
    open_end = at.skip("+")
    if not open_end:
        at.warn("a time without an end read as a point in time")
    return Span(start=start, open_end=open_end)


def _step(at: Cursor) -> int:
    """Read « /90 » or « /01:30 »; a slash before another range is none."""
    if not at.sign("/") or at.sign("-", ahead=2):
        return 0
    if not at.kind(Kind.TIME, Kind.NUMBER, ahead=1):
        return 0
    at.take()
    at.warn("times with a step read as points in time")
    token = at.take()
    if not 1 <= token.value <= 24 * 60:
        raise at.wrong("a step of 1 to 1440 minutes expected")
    return token.value


def _moment(at: Cursor) -> Moment:
    if at.kind(Kind.SUN):
        return Moment(minutes=0, event=_EVENTS[at.take().text])
    if at.skip("("):
        return _moved(at)
    if at.kind(Kind.TIME):
        return Moment(minutes=at.take().value)
    if not at.kind(Kind.NUMBER):
        raise at.wrong("a time expected")
    return Moment(minutes=_bare(at))


def _moved(at: Cursor) -> Moment:
    event = _EVENTS[at.take_a(Kind.SUN).text]
    sign = at.plus_or_minus()
    offset = at.take_a(Kind.TIME).value
    at.expect(")")
    if offset == 0:
        at.warn("an offset of 00:00 says nothing")
    return Moment(minutes=sign * offset, event=event)


def _bare(at: Cursor) -> int:
    """Read « 8 » or « 0830 »."""
    text = at.peek().text
    if len(text) == 4:
        at.take()
        at.warn(f"{text!r} read as a time")
        return minutes(f"{text[:2]}:{text[2:]}")
    if len(text) > 2:
        raise at.wrong("a time expected")
    at.warn("hours without minutes read as whole hours")
    return at.number(0, TIME_MAX // 60, "an hour") * 60
