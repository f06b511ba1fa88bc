"""The live glance of each cell of the hive: the answer that spares a tap.

Rules:
1. One rule a kind of service; each gives a short text with the freshness of the datum behind it.
2. A rule that finds nothing says nothing, and the cell says to ask at the desk.
3. A glance has at most LENGTH_MAX characters: a rule names several wordings, the first that fits
   is taken; when none does, the last is cut after a word and says so with an ellipsis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module

from kiosk.domain.facts import Gauge, Notice, Place, Step
from kiosk.domain.freshness import ABSENT, Dated, Freshness, State, judge
from kiosk.domain.hours import Door
from kiosk.domain.territory import Service
from kiosk.domain.transit import Departure
from ui.context import Context
from ui.views.departures import board_of, is_rail, leaves_at, line_of
from ui.views.doors import door_words
from ui.views.duty import on_duty, place_name, turns_of
from ui.views.events import Happening, to_come
from ui.views.frame import worst
from ui.views.gauges import counted, short_names, state_of
from ui.views.menus import day_of, next_meal
from ui.views.moments import capital, labelled, near, small, today
from ui.views.notices import gravity, notices_now
from ui.views.records import K, Known, datasets_of, known
from ui.views.sorting import things_of
from ui.views.vehicles import vehicles_of
from ui.views.walks import walks_of
from ui.views.waste import bin_of, next_here

LENGTH_MAX = 34
WAIT_MAX = timedelta(minutes=60)
EVENING_FROM_H = 18
BOARD_MAX = 6
WEEKDAY_MAX = 14  # days ahead: further on a day's number needs its month

Glance = Dated[str]
Rule = Callable[[Context, Service], Glance]
Tell = Callable[[Context, Service], tuple[list[str], Freshness]]
NOTHING: Glance = Dated(value="", freshness=ABSENT)


def glance(context: Context, service: Service) -> Glance:
    """Give the service's glance; an empty text with an absent state when nothing is known."""
    own = context.words.text(service.glance)
    if own:
        return Dated(value=fitted(own), freshness=ABSENT)
    rule = RULES.get(service.kind)
    return rule(context, service) if rule else NOTHING


def fitted(*wordings: str) -> str:
    """Give the first wording that fits the cell; the last one cut after a word when none does."""
    for wording in wordings:
        if 0 < len(wording) <= LENGTH_MAX:
            return wording
    last = next((wording for wording in reversed(wordings) if wording), "")
    if len(last) <= LENGTH_MAX:
        return last
    cut = last[: LENGTH_MAX - 1]
    return f"{cut.rpartition(' ')[0] or cut}…".replace(",…", "…")


def _departures(context: Context, service: Service) -> Glance:
    """Give the next departure of the focus stop that isn't cancelled, with its live time."""
    for departure in board_of(context, service, limit=BOARD_MAX):
        if not departure.cancelled:
            text = fitted(*_leaving(context, departure))
            return Dated(value=text, freshness=departure.freshness)
    return NOTHING


