"""Every screen in every language and mode: nothing cut, nothing too small, nothing pale.

EN 301 549 clauses 5.5.1 and 8.3, WCAG 2.2 1.4.3 and 1.4.6; targets and reach are UX.md's.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from kiosk.app.cli import main
from kiosk.app.clocks import StillClock
from kiosk.app.tour import MODES, Stop, stops_of

AT = "2026-11-22T10:42"
TARGET_MM = 12.0
CONTRAST = {"contrast": 7.0}
CONTRAST_ELSEWHERE = 4.5
REACH = 0.4  # in low mode nothing above this share of the height can be touched
SCREENS_LEAST = 12

Picture = dict[str, Any]


def toured(folder: Path, *options: str) -> list[Picture]:
    with pytest.raises(SystemExit) as ended:
        main(["--data", str(folder / "data"), "tour", "--out", str(folder), "--at", AT, *options])
    assert ended.value.code == 0
    pictures: list[Picture] = json.loads((folder / "tour.json").read_text(encoding="utf-8"))
    return pictures


def small(picture: Picture) -> list[str]:
    least = TARGET_MM * picture["px_per_mm"]
    return [t["name"] for t in picture["targets"] if not _big(t, picture, least)]


def _big(target: dict[str, float], picture: Picture, least: float) -> bool:
    """A target that a scrolled list cuts at its edge is as large as its whole self."""
    cut = any(
        abs(target["y"] + target["h"] - other["y"]) < 60 or abs(target["y"] - other["y"]) < 1
        for other in picture["targets"]
        if other is not target
    )
    return target["w"] >= least and (target["h"] >= least or cut)


def faults(pictures: Sequence[Picture]) -> list[str]:
    found: list[str] = []
    for picture in pictures:
        name = picture["file"]
        found += [f"{name}: cut: {text}" for text in picture["truncated"]]
        found += [f"{name}: small: {target}" for target in small(picture)]
        if picture["contrast_min"] < CONTRAST.get(picture["mode"], CONTRAST_ELSEWHERE):
            worst = picture["contrast_worst"]
            found.append(f"{name}: contrast {picture['contrast_min']}: {worst}")
        if picture["mode"] == "low":
            top = REACH * picture["size"][1] - 1
            found += [f"{name}: high: {t['name']}" for t in picture["targets"] if t["y"] < top]
        if not picture["spoken"]:
            found.append(f"{name}: says nothing")
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("mode", MODES)
def test_every_screen_can_be_read_and_reached(tmp_path: Path, language: str, mode: str) -> None:
    pictures = toured(tmp_path, "--lang", language, "--mode", mode)
    assert faults(pictures) == []
    assert len({picture["screen"] for picture in pictures}) >= SCREENS_LEAST


@pytest.mark.parametrize("size", ["1920x1080", "1280x800"])
@pytest.mark.parametrize("mode", ["normal", "large"])
def test_every_screen_fits_a_landscape_panel(tmp_path: Path, size: str, mode: str) -> None:
    pictures = toured(tmp_path, "--lang", "fr", "--mode", mode, "--size", size)
    assert faults(pictures) == []


def test_each_stage_has_a_journal_of_its_own(tmp_path: Path) -> None:
    pictures = toured(tmp_path, "--only", "sale-done,sale-torn")
    assert len(pictures) == 2 * len(MODES) * 2


def test_each_picture_says_what_a_checker_needs(tmp_path: Path) -> None:
    home, steps = toured(tmp_path, "--lang", "fr", "--mode", "normal", "--only", "home,steps")
    assert (home["screen"], steps["screen"]) == ("home", "steps")
    assert home["file"] == "fr-normal-01-home.png"
    assert (tmp_path / home["file"]).stat().st_size > 10_000
    assert (home["lang"], home["mode"], home["size"]) == ("fr", "normal", [1080, 1920])
    assert home["px_per_mm"] > 3
    assert home["first_paint_ms"] > 0
    assert "L’Orne" in home["texts"]
    assert {"Aide", "Chercher"} <= {target["name"] for target in home["targets"]}
    assert home["spoken"].startswith("L’Orne")


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--size", "wide", "wide: not a size in pixels"),
        ("--size", "10x10", "10x10: not a size of a panel"),
        ("--lang", "fr,xx", "xx: no such language"),
        ("--mode", "huge", "huge: no such mode"),
        ("--at", "noon", "noon: not a moment"),
    ],
)
def test_a_wrong_option_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, said: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--data", str(tmp_path), "tour", "--out", str(tmp_path / "out"), option, value])
    line = capsys.readouterr().err
    assert ended.value.code == 2
    assert said in line
    assert line.count("\n") == 1


def test_the_tour_starts_at_home_and_ends_with_the_journeys() -> None:
    stops = stops_of([], [Stop(screen="last")])
    assert stops[0].screen == "home"
    assert stops[-1].screen == "last"


def test_the_tours_clock_stands_until_it_is_moved() -> None:
    from datetime import UTC, datetime

    clock = StillClock(datetime(2026, 11, 22, 9, 42, tzinfo=UTC))
    clock.move(90)
    assert clock.now() == datetime(2026, 11, 22, 9, 43, 30, tzinfo=UTC)
    assert clock.monotonic() == 90
