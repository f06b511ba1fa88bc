"""What a search gives back."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.record import Localised


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One result: the record, the dataset it lies in, and a score (higher is better)."""

    id: str
    dataset: str
    kind: str
    title: Localised
    snippet: Localised
    score: float
    demo: bool
