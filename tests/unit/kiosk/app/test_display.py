"""Whether a window can be opened is known before Qt is asked."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from kiosk.app.display import display_fault


def test_without_any_display_it_says_what_is_missing(tmp_path: Path) -> None:
    assert "DISPLAY, WAYLAND_DISPLAY and QT_QPA_PLATFORM" in display_fault({}, tmp_path)


@pytest.mark.parametrize(
    "environment",
    [
        {"QT_QPA_PLATFORM": "offscreen"},
        {"WAYLAND_DISPLAY": "wayland-0"},
        {"DISPLAY": "elsewhere:0"},
        {"DISPLAY": ":nonsense"},
    ],
)
def test_what_only_qt_can_try_is_left_to_it(environment: dict[str, str], tmp_path: Path) -> None:
    assert display_fault(environment, tmp_path) == ""


@pytest.mark.parametrize("display", [":9", ":9.0", "unix:9"])
def test_a_display_that_nobody_serves_is_told(tmp_path: Path, display: str) -> None:
    assert display_fault({"DISPLAY": display}, tmp_path) == f"the display {display} doesn't answer"


def test_a_socket_that_nobody_listens_to_doesn_t_answer(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "X9"))
    assert display_fault({"DISPLAY": ":9"}, tmp_path) != ""


def test_a_display_that_listens_will_do(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "X9"))
        server.listen()
        assert display_fault({"DISPLAY": ":9.0"}, tmp_path) == ""


def test_an_abstract_socket_will_do(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0{tmp_path / 'X9'}")
        server.listen()
        assert display_fault({"DISPLAY": ":9"}, tmp_path) == ""
