"""The eight points of the compass in words, for winds and slopes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ui.context import Context
from ui.views.frame import joined
from ui.words import N_

POINTS: Mapping[str, str] = {
    "N": N_("nord"),
    "NE": N_("nord-est"),
    "E": N_("est"),
    "SE": N_("sud-est"),
    "S": N_("sud"),
    "SW": N_("sud-ouest"),
    "W": N_("ouest"),
    "NW": N_("nord-ouest"),
}


def points(context: Context, aspects: Iterable[str]) -> str:
    """Give « nord, nord-est », in the order of the compass."""
    named = set(aspects)
    return joined(*(context.words(name) for key, name in POINTS.items() if key in named))
