"""Where the demo's tray stands: outside of the citizen's window, else small at its side."""

from __future__ import annotations

from dataclasses import dataclass

MARGIN_PX = 12
FOLDED_AT = 0.077  # of the window's height: below every head, above every list


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The tray's right and upper edge; ``folded`` where it covers the citizen's window."""

    right: int
    top: int
    folded: bool


def spot_for(screens: list[Box], window: Box, width_px: int) -> Spot:
    """Give the tray's place: beside the window, on another screen, else folded at its edge."""
    wanted = width_px + 2 * MARGIN_PX
    home = next((one for one in screens if _holds(one, window)), window)
    other = next((one for one in screens if one != home), None)
    top, right = max(window.y, home.y), window.x + window.width
    if home.x + home.width - right >= wanted:
        return Spot(right=right + wanted, top=top, folded=False)
    if window.x - home.x >= wanted:
        return Spot(right=window.x - MARGIN_PX, top=top, folded=False)
    if other is not None:
        return Spot(right=other.x + wanted, top=other.y + MARGIN_PX, folded=False)
    edge = min(right, home.x + home.width)
    return Spot(right=edge, top=top + round(window.height * FOLDED_AT), folded=True)


def _holds(screen: Box, window: Box) -> bool:
    inside_x = screen.x <= window.x < screen.x + screen.width
    return inside_x and screen.y <= window.y < screen.y + screen.height
