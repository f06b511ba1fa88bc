"""A door in words: open until, opens at, closed, or the hours as they were written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kiosk.domain.hours import Cause, Door, Verdict
from ui.context import Context
from ui.views.frame import Tone
from ui.views.moments import labelled
from ui.words import N_

ALWAYS = timedelta(days=7)  # a door that stays open for longer is taken to be open always
SOON = timedelta(hours=12)  # an end so near needs no day, though it lie after midnight
AS_WRITTEN_MAX = 30  # characters of hours that can't be understood, in a glance


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorWords:
    """The door's state: a word, the rest, both as a ``line``, a ``short`` form for glances."""

    door: Door
    word: str
    rest: str
    line: str
    short: str
    tone: Tone
    glyph: str


def door_words(context: Context, expression: str, at: datetime | None = None) -> DoorWords:
    """Say the state of a door now; hours that can't be understood are shown as they are."""
    now = at or context.here_now()
    verdict = context.hours.verdict(expression, now)
    if verdict.door is Door.OPEN:
        return _open(context, verdict, now)
    if verdict.door is Door.CLOSED:
        return _closed(context, verdict, now)
    return _unknown(context, expression)


def _unknown(context: Context, expression: str) -> DoorWords:
    words = context.words
    rest = expression or words("inconnus, demandez à l’accueil")
    word = words("Horaires")
    return DoorWords(
        door=Door.UNKNOWN,
        word=word,
        rest=rest,
        line=labelled(context, word, rest),
        short=rest if expression and len(rest) <= AS_WRITTEN_MAX else words("Horaires sur place"),
        tone="muted",
        glyph="question-mark",
    )


def _open(context: Context, verdict: Verdict, now: datetime) -> DoorWords:
    words = context.words
    rest = words("24\u00a0h sur 24")
    if verdict.until is not None and verdict.until - now < ALWAYS:
        rest = words("jusqu’à {time}", time=_moment(context, verdict.until, now))
    return DoorWords(
        door=Door.OPEN,
        word=words("Ouvert"),
        rest=rest,
        line=f"{words('Ouvert')} {rest}",
        short=f"{words('Ouvert')} {rest}",
        tone="good",
        glyph="circle-check",
    )


def _closed(context: Context, verdict: Verdict, now: datetime) -> DoorWords:
    words = context.words
    why = _why(context, verdict, now)
    rest = why or words("pas d’ouverture prévue")
    short = words("Fermé")
    if verdict.until is not None:
        opens = words("ouvre {time}", time=_opening(context, verdict.until, now))
        rest = f"{why}, {opens}" if why else opens
        short = opens[:1].upper() + opens[1:]
    return DoorWords(
        door=Door.CLOSED,
        word=words("Fermé"),
        rest=rest,
        line=f"{words('Fermé')}, {rest}",
        short=short,
        tone="bad",
        glyph="door-exit",
    )


def _why(context: Context, verdict: Verdict, now: datetime) -> str:
    """Give « jour férié (11 novembre) », « vacances scolaires », "" where nothing is special."""
    words = context.words
    if verdict.cause is Cause.PUBLIC_HOLIDAY:
        return words("jour férié ({day})", day=words.month_day(now.date()))
    return words(N_("vacances scolaires")) if verdict.cause is Cause.SCHOOL_HOLIDAY else ""


def _moment(context: Context, moment: datetime, now: datetime) -> str:
    """Give an end: « 19 h », « minuit », « demain 2 h »; midnight ends the day before."""
    words = context.words
    clock = words("minuit") if moment.time() == time() else words.time(moment)
    day = (moment - timedelta(microseconds=1)).date()
    if day == now.date() or moment - now < SOON:
        return clock
    return f"{words.near_day(day, now.date())} {clock}"


def _opening(context: Context, moment: datetime, now: datetime) -> str:
    words = context.words
    if moment.date() == now.date():
        return words("à {time}", time=words.time(moment))
    day = words.near_day(moment.date(), now.date())
    if (moment.date() - now.date()).days >= 7:
        return words("le {day} à {time}", day=day, time=words.time(moment))
    return words("{day} à {time}", day=day, time=words.time(moment))
