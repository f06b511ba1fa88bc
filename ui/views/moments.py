"""Days and times as one says them, in the territory's own time zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ui.context import Context


def local(context: Context, moment: datetime) -> datetime:
    """Give an aware moment on the territory's clock."""
    return moment.astimezone(ZoneInfo(context.territory.timezone))


def today(context: Context) -> date:
    """Give the territory's present day."""
    return context.here_now().date()


def capital(text: str) -> str:
    """Give ``text`` with its first letter as a capital."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """Give ``text`` with a small first letter, unless its first word is an acronym."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def labelled(context: Context, label: str, text: str) -> str:
    """Give « Demain\u00a0: bac jaune », with the language's own colon."""
    return context.words("{label}\u00a0: {text}", label=label, text=text)


def near(context: Context, day: date) -> str:
    """Give « aujourd’hui », « demain », « jeudi », else « 5 décembre »."""
    return context.words.near_day(day, today(context))


def heading(context: Context, day: date) -> str:
    """Give a day as a list's heading: « Demain, lundi 23 novembre »."""
    words = context.words
    ahead = (day - today(context)).days
    if ahead not in (0, 1):
        return capital(words.day(day))
    return f"{capital(near(context, day))}, {words.day(day)}"


def until(context: Context, moment: datetime) -> str:
    """Give an end: « jusqu’à 19 h », « jusqu’à demain 9 h », « jusqu’au 5 décembre ».

    Midnight ends the day before: « jusqu’à vendredi minuit ».
    """
    words, there = context.words, local(context, moment)
    midnight = there.time() == time()
    last = there.date() - timedelta(days=1) if midnight else there.date()
    ahead = (last - today(context)).days
    if ahead >= 7:
        return words("jusqu’au {day}", day=near(context, last))
    clock = words("minuit") if midnight else words.time(there)
    day = "" if ahead == 0 else near(context, last)
    return words("jusqu’à {time}", time=f"{day} {clock}".strip())


def span(context: Context, starts: datetime, ends: datetime | None) -> str:
    """Give « de 8 h à 13 h », or « à 20 h 30 » when the end isn't known or lies days away."""
    words = context.words
    if ends is None or (ends - starts).total_seconds() >= 86_400:
        return words("à {time}", time=words.time(starts))
    return words("de {start} à {end}", start=words.time(starts), end=words.time(ends))
