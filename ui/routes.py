"""The screens by name: one line each. A service's kind is the name of its screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ui.context import Context
from ui.viewmodels.base import Builder, ScreenViewModel
from ui.viewmodels.hive import HiveViewModel
from ui.viewmodels.place import PlaceViewModel
from ui.views.departures import build_departures
from ui.views.places import build_places

Maker = Callable[[Context, str], ScreenViewModel]


@dataclass(frozen=True, slots=True)
class Route:
    """A screen: its QML file (ui/qml/Alveole/screens/<qml>.qml) and what makes its view model."""

    qml: str
    make: Maker


def plain(builder: Builder) -> Maker:
    """Give a maker of the plain view model over ``builder``."""
    return lambda context, argument: ScreenViewModel(context, argument, builder)


ROUTES: Mapping[str, Route] = {
    "hive": Route("Hive", HiveViewModel),
    "departures": Route("Departures", plain(build_departures)),
    "places": Route("List", plain(build_places)),
    "place": Route("Place", PlaceViewModel),
}
HOME = "hive"
