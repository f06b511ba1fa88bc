"""The record: the envelope in which every datum of a territory travels (SYNC.md, "Connectors")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn, TypeAlias

from kiosk.domain.errors import InputRefused

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Localised: TypeAlias = Mapping[str, str]  # language tag (fr, en …) → text

ID_MAX = 200
POPULARITY_MAX = 100
_NEEDED = ("id", "dataset", "kind", "source", "licence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Geo:
    """A WGS 84 position in degrees."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lon <= 180):  # also refuses NaN
            msg = f"position out of range: {self.lat}, {self.lon}"
            raise InputRefused(msg, todo="give WGS 84 degrees, latitude then longitude")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One datum with all that is needed to show it honestly.

    ``kind`` says what ``data`` holds (see kiosk.domain.facts); ``observed_at`` is when the
    source said so (aware datetime); ``popularity`` 0…100 orders search results; ``demo``
    marks what was made up for the demonstration and is shown as such.
    Raises InputRefused when an invariant is broken.
    """

    id: str
    dataset: str
    kind: str
    title: Localised
    source: str
    licence: str
    observed_at: datetime
    body: Localised = field(default_factory=dict[str, str])
    geo: Geo | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    confidence: float = 1.0
    popularity: int = 0
    demo: bool = False
    data: Mapping[str, Json] = field(default_factory=dict[str, Json])

    def __post_init__(self) -> None:
        needed = (self.id, self.dataset, self.kind, self.source, self.licence)
        if not all(needed):
            self._refuse(f"record without {_NEEDED[needed.index('')]}")
        if len(self.id) > ID_MAX or not any(self.title.values()):
            self._refuse("record with an over-long id or without a title")
        if _naive(self.observed_at) or _naive(self.valid_from) or _naive(self.valid_until):
            self._refuse("record with a time without offset")
        if not (0 <= self.confidence <= 1 and 0 <= self.popularity <= POPULARITY_MAX):
            self._refuse("record with confidence outside 0…1 or popularity outside 0…100")

    def _refuse(self, why: str) -> NoReturn:
        raise InputRefused(why, where=self.id[:ID_MAX])


def _naive(moment: datetime | None) -> bool:
    return moment is not None and moment.tzinfo is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """An item of a feed that could not become a record: ``where`` in the input, and ``why``."""

    where: str
    why: str


def text_in(texts: Localised, language: str) -> tuple[str, str]:
    """Give (text, its language): the language asked for, else French, else the first one."""
    for tag in (language, "fr", *texts):
        if texts.get(tag):
            return texts[tag], tag
    return "", language
