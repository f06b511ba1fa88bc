"""Says whether a window can be opened here, before Qt is asked: Qt aborts when it can't."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

X_SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108  # the X server's own folder
PROBE_S = 1.0


def display_fault(environment: Mapping[str, str], sockets: Path = X_SOCKETS) -> str:
    """Give why no window can be opened, "" when one probably can."""
    if environment.get("QT_QPA_PLATFORM") or environment.get("WAYLAND_DISPLAY"):
        return ""
    display = environment.get("DISPLAY", "")
    if not display:
        return "no display here: DISPLAY, WAYLAND_DISPLAY and QT_QPA_PLATFORM are not set"
    host, _, number = display.rpartition(":")
    number = number.partition(".")[0]
    if host not in {"", "unix"} or not number.isdecimal():
        return ""  # another machine's: only trying tells
    return "" if _answers(sockets / f"X{number}") else f"the display {display} doesn't answer"


def _answers(path: Path) -> bool:
    """Whether an X server listens at its socket, in the file system or abstract."""
    for address in (str(path), f"\0{path}"):
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(PROBE_S)
            try:
                probe.connect(address)
            except OSError:
                continue
            return True
    return False
