"""A page about one thing: a verdict in large words, pills to choose from, facts as rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.domain.freshness import ABSENT
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.frame import Frame, Row, age_of
from ui.views.records import nothing_known


@dataclass(frozen=True, slots=True, kw_only=True)
class Pill:
    """A choice on the page; ``argument`` shows the page with it, ``faded``: nothing there."""

    key: str
    label: str
    detail: str = ""
    argument: str = ""
    chosen: bool = False
    faded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFrame(Frame):
    """The page's frame: ``verdict`` large, ``rest`` after it, ``note`` small; days and options.

    ``tone``: good, bad, warn or muted.
    """

    verdict: str = ""
    rest: str = ""
    note: str = ""
    tone: str = "muted"
    days: tuple[Pill, ...] = ()
    options: tuple[Pill, ...] = ()


def unknown(context: Context, service: Service | None) -> ArticleFrame:
    """Give the page of something that isn't there any more."""
    sentence = nothing_known(context, service)
    title = context.words.text(service.title if service else context.territory.name)
    return ArticleFrame(
        title=title,
        age=age_of(ABSENT, context.words),
        empty=sentence,
        spoken=(f"{title}.", sentence),
    )


def fact(glyph: str, family: str, heading: str, detail: str = "", *, demo: bool = False) -> Row:
    """Give a row that states one fact; its key is its icon's name."""
    return Row(key=glyph, glyph=glyph, family=family, heading=heading, detail=detail, demo=demo)


def facts(stated: Iterable[tuple[str, str, str, str]], *, demo: bool = False) -> tuple[Row, ...]:
    """Give a row for each (icon, family, heading, detail) whose heading says something."""
    return tuple(fact(*one, demo=demo) for one in stated if one[2])


def phone_row(context: Context, phone: str, *, demo: bool = False) -> tuple[Row, ...]:
    """Give the row with the number to call, none for an empty number."""
    if not phone:
        return ()
    return (fact("phone-call", "care", phone, context.words("Téléphone"), demo=demo),)
