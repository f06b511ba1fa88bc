"""The comfort choices of one visit."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Comfort:
    """What the citizen asked for; forgotten at the end of the visit.

    ``large`` text, strong ``contrast``, ``low`` reach (lower 60 % of the panel), ``keys``
    (a keyboard or keypad drives, focus is always shown), ``slow`` (longer times).
    """

    large: bool = False
    contrast: bool = False
    low: bool = False
    keys: bool = False
    slow: bool = False

    def toggled(self, name: str) -> Comfort:
        """Give the choices with ``name`` the other way round; unknown names change nothing."""
        if name not in self.__dataclass_fields__:
            return self
        return replace(self, **{name: not getattr(self, name)})

    @classmethod
    def of(cls, mode: str) -> Comfort:
        """Give the choices of a tour's mode: normal, large, contrast, low."""
        return cls() if mode == "normal" else cls().toggled(mode)
