"""The tour: renders every screen in every language and mode, and says what it sees.

The pictures are looked at by people; the measures (cut text, targets, contrast) by tests.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from kiosk.domain.role import Role
from kiosk.domain.territory import Service

if TYPE_CHECKING:
    from kiosk.app.tour_stage import Stage

MODES = ("normal", "contrast", "large", "low")
TOOLS = ("search", "comfort", "languages", "help", "attract")
FOLLOW = "follow"  # in place of a route: open what the screen's first row opens

Step = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One picture: its name ("": the route it ends on) and what leads there from home.

    ``role`` is that of the device whose screen it is.
    """

    screen: str
    role: Role = "kiosk"
    steps: tuple[Step, ...] = ()
    play: Callable[[Stage], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to render: folder, panel in pixels, languages, modes, names (none: all screens)."""

    out: Path
    size: tuple[int, int]
    languages: tuple[str, ...]
    modes: tuple[str, ...]
    only: tuple[str, ...] = ()


def stops_of(services: Sequence[Service], journeys: Sequence[Stop] = ()) -> list[Stop]:
    """Give the stops: home, each kind of service with its first detail, the tools, journeys."""
    kinds: dict[str, Service] = {}
    for service in services:
        kinds.setdefault(service.kind, service)
    lists = [Stop(screen=kind, steps=((kind, one.id),)) for kind, one in kinds.items()]
    # places first: the pool shows a place better than a car park does
    opened = sorted(lists, key=lambda stop: stop.screen != "places")
    details = [Stop(screen="", steps=(*stop.steps, (FOLLOW, ""))) for stop in opened]
    tools = [Stop(screen=name, steps=((name, ""),)) for name in TOOLS]
    return [Stop(screen="home"), *lists, *details, *tools, *journeys]


def render(
    wish: Wish, stops: Sequence[Stop], make: Callable[[str, str, Role], Stage]
) -> Iterator[str]:
    """Render each stop in each language and mode; gives each file's name when it is written.

    ``make`` gives a fresh stage for a language, a mode and a role. ``tour.json`` is written at the
    end.
    Raises OSError when the folder can't be written.
    """
    wish.out.mkdir(parents=True, exist_ok=True)
    pictures: list[dict[str, object]] = []
    for language in wish.languages:
        for mode in wish.modes:
            seen: set[str] = set()
            roles: list[Role] = list(dict.fromkeys([stop.role for stop in stops]))
            for role in roles:
                own = [stop for stop in stops if stop.role == role]
                with closing(make(language, mode, role)) as stage:
                    for picture in _pictures(stage, wish, own, (language, mode, seen)):
                        pictures.append(picture)
                        yield str(picture["file"])
    text = json.dumps(pictures, ensure_ascii=False, indent=1)
    aside = wish.out / f"tour.json.{os.getpid()}"
    aside.write_text(text, encoding="utf-8")
    aside.replace(wish.out / "tour.json")


def _pictures(
    stage: Stage, wish: Wish, stops: Sequence[Stop], key: tuple[str, str, set[str]]
) -> Iterator[dict[str, object]]:
    """Give the pictures of one stage; ``key``: language, mode, and the screens seen before."""
    language, mode, seen = key
    for stop in stops:
        started = perf_counter()
        screen = _go(stage, stop)
        if screen in seen or (wish.only and screen not in wish.only):
            continue
        seen.add(screen)
        file = f"{language}-{mode}-{len(seen):02d}-{screen}.png"
        image = stage.grab()
        painted_ms = (perf_counter() - started) * 1000
        image.save(str(wish.out / file))
        look = asdict(stage.look(image))
        yield {
            "file": file,
            "screen": screen,
            "lang": language,
            "mode": mode,
            "size": list(wish.size),
            "px_per_mm": round(stage.px_per_mm, 3),
            "first_paint_ms": round(painted_ms, 1),
            **look,
            "spoken": stage.spoken(),
        }


def _go(stage: Stage, stop: Stop) -> str:
    """Walk to a stop from a clean home; gives the name of the screen that is reached."""
    stage.reset()
    for route, argument in stop.steps:
        if route == FOLLOW:
            stage.follow()
        else:
            stage.show(route, argument)
    if stop.play is not None:
        stop.play(stage)
    return stop.screen or stage.route
