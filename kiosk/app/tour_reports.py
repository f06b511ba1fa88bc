"""The tour's journey of a report: what, where, a few words, read over, its code; then followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias, cast

if TYPE_CHECKING:
    from kiosk.app.tour_stage import Stage
    from ui.viewmodels.typed import TypedViewModel

SERVICE = "signaler"  # a service of the demonstration, and a report that its pack tells of
KNOWN = "DEMX2345"
WORDS = "Trou profond, rue du Pont, devant le 12"
ARGUMENT = f"{SERVICE}/road/here"
Play: TypeAlias = "Callable[[Stage], None]"


def _what(stage: Stage) -> None:
    stage.show("report", SERVICE)


def _where(stage: Stage) -> None:
    stage.show("report-where", f"{SERVICE}/road")


def _words(stage: Stage) -> None:
    stage.show("report-words", ARGUMENT)
    _write(stage, WORDS)


def _check(stage: Stage) -> None:
    _words(stage)
    stage.app.opened.act()
    stage.clock.move(1)


def _sent(stage: Stage) -> None:
    stage.clock.move(3_600)  # earlier stops have sent some: a kiosk sends few an hour
    _check(stage)
    stage.app.opened.act()
    stage.until(lambda: stage.route == "report-sent")


def _follow(stage: Stage) -> None:
    stage.show("follow", SERVICE)
    _write(stage, KNOWN)


def _write(stage: Stage, text: str) -> None:
    for char in text:
        cast("TypedViewModel", stage.app.opened).write(char)


REPORT: Mapping[str, Play] = {
    "report": _what,
    "report-where": _where,
    "report-words": _words,
    "report-check": _check,
    "report-sent": _sent,
    "follow": _follow,
}
