"""The screens by name: one line each. A service's kind is the name of its screen.

A screen's modules are imported when it opens for the first time: the first frame needs only the
hive's. Where a line names no function, it is ``build_<module>``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from kiosk.domain.role import Role
from ui.context import Context
from ui.viewmodels.base import ScreenViewModel

Maker = Callable[[Context, str], ScreenViewModel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A screen: its QML file (ui/qml/Alveole/screens/<qml>.qml) and what makes its view model.

    ``model`` is a class of ``ui.viewmodels``, ``builder`` the function of ``ui.views`` that it
    shows ("": it knows its own), both as ``module:name``.
    """

    qml: str
    model: str
    builder: str = ""

    def make(self, context: Context, argument: str) -> ScreenViewModel:
        """Make the screen's view model."""
        made: ScreenViewModel = self._maker()(context, argument)
        return made

    def prepare(self) -> None:
        """Import what the screen needs, ahead of its first opening."""
        self._maker()

    def _maker(self) -> Maker:
        model = _named(f"ui.viewmodels.{self.model}")
        if not self.builder:
            return model
        builder = _named(f"ui.views.{self.builder}")
        return lambda context, argument: model(context, argument, builder)


@cache
def _named(path: str) -> Callable[..., Any]:
    """Give what ``module:name`` names."""
    module, _, name = path.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def _builder(view: str) -> str:
    return view if ":" in view else f"{view}:build_{view}"


def listed(view: str) -> Route:
    """Give a plain list over the builder of ``view``."""
    return Route(qml="List", model="base:ScreenViewModel", builder=_builder(view))


def article(view: str) -> Route:
    """Give a page about one thing over the builder of ``view``."""
    return Route(qml="Article", model="article:ArticleViewModel", builder=_builder(view))


def choices(view: str) -> Route:
    """Give a screen of choices over the builder of ``view``."""
    return Route(qml="Choices", model="choices:ChoicesViewModel", builder=_builder(view))


def own(qml: str) -> Route:
    """Give a screen with a view model of its own, named as its QML file."""
    return Route(qml=qml, model=f"{qml.lower()}:{qml.capitalize()}ViewModel")


ROUTES: Mapping[str, Route] = {
    "hive": own("Hive"),
    "departures": listed("departures"),
    "places": listed("places"),
    "place": own("Place"),
    "agenda": listed("agenda"),
    "event": article("events:build_event"),
    "cinema": article("cinema"),
    "menus": article("menus"),
    "waste": article("waste"),
    "gauges": listed("gauges"),
    "notices": listed("notices"),
    "notice": article("notices:build_notice"),
    "steps": listed("steps"),
    "step": article("steps:build_step"),
    "duty": article("duty"),
    "weather": article("weather"),
    "observations": listed("observations"),
    "slopes": article("slopes"),
    "avalanche": article("avalanche"),
    "bathing": article("bathing"),
    "tides": own("Tides"),
    "info": article("info"),
    "walks": listed("walks"),
    "walk": article("walks:build_walk"),
    "sorting": article("sorting"),
    "vehicles": listed("vehicles"),
    "itinerary": article("itinerary"),
    "outage": article("info:build_outage"),
    "attract": own("Attract"),
    "card": own("Card"),
    "topup": own("Topup"),
    "shop": listed("shop"),
    "sale": own("Sale"),
    "entries": listed("shop:build_entries"),
    "ticket": own("Ticket"),
    "bills": listed("bills"),
    "bill": own("Bill"),
    "gate": Route(qml="Gate", model="told:ToldViewModel", builder="gate:build_gate"),
    "pin": own("Pin"),
    "account": Route(qml="List", model="counter:AccountViewModel", builder="account:build_account"),
    "counter": Route(qml="List", model="counter:CounterViewModel", builder="counter:build_counter"),
    "transfer": Route(
        qml="Article", model="counter:TransferViewModel", builder="issue:build_transfer"
    ),
    "issue": Route(qml="Article", model="counter:IssueViewModel", builder="issue:build_issue"),
    "till": Route(qml="List", model="till:TillViewModel", builder="till:build_till"),
    "till-sum": Route(qml="Tillsum", model="till:TillsumViewModel"),
    "till-list": Route(qml="List", model="till:TillViewModel", builder="till:build_list"),
    "till-case": Route(qml="Article", model="till:TillCaseViewModel", builder="till:build_case"),
    "till-paper": Route(qml="List", model="till:TillViewModel", builder="till:build_paper"),
    "till-card": Route(
        qml="Article", model="till:TillCardViewModel", builder="till:build_card_again"
    ),
    "report": listed("report"),
    "report-where": listed("report:build_where"),
    "report-words": Route(qml="Search", model="report:ReportWordsViewModel"),
    "report-check": Route(
        qml="List", model="report:ReportCheckViewModel", builder="report:build_check"
    ),
    "report-sent": Route(
        qml="TakeAway", model="report:ReportSentViewModel", builder="report:build_sent"
    ),
    "follow": Route(qml="Search", model="report:FollowViewModel"),
    "search": own("Search"),
    "takeaway": own("TakeAway"),
    "commune": listed("commune"),
    "help": listed("help"),
    "comfort": choices("comfort"),
    "languages": choices("languages"),
}
HIVE = "hive"
COUNTER = "counter"
PIN, STAFF = "pin", "staff"  # a code, and whose
HOMES: Mapping[Role, str] = {"kiosk": HIVE, "counter": COUNTER, "gate": "gate"}
TOPUP = "topup"
ATTRACT = "attract"
REPORT_SENT = "report-sent"
LANGUAGES = "languages"
