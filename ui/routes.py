"""The screens by name: one line each. A service's kind is the name of its screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ui.context import Context
from ui.viewmodels.article import ArticleViewModel
from ui.viewmodels.attract import AttractViewModel
from ui.viewmodels.base import Builder, ScreenViewModel
from ui.viewmodels.card import CardViewModel
from ui.viewmodels.choices import ChoicesViewModel
from ui.viewmodels.hive import HiveViewModel
from ui.viewmodels.place import PlaceViewModel
from ui.viewmodels.search import SearchViewModel
from ui.viewmodels.takeaway import TakeawayViewModel
from ui.viewmodels.tides import TidesViewModel
from ui.viewmodels.topup import TopupViewModel
from ui.views.agenda import build_agenda
from ui.views.avalanche import build_avalanche
from ui.views.bathing import build_bathing
from ui.views.cinema import build_cinema
from ui.views.comfort import build_comfort
from ui.views.commune import build_commune
from ui.views.departures import build_departures
from ui.views.duty import build_duty
from ui.views.events import build_event
from ui.views.gauges import build_gauges
from ui.views.help import build_help
from ui.views.info import build_info, build_outage
from ui.views.itinerary import build_itinerary
from ui.views.languages import build_languages
from ui.views.menus import build_menus
from ui.views.notices import build_notice, build_notices
from ui.views.observations import build_observations
from ui.views.places import build_places
from ui.views.slopes import build_slopes
from ui.views.sorting import build_sorting
from ui.views.steps import build_step, build_steps
from ui.views.vehicles import build_vehicles
from ui.views.walks import build_walk, build_walks
from ui.views.waste import build_waste
from ui.views.weather import build_weather

Maker = Callable[[Context, str], ScreenViewModel]


@dataclass(frozen=True, slots=True)
class Route:
    """A screen: its QML file (ui/qml/Alveole/screens/<qml>.qml) and what makes its view model."""

    qml: str
    make: Maker


def plain(builder: Builder) -> Maker:
    """Give a maker of the plain view model over ``builder``."""
    return lambda context, argument: ScreenViewModel(context, argument, builder)


def choices(builder: Builder) -> Maker:
    """Give a maker of the choices' view model over ``builder``."""
    return lambda context, argument: ChoicesViewModel(context, argument, builder)


def article(builder: Builder) -> Maker:
    """Give a maker of the article's view model over ``builder``."""
    return lambda context, argument: ArticleViewModel(context, argument, builder)


ROUTES: Mapping[str, Route] = {
    "hive": Route("Hive", HiveViewModel),
    "departures": Route("List", plain(build_departures)),
    "places": Route("List", plain(build_places)),
    "place": Route("Place", PlaceViewModel),
    "agenda": Route("List", plain(build_agenda)),
    "event": Route("Article", article(build_event)),
    "cinema": Route("Article", article(build_cinema)),
    "menus": Route("Article", article(build_menus)),
    "waste": Route("Article", article(build_waste)),
    "gauges": Route("List", plain(build_gauges)),
    "notices": Route("List", plain(build_notices)),
    "notice": Route("Article", article(build_notice)),
    "steps": Route("List", plain(build_steps)),
    "step": Route("Article", article(build_step)),
    "duty": Route("Article", article(build_duty)),
    "weather": Route("Article", article(build_weather)),
    "observations": Route("List", plain(build_observations)),
    "slopes": Route("Article", article(build_slopes)),
    "avalanche": Route("Article", article(build_avalanche)),
    "bathing": Route("Article", article(build_bathing)),
    "tides": Route("Tides", TidesViewModel),
    "info": Route("Article", article(build_info)),
    "walks": Route("List", plain(build_walks)),
    "walk": Route("Article", article(build_walk)),
    "sorting": Route("Article", article(build_sorting)),
    "vehicles": Route("List", plain(build_vehicles)),
    "itinerary": Route("Article", article(build_itinerary)),
    "outage": Route("Article", article(build_outage)),
    "attract": Route("Attract", AttractViewModel),
    "card": Route("Card", CardViewModel),
    "topup": Route("Topup", TopupViewModel),
    "search": Route("Search", SearchViewModel),
    "takeaway": Route("TakeAway", TakeawayViewModel),
    "commune": Route("List", plain(build_commune)),
    "help": Route("List", plain(build_help)),
    "comfort": Route("Choices", choices(build_comfort)),
    "languages": Route("Choices", choices(build_languages)),
}
HOME = "hive"
TOPUP = "topup"
ATTRACT = "attract"
LANGUAGES = "languages"
