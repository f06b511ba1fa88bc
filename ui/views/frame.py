"""The values that every screen is made of: frame, age, action, banner, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kiosk.domain.freshness import ABSENT, Freshness, State
from ui.words import Words

# How a line of text stands out; each tone is also said by an icon and by words.
# plain · good (open, on time) · warn (late, old) · bad (closed, cancelled) · muted
Tone = str
SPOKEN_MAX = 8  # rows: nobody listens to a whole list


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """A datum's age in words: a label, a text, an icon and a tone. Built by ``age_of`` alone."""

    label: str
    text: str
    glyph: str
    state: State
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """The screen's one main action: ``route`` opens, ``honey`` is the yellow button."""

    title: str
    detail: str = ""
    glyph: str = ""
    route: str = ""
    argument: str = ""
    honey: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """A message above the content; ``tone`` warn (yellow) or bad (red)."""

    text: str
    glyph: str = "info-circle"
    tone: Tone = "warn"
    route: str = ""
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a list, as the house's RowCard draws it."""

    key: str
    heading: str
    detail: str = ""
    glyph: str = ""
    family: str = "live"
    trailing: str = ""
    unit: str = ""
    state_text: str = ""
    state_glyph: str = ""
    tone: Tone = "muted"
    badge: str = ""
    badge_colour: str = ""
    badge_ink: str = ""
    mark_glyph: str = ""
    section: str = ""
    demo: bool = False
    route: str = ""
    argument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all screens have; ``lead`` is a sentence above the rows.

    ``spoken`` is what the voice says, sentence by sentence; ``private``: only with headphones.
    """

    title: str
    age: Age
    subtitle: str = ""
    lead: str = ""
    action: Action = Action(title="")
    banner: Banner = Banner(text="")
    rows: tuple[Row, ...] = ()
    empty: str = ""
    footnote: str = ""
    spoken: tuple[str, ...] = field(default=())
    private: bool = False


def age_of(freshness: Freshness, words: Words) -> Age:
    """Say how old a datum is and what that means (UX.md, principle 4)."""
    if freshness.observed_at is None or freshness.state is State.ABSENT:
        return Age(
            label=words("pas d’information"),
            text=words("demandez à l’accueil"),
            glyph="question-mark",
            state=State.ABSENT,
            demo=freshness.demo,
        )
    said = {
        State.LIVE: (words("en direct"), "broadcast"),
        State.THEORY: (words("annoncé"), "calendar-time"),
        State.LAST_GOOD: (words("ancien"), "history"),
        State.ABSENT: ("", ""),
    }[freshness.state]
    return Age(
        label=said[0],
        text=words.ago(freshness.age),
        glyph=said[1],
        state=freshness.state,
        demo=freshness.demo,
    )


def marked(row: Row, freshness: Freshness, words: Words) -> Row:
    """Give a row whose own datum may be older than its screen: an old one says so itself."""
    if freshness.state is not State.LAST_GOOD:
        return row
    age = age_of(freshness, words)
    said = joined(row.state_text, age.label, age.text)
    return replace(row, state_text=said, state_glyph=age.glyph, tone="warn")


def no_age() -> Age:
    """Give the age of a screen that shows no datum (comfort, languages, help)."""
    return Age(label="", text="", glyph="", state=State.THEORY)


def worst(freshnesses: list[Freshness]) -> Freshness:
    """Give the oldest of several data's freshness; absent when there is none."""
    order = (State.LIVE, State.THEORY, State.LAST_GOOD, State.ABSENT)
    return max(freshnesses, key=lambda f: (order.index(f.state), f.age), default=ABSENT)


def joined(*parts: str) -> str:
    """Give the parts that say something, with commas."""
    return ", ".join(filter(None, parts))


def said(row: Row) -> str:
    """Give a row as a spoken sentence."""
    figure = f"{row.trailing} {row.unit}".strip()
    parts = (row.badge, row.heading, row.detail, figure, row.state_text)
    return joined(*(part.rstrip(".") for part in parts)) + "."


def all_said(rows: Sequence[Row], most: int = SPOKEN_MAX) -> tuple[str, ...]:
    """Give the first rows as spoken sentences."""
    return tuple(said(row) for row in rows[:most])
