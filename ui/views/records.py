"""A service's records with their typed facts, their sources, and the words for none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypeVar, cast

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import KINDS, Place, facts_of
from kiosk.domain.freshness import Dated, Freshness
from kiosk.domain.record import Record
from kiosk.domain.territory import Dataset, Service
from ui.context import Context
from ui.views.exceptions import Exceptions, exceptions_of, place_of
from ui.views.frame import Age, Row, age_of, all_said, worst

LIST_MAX = 60
WRITTEN_AHEAD = ("event", "menu")  # kinds whose ``valid_from`` is when they may be shown
RECORDS_MAX = 2000  # of one dataset whose records are days: showings, menus, collections

K = TypeVar("K", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known(Generic[K]):
    """A record with its facts and its freshness."""

    record: Record
    facts: K
    freshness: Freshness

    @property
    def path(self) -> str:
        """The record as a route's argument: ``<dataset>/<id>``."""
        return f"{self.record.dataset}/{self.record.id}"


def datasets_of(context: Context, service: Service) -> list[Dataset]:
    """Give the service's datasets that the pack declares."""
    there = context.territory.datasets
    return [there[name] for name in service.datasets if name in there]


def records_of(context: Context, service: Service, *, limit: int = LIST_MAX) -> list[Dated[Record]]:
    """Give the records of all the service's datasets, in the datasets' order."""
    return [
        dated
        for dataset in datasets_of(context, service)
        for dated in context.cache.records(dataset.id, dataset.policy, limit=limit)
    ]


def known(
    context: Context, service: Service, kind: type[K], *, limit: int = RECORDS_MAX
) -> list[Known[K]]:
    """Give the service's records of one kind; one whose facts can't be read is left out."""
    right = [one for one in datasets_of(context, service) if KINDS.get(one.kind) is kind]
    read = (context.cache.records(one.id, one.policy, limit=limit) for one in right)
    told = exceptions_of(context) if kind is Place else None
    found = (_known(context, dated, kind, told) for dated in chain.from_iterable(read))
    return list(filter(None, found))


def known_at(context: Context, path: str, kind: type[K]) -> Known[K] | None:
    """Give the record ``<dataset>/<id>``, None when it is absent or of another kind."""
    dataset_id, _, record_id = path.partition("/")
    dataset = context.territory.datasets.get(dataset_id)
    dated = context.cache.record(dataset_id, record_id, dataset.policy) if dataset else None
    return _known(context, dated, kind) if dated else None


def _known(
    context: Context, dated: Dated[Record], kind: type[K], told: Exceptions | None = None
) -> Known[K] | None:
    if KINDS.get(dated.value.kind) is not kind or not _begun(context, dated.value):
        return None
    try:
        if kind is Place:
            facts = cast("K", place_of(context, dated.value, told))
        else:
            facts = facts_of(dated.value, kind)
    except InputRefused:  # a damaged or foreign record must not take the screen with it
        return None
    return Known(record=dated.value, facts=facts, freshness=dated.freshness)


def _begun(context: Context, record: Record) -> bool:
    """Say whether what a town hall writes ahead of its time may be shown already."""
    begins = record.valid_from if record.kind in WRITTEN_AHEAD else None
    return begins is None or begins <= context.clock.now()


def service_of(context: Context, path: str) -> Service | None:
    """Give the first service that shows the dataset of ``<dataset>/<id>``."""
    dataset = path.partition("/")[0]
    return next((one for one in context.territory.services if dataset in one.datasets), None)


def age_of_all(context: Context, found: Sequence[Known[K]]) -> Age:
    """Give the age of the oldest of these records."""
    return age_of(worst([one.freshness for one in found]), context.words)


def nothing_known(context: Context, service: Service | None) -> str:
    """Give the sentence of an empty screen: whom to ask, where to call."""
    phone = (service.phone if service else "") or context.territory.phone
    return context.words(
        "Nous n’avons pas l’information. Demandez à l’accueil, ou appelez le {phone}.", phone=phone
    )


def spoken_list(
    context: Context, service: Service, rows: Sequence[Row], told: str = ""
) -> tuple[str, ...]:
    """Give a list's page aloud: its title, the answer ``told`` where there is one, its rows."""
    empty = (nothing_known(context, service),)
    title = context.words.text(service.title) + "."
    return (title, *filter(None, (told,)), *(all_said(rows) or empty))


def sources(context: Context, service: Service) -> str:
    """Give the attribution that licences ask for."""
    said = dict.fromkeys(f"{d.source} ({d.licence})" for d in datasets_of(context, service))
    return context.words("Source\u00a0: {source}.", source=", ".join(said)) if said else ""
