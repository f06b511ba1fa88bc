"""The command ``services``: the territory's services with what the hive says of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from kiosk.app.console import Place, place_of, print_json, write
from kiosk.domain.freshness import Dated, Policy, State, judge
from kiosk.domain.territory import Service

if TYPE_CHECKING:
    from ui.context import Context


OWN_WORDS = Policy(stale_s=2 * 365 * 86_400)  # how long a pack's own words may be believed


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine:
    """A service as the command tells it; ``records`` counts all of its datasets."""

    id: str
    title: str
    kind: str
    dataset: str
    records: int
    observed_at: datetime | None
    state: State
    glance: str


def lines_of(context: Context) -> list[ServiceLine]:
    """Give a line for each service of the territory, in the pack's order."""
    from ui.glances import glance

    return [
        line_of(context, service, glance(context, service))
        for service in context.territory.services
    ]


def line_of(context: Context, service: Service, said: Dated[str]) -> ServiceLine:
    """Give the line of one service; what the cell says tells the state, else the first dataset.

    A service without datasets is as old as the pack's own words.
    """
    first = service.datasets[0] if service.datasets else ""
    observed_at = context.cache.observed_at(first) if first else None
    fresh, policy = said.freshness, OWN_WORDS
    if observed_at is None and not first:
        observed_at = written_at(context)
    elif first:
        policy = context.territory.datasets[first].policy
    if fresh.observed_at is None and observed_at is not None:
        fresh = judge(observed_at, context.clock.now(), policy)
    return ServiceLine(
        id=service.id,
        title=context.words.text(service.title),
        kind=service.kind,
        dataset=first,
        records=sum(context.cache.count(dataset) for dataset in service.datasets),
        observed_at=observed_at,
        state=fresh.state,
        glance=said.value,
    )


def written_at(context: Context) -> datetime | None:
    """Give when the pack's own words are of, None when it doesn't say."""
    day, zone = context.territory.dated, ZoneInfo(context.territory.timezone)
    return None if day is None else datetime.combine(day, time(), zone)


def context_at(place: Place, language: str) -> Context:
    """Open what is installed, filled from its pack where nothing was ever imported."""
    from kiosk.app.content import prepare
    from kiosk.app.context import context_of
    from kiosk.app.installed import SystemClock, installed

    here, clock = installed(place), SystemClock()
    prepare(here, clock.now())
    return context_of(here, clock, language)


def catalogue_at(place: Place) -> str:
    """Give the catalogue of the installed territory, as docs/services.md holds it."""
    from kiosk.app.catalogue import catalogue
    from kiosk.app.installed import installed

    return catalogue(installed(place).pack.territory).rstrip("\n")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: alveole services --json")(services)


def services(
    context: typer.Context,
    lang: Annotated[str, typer.Option(help="Language of titles and glances.")] = "fr",
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
    doc: Annotated[bool, typer.Option("--doc", help="The catalogue, as Markdown.")] = False,
) -> None:
    """List the territory's services with what their cells say."""
    if doc:
        write(catalogue_at(place_of(context)))
        return
    lines = lines_of(context_at(place_of(context), lang))
    if json:
        print_json(lines)
        return
    for line in lines:
        write(f"{line.id:16} {line.state:10} {line.records:5}  {line.title}: {line.glance}")