def _leaving(context: Context, departure: Departure) -> list[str]:
    """Give « Caen 11:28 » for a train, « Ligne 2 dans 4 min » or « Ligne 2 à 14:08 » for a bus."""
    words, when = context.words, leaves_at(departure)
    left = when - context.clock.now()
    here = when.astimezone(context.here_now().tzinfo)
    day = "" if here.date() == today(context) else near(context, here.date())
    clock = f"{day} {words.clock(here)}".strip()
    line = line_of(context, departure)
    if is_rail(departure):
        return [f"{line} {clock}", clock]
    minutes = max(int(left.total_seconds() // 60), 0)
    soon = words("dans {n}\u00a0min", n=minutes) if left <= WAIT_MAX else clock
    soon = soon if minutes else words("maintenant")
    return [f"{line} {soon}", soon]


def _focus(service: Service, found: list[Known[Place]]) -> Known[Place] | None:
    if not service.focus:
        return None
    return next((one for one in found if one.record.id == service.focus), None)


def _places(context: Context, service: Service) -> Glance:
    """Give the focus place's door; without a focus how many are open, else how many there are."""
    found = known(context, service, Place)
    focus = _focus(service, found)
    if focus is not None:
        door = door_words(context, focus.facts.hours)
        return Dated(value=fitted(door.short, door.word), freshness=focus.freshness)
    return _open_or_all(context, found) if found else NOTHING


def _open_or_all(context: Context, found: list[Known[Place]]) -> Glance:
    """Count the places that are open now; all of them where none is, or always."""
    doors = [door_words(context, one.facts.hours).door for one in found]
    open_ = doors.count(Door.OPEN)
    name = context.words.text(context.territory.datasets[found[0].record.dataset].title)
    text = context.words.n("{n} ouvert en ce moment", "{n} ouverts en ce moment", open_)
    counted = fitted(f"{len(found)} {small(name)}") if open_ in (0, len(found)) else text
    return Dated(value=counted, freshness=_oldest(found))


def _oldest(found: Sequence[Known[K]]) -> Freshness:
    return worst([one.freshness for one in found])


def _agenda(context: Context, service: Service) -> Glance:
    """Give the next event and its day."""
    first = next(iter(to_come(context, service)), None)
    if first is None:
        return NOTHING
    title, day = context.words.text(first.known.record.title), _day(context, first)
    return Dated(value=fitted(f"{title}, {day}", title), freshness=first.known.freshness)


def _day(context: Context, one: Happening) -> str:
    """Give « 14 h » today, « en ce moment », « demain », « dim. 29 », else « 19 décembre »."""
    if one.start <= context.here_now():
        return context.words("en ce moment")
    day = one.start.date()
    ahead = (day - today(context)).days
    if ahead == 0 and not one.facts.all_day:
        return context.words.time(one.start)
    if ahead < 2 or ahead > WEEKDAY_MAX:
        return near(context, day)
    return f"{context.words.weekday(day)} {day.day}"


def _cinema(context: Context, service: Service) -> Glance:
    """Count this evening's showings, else today's, else tomorrow's."""
    coming, words, day = to_come(context, service), context.words, today(context)
    here, tomorrow = _on(coming, day), _on(coming, day + timedelta(days=1))
    evening = [one for one in here if one.start.hour >= EVENING_FROM_H]
    if evening:
        text = words.n("{n} séance ce soir", "{n} séances ce soir", len(evening))
    elif here:
        text = words.n("{n} séance aujourd’hui", "{n} séances aujourd’hui", len(here))
    else:
        text = words.n("{n} séance demain", "{n} séances demain", len(tomorrow))
    counted = evening or here or tomorrow
    fresh = worst([one.known.freshness for one in counted])
    return Dated(value=text if counted else "", freshness=fresh)


def _on(coming: list[Happening], day: date) -> list[Happening]:
    return [one for one in coming if one.start.date() == day]


def _menus(context: Context, service: Service) -> Glance:
    """Give the next meal, with its day unless it is today."""
    meal = next_meal(context, service)
    if meal is None:
        return NOTHING
    title = context.words.text(meal.record.title)
    main = title.split(",")[0]
    wordings = [title, main]
    if meal.facts.day != today(context):
        wordings = [labelled(context, day_of(context, meal), small(main)), main]
    return Dated(value=fitted(*wordings), freshness=meal.freshness)


def _waste(context: Context, service: Service) -> Glance:
    """Give « Demain\u00a0: bac jaune »."""
    same = next_here(context, service)
    if not same:
        return NOTHING
    day = capital(near(context, same[0].facts.day))
    names = [bin_of(context, one) for one in same]
    wordings = [labelled(context, day, said) for said in (", ".join(names), f"{names[0]}…")]
    return Dated(value=fitted(*wordings), freshness=same[0].freshness)


def _gauges(context: Context, service: Service) -> Glance:
    """Give « Gare\u00a0: 32 places », of the focus or the first gauge."""
    found, words = known(context, service, Gauge), context.words
    if not found:
        return NOTHING
    names = short_names([words.text(one.record.title) for one in found])
    ids = [one.record.id for one in found]
    place = ids.index(service.focus) if service.focus in ids else 0
    gauge = found[place]
    if gauge.freshness.state is State.LAST_GOOD:  # an old count would send people for nothing
        return Dated(value=words("Pas de compte récent"), freshness=gauge.freshness)
    state, tone = state_of(context, gauge)
    free = counted(context, gauge.facts)
    said = state if tone == "bad" else free
    value = fitted(labelled(context, names[place], said), said)
    return Dated(value=value, freshness=gauge.freshness)


def _notices(context: Context, service: Service) -> Glance:
    """Give the gravest alert; else the focus notice; else how many there are."""
    found, words = notices_now(context, service), context.words
    if not found:
        return Dated(value=words("Rien à signaler"), freshness=_observed(context, service))
    focus = next((one for one in found if one.record.id == service.focus), found[0])
    one = found[0] if gravity(found[0]) else focus
    title, count = words.text(one.record.title), _counted(context, found)
    told = bool(service.focus) or gravity(one) > 0 or len(found) == 1
    wordings = [title, count] if told else [count]
    return Dated(value=fitted(*wordings), freshness=one.freshness)


def _counted(context: Context, found: list[Known[Notice]]) -> str:
    """Give « 1 avis », « 3 travaux »: several are counted by their dataset's name."""
    if len(found) == 1:
        return context.words("{n} avis", n=1)
    name = context.words.text(context.territory.datasets[found[0].record.dataset].title)
    return f"{len(found)} {small(name)}"


def _observed(context: Context, service: Service) -> Freshness:
    """Give how fresh an empty list is: when its dataset was last observed."""
    for dataset in datasets_of(context, service):
        seen = context.cache.observed_at(dataset.id)
        if seen is not None:
            return judge(seen, context.clock.now(), dataset.policy, demo=dataset.demo)
    return ABSENT


def _steps(context: Context, service: Service) -> Glance:
    """Count the procedures."""
    found = known(context, service, Step)
    text = context.words.n("{n} démarche", "{n} démarches", len(found)) if found else ""
    return Dated(value=text, freshness=_oldest(found))


def _duty(context: Context, service: Service) -> Glance:
    """Name who is on duty now; without a turn the pharmacists' national number."""
    turn = on_duty(context, turns_of(context, service))
    if turn is None:
        return Dated(value=context.words("Garde\u00a0: appelez le 3237"), freshness=ABSENT)
    name = place_name(context, service, turn)
    said = context.words("Garde\u00a0: {name}", name=name)
    return Dated(value=fitted(said, name), freshness=turn.freshness)


def _card(context: Context, _service: Service) -> Glance:
    """Say where to lay the card."""
    return Dated(value=context.words("Posez-la en bas"), freshness=ABSENT)


def _walks(context: Context, service: Service) -> Glance:
    """Give « 12 balades »; the dataset says what they are called."""
    found = walks_of(context, service)
    if not found:
        return NOTHING
    name = context.words.text(context.territory.datasets[found[0].record.dataset].title)
    return Dated(value=fitted(f"{len(found)} {small(name)}"), freshness=_oldest(found))


def _sorting(context: Context, service: Service) -> Glance:
    """Count the things that the guide knows."""
    found = things_of(context, service)
    count = context.words.n("{n} objet à trier", "{n} objets à trier", len(found))
    return Dated(value=count if found else "", freshness=_oldest(found))


def _vehicles(context: Context, service: Service) -> Glance:
    """Count the vehicles near here; none is an answer where stops are known."""
    found, words = vehicles_of(context, service), context.words
    if not found:
        fresh = _observed(context, service)
        none = words("Aucun en route près d’ici")
        return Dated(value=none if fresh.observed_at else "", freshness=fresh)
    text = words.n("{n} en route près d’ici", "{n} en route près d’ici", len(found))
    return Dated(value=text, freshness=worst([one.call.freshness for one in found]))


def _itinerary(context: Context, service: Service) -> Glance:
    """Ask where to go; what answers is a timetable, never live."""
    fresh = _observed(context, service)
    if fresh.state is State.LIVE:
        fresh = replace(fresh, state=State.THEORY)
    asked = context.words("Où voulez-vous aller\u00a0?")
    return Dated(value=asked if fresh.observed_at else "", freshness=fresh)


def _info(context: Context, service: Service) -> Glance:
    """Count the notices that hold; without any the service's own words."""
    found = notices_now(context, service)
    if found:
        return Dated(value=fitted(_counted(context, found)), freshness=_oldest(found))
    return Dated(value=fitted(context.words.text(service.intro)), freshness=ABSENT)


def _told(view: str, duty: str) -> Rule:
    """Give a rule that takes the first that fits of the wordings of ``tell_<view>``.

    The view is imported at its first glance: few territories have a sea and mountains.
    """

    def rule(context: Context, service: Service) -> Glance:
        tell: Tell = getattr(import_module(f"ui.views.{view}"), f"tell_{view}")
        wordings, freshness = tell(context, service)
        return Dated(value=fitted(*wordings), freshness=freshness)

    rule.__doc__ = duty
    return rule


RULES: Mapping[str, Rule] = {
    "weather": _told("weather", "Give the next half day's sky, the longest wording first."),
    "observations": _told("observations", "Give the focus, else the only one, else how many."),
    "slopes": _told("slopes", "Give how many runs are open, unless the count is old."),
    "avalanche": _told("avalanche", "Give the risk; without a bulletin that none holds."),
    "bathing": _told("bathing", "Give the focus place's flag, else its water."),
    "tides": _told("tides", "Give the next high water."),
    "departures": _departures,
    "places": _places,
    "agenda": _agenda,
    "cinema": _cinema,
    "menus": _menus,
    "waste": _waste,
    "gauges": _gauges,
    "notices": _notices,
    "steps": _steps,
    "duty": _duty,
    "card": _card,
    "info": _info,
    "walks": _walks,
    "sorting": _sorting,
    "vehicles": _vehicles,
    "itinerary": _itinerary,
}
