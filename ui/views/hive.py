"""The home screen: the hive of cells with their live glances, alerts above."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import HiveOrder, facts_of
from kiosk.domain.freshness import ABSENT, Policy, State, judge
from kiosk.domain.hive_layout import LAYOUT
from kiosk.domain.territory import Service
from ui.context import Context
from ui.glances import glance
from ui.views.frame import Action, Age, Banner, Frame, age_of
from ui.views.moments import labelled, until
from ui.views.notices import LEVELS, all_notices, announced, gravity, topic_of

UPDATED_STALE_S = 86_400
BAD_FROM = LEVELS.index("orange")
FIRST_CELLS = 16  # a portrait panel's first page has 14; the others follow the first frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: what it is called, what it says, what it opens."""

    key: str
    name: str
    glimpse: str
    glyph: str
    family: str
    stale: bool = False
    demo: bool = False
    route: str = ""
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HiveFrame(Frame):
    """The home screen's frame with its cells."""

    cells: tuple[Cell, ...] = ()
    clock: str = ""
    day: str = ""


def build_hive(context: Context, _argument: str = "", *, whole: bool = True) -> HiveFrame:
    """Give the hive in its order.

    Not ``whole``: the cells after the FIRST_CELLS bear their names and tell nothing yet.
    """
    words = context.words
    territory = context.territory
    services = shown_services(context)
    first = len(services) if whole else FIRST_CELLS
    cells = (
        *(_cell(context, service) for service in services[:first]),
        *(_named(context, service) for service in services[first:]),
    )
    newest = [context.cache.observed_at(d.id) for d in territory.datasets.values()]
    seen = max((moment for moment in newest if moment is not None), default=None)
    banner = _alert(context)
    return HiveFrame(
        title=words.text(territory.name),
        subtitle=words.text(territory.host),
        age=_updated(context, seen),
        banner=banner,
        cells=cells,
        clock=words.clock(context.here_now()),
        day=words.day(context.here_now().date()),
        action=Action(
            title=words("Posez votre carte ici"),
            detail=words("Solde, recharge, entrées, prêts"),
            glyph="nfc",
            route="card",
        ),
        spoken=(
            words(
                "{place}. Touchez une alvéole ou posez votre carte.",
                place=words.text(territory.name),
            ),
            *((banner.text + ".",) if banner.text else ()),
            *(labelled(context, cell.name, cell.glimpse) + "." for cell in cells),
        ),
    )


def shown_services(context: Context) -> list[Service]:
    """Give what the hive shows, in the order that the hub's layout says, else in the pack's.

    Of a layout services that this pack doesn't know are left out. One that names a service twice,
    or none that is known, is wrong: the pack's order (row, then column) holds.
    """
    packed = sorted(context.territory.services, key=lambda one: one.cell)
    told = context.cache.record(LAYOUT, LAYOUT, Policy())
    try:
        order = facts_of(told.value, HiveOrder).services if told else ()
    except InputRefused:
        return packed
    by_id = {one.id: one for one in packed}
    known = [by_id[name] for name in order if name in by_id]
    return known if known and len(set(order)) == len(order) else packed


def _cell(context: Context, service: Service) -> Cell:
    said = glance(context, service)
    known = bool(said.value)
    return replace(
        _named(context, service),
        glimpse=said.value if known else context.words("Demandez à l’accueil"),
        stale=known and said.freshness.state is State.LAST_GOOD,
        demo=said.freshness.demo,
    )


def _named(context: Context, service: Service) -> Cell:
    return Cell(
        key=service.id,
        name=context.words.text(service.title),
        glimpse="",
        glyph=service.icon,
        family=service.family,
        route=service.kind,
        argument=service.id,
    )


def _updated(context: Context, seen: datetime | None) -> Age:
    """Say when the kiosk last received anything at all."""
    if seen is None:
        return age_of(ABSENT, context.words)
    policy = Policy(live_s=0, stale_s=UPDATED_STALE_S)
    age = age_of(
        judge(seen, context.clock.now(), policy, demo=context.territory.demo), context.words
    )
    return (
        age
        if age.state is State.LAST_GOOD
        else replace(age, label=context.words("À jour"), glyph="check")
    )


def _alert(context: Context) -> Banner:
    """Give the gravest alert that holds now, an empty banner when there is none."""
    told = [one for _, one in all_notices(context)]
    one = max(told, key=lambda one: (gravity(one), one.record.popularity), default=None)
    if one is None or not gravity(one):
        return Banner(text="")
    ends, title = one.record.valid_until, announced(context, one)
    return Banner(
        text=f"{title}, {until(context, ends)}" if ends else title,
        glyph=topic_of(one),
        tone="bad" if gravity(one) >= BAD_FROM else "warn",
        route="notice",
        argument=one.path,
    )
