"""The sorts of content: where each goes, and the records that a content becomes.

Rules:
1. A sort has a dataset of its own, that no feed fills: hand and feed never overwrite each other.
   A service of the pack names both, where both are there.
2. Facts are built by the structs of ``kiosk.domain.facts``: what is published can be read.
3. A record's id is the content's, so that a new revision replaces the old one. A meal's id is
   the canteen's and the day's: of two files that tell the same meal the later one counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar, cast

import msgspec

from kiosk.domain.facts import Event, Notice, Opening, data_of
from kiosk.domain.record import Json, Localised, Record
from sync.hub.office.models import Content, Kind

LICENCE: Final = "Licence Ouverte 2.0"
Facts = TypeVar("Facts", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One record of a content: its id, what it is called, its facts."""

    id: str
    title: str
    data: dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A sort of content: its word in addresses, its dataset, its pieces."""

    slug: str
    kind: Kind
    dataset: str
    title: Localised
    pieces: Callable[[Content], Iterator[Piece]]


def records_of(content: Content, now: datetime) -> list[Record]:
    """Give a content as the kiosks read it."""
    sort = SORTS[Kind(content.kind)]
    return [
        Record(
            id=piece.id,
            dataset=sort.dataset,
            kind=str(content.kind),
            title={"fr": piece.title},
            body={"fr": content.body} if content.body else {},
            source=content.territory.name,
            licence=LICENCE,
            observed_at=now,
            valid_from=content.valid_from,
            valid_until=content.valid_until,
            demo=content.territory.demo,
            data=piece.data,
        )
        for piece in sort.pieces(content)
    ]


def _one(facts: type[Facts]) -> Callable[[Content], Iterator[Piece]]:
    """Make the rule of the sorts that are one record each."""

    def pieces(content: Content) -> Iterator[Piece]:
        told = msgspec.convert(content.data, facts)
        number = f"{SORTS[Kind(content.kind)].slug}-{content.pk}"
        yield Piece(id=number, title=content.title, data=data_of(told))

    return pieces


def _meals(content: Content) -> Iterator[Piece]:
    for meal in cast("list[dict[str, Any]]", content.data.get("meals", [])):
        yield Piece(id=meal["id"], title=meal["title"], data=meal["data"])


SORTS: Final[Mapping[Kind, Sort]] = {
    one.kind: one
    for one in (
        Sort(
            slug="annonce",
            kind=Kind.NOTICE,
            dataset="annonces",
            title={"fr": "Annonces", "en": "Announcements"},
            pieces=_one(Notice),
        ),
        Sort(
            slug="rendez-vous",
            kind=Kind.EVENT,
            dataset="rendez-vous",
            title={"fr": "Rendez-vous", "en": "Events"},
            pieces=_one(Event),
        ),
        Sort(
            slug="horaire",
            kind=Kind.OPENING,
            dataset="horaires-exceptionnels",
            title={"fr": "Horaires exceptionnels", "en": "Exceptional hours"},
            pieces=_one(Opening),
        ),
        Sort(
            slug="menus",
            kind=Kind.MENU,
            dataset="menus",
            title={"fr": "Menus", "en": "Menus"},
            pieces=_meals,
        ),
    )
}
BY_SLUG: Final[Mapping[str, Sort]] = {one.slug: one for one in SORTS.values()}
