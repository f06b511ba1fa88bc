"""A choice among a few: a switch or an option, its state said in words and by an icon."""

from __future__ import annotations

from dataclasses import dataclass

from ui.views.frame import Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One large button; ``chosen`` is also said by ``state_text`` and ``state_glyph``."""

    key: str
    heading: str
    detail: str = ""
    glyph: str = ""
    chosen: bool = False
    state_text: str = ""
    state_glyph: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicesFrame(Frame):
    """A frame whose content is choices."""

    choices: tuple[Choice, ...] = ()


def said(choice: Choice) -> str:
    """Give a choice as a spoken sentence."""
    parts = (choice.heading, choice.detail.rstrip("."), choice.state_text)
    return ", ".join(part for part in parts if part) + "."
