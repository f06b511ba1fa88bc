"""Runs the kiosk: ``alveole run``. Paints first, then opens journal, reader, tray and sync."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtQuick import QQuickWindow

from kiosk.app.clocks import ShiftedClock
from kiosk.app.console import Place, complain
from kiosk.app.container import Kiosk, build
from kiosk.app.display import display_fault
from kiosk.app.first_frame import EarlyEnd, wait_for_first_frame
from kiosk.app.garbage import Sweeper, hurry
from kiosk.app.installed import Installed, SystemClock, installed
from kiosk.app.sync_state import command
from kiosk.app.tray_place import Box, spot_for
from kiosk.domain.errors import InputRefused
from kiosk.ports import Clock
from ui.application import Screen, assumed_px_per_mm, make_application

INCHES_MIN, INCHES_MAX = 6.0, 100.0  # diagonals that a panel may believably tell
WINDOW_SHARE = 0.85  # of the desktop's height, where no size is asked for
PORTRAIT = 9 / 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the command line asks for; ``at`` is ISO 8601, "" the present."""

    demo: bool = False
    windowed: bool = False
    size: tuple[int, int] = (0, 0)
    at: str = ""


def run(place: Place, wish: Wish) -> None:
    """Run the kiosk until it is ended; raises InputRefused when it can't be started."""
    hurry()
    began_s, early = monotonic(), EarlyEnd()
    fault = display_fault(os.environ)
    if fault:
        raise InputRefused(fault, todo="look at every screen with: make tour")
    here = wished(installed(place), wish)
    clock = clock_of(here, wish.at)
    application = make_application()
    kiosk = build(here, clock, environment=os.environ.get("ALVEOLE_ENV", ""))
    try:
        screen = _painted(application, here, kiosk)
        painted_ms = round((monotonic() - began_s) * 1000)
        _start_log(place.data, clock.now(), here.settings.log_level, painted_ms)
        _serve(application, screen, place, kiosk, early)
    finally:
        kiosk.close()
        here.content.close()
        _stop_log()


def wished(here: Installed, wish: Wish) -> Installed:
    """Give the installation with what the command line asks for in place of its settings."""
    settings = here.settings
    width, height = wish.size
    changed = {
        "windowed": settings.windowed or wish.windowed or wish.size != (0, 0),
        "size": f"{width}x{height}" if wish.size != (0, 0) else settings.size,
        "reader": "virtual" if wish.demo else settings.reader,
    }
    import msgspec

    return replace(here, settings=msgspec.structs.replace(settings, **changed))


def clock_of(here: Installed, at: str) -> Clock:
    """Give the clock; ``at`` without an offset is in the territory's zone. Raises InputRefused."""
    if not at:
        return SystemClock()
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as wrong:
        raise InputRefused(
            f"not a moment: {at!r}", where="--at", todo="for example 2026-11-22T10:42"
        ) from wrong
    zone = ZoneInfo(here.pack.territory.timezone)
    return ShiftedClock(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def _start_log(data: Path, now: datetime, level: str, painted_ms: int) -> None:
    """Log to the data folder; a kiosk that can't write there runs without."""
    from kiosk.app import logging as kiosk_logging
    from kiosk.app.lifecycle import log, log_bugs

    try:
        kiosk_logging.start(data / "log", now, level=level)
    except OSError as wrong:
        complain(f"no log is written: {wrong}")
    log_bugs()
    log.info("kiosk.painted", ms=painted_ms)


def _stop_log() -> None:
    from kiosk.app import logging as kiosk_logging
    from kiosk.app.lifecycle import log

    log.info("kiosk.ended")
    kiosk_logging.stop()


def _painted(application: QGuiApplication, here: Installed, kiosk: Kiosk) -> Screen:
    """Open the citizen's window and wait for its first frame."""
    panel = application.primaryScreen()
    size = pixels_of(here, panel)
    accent = here.pack.territory.theme.get("accent", "#ffb81c")
    px_per_mm = px_per_mm_of(here, panel, size)
    screen = Screen(kiosk.app, size=size, px_per_mm=px_per_mm, accent=accent)
    if here.settings.windowed:
        screen.window.show()
    else:
        screen.window.showFullScreen()
    wait_for_first_frame(screen.window)
    return screen


def _serve(
    application: QGuiApplication, screen: Screen, place: Place, kiosk: Kiosk, early: EarlyEnd
) -> None:
    """Begin what waited for the first frame, and live until the end."""
    from kiosk.app.lifecycle import live
    from kiosk.app.supervisor import Supervisor

    supervisor = Supervisor(command(place, _moment(kiosk)), place.data, kiosk.context.clock)
    kiosk.serve()
    kiosk.app.start()
    if kiosk.tray is not None:
        _place_tray(screen, kiosk, screen.window)
    Sweeper(application)
    try:
        live(application, screen.window, supervisor.run, early)
    finally:
        supervisor.stop()
        screen.close()


def _moment(kiosk: Kiosk) -> datetime | None:
    """Give the moment that the sync process must begin at, None for the machine's own."""
    clock = kiosk.context.clock
    return clock.now() if isinstance(clock, ShiftedClock) else None


def pixels_of(here: Installed, panel: QScreen) -> tuple[int, int]:
    """Give the window's size: asked for, the whole panel, or a portrait on the desktop."""
    if here.settings.size:
        return here.settings.pixels
    size = panel.size()
    if not here.settings.windowed:
        return size.width(), size.height()
    height = int(size.height() * WINDOW_SHARE)
    return int(height * PORTRAIT), height


def px_per_mm_of(here: Installed, panel: QScreen, size: tuple[int, int]) -> float:
    """Give the panel's pixels a millimetre: set, told by a full-screen panel, else assumed."""
    if here.settings.px_per_mm:
        return here.settings.px_per_mm
    told = panel.physicalSize()
    inches = float(told.width() ** 2 + told.height() ** 2) ** 0.5 / 25.4
    believed = not here.settings.windowed and INCHES_MIN <= inches <= INCHES_MAX
    return assumed_px_per_mm(*size, inches if believed else 0.0)


def _place_tray(screen: Screen, kiosk: Kiosk, window: QQuickWindow) -> None:
    """Open the demo's tray outside of the citizen's window."""
    assert kiosk.tray is not None, "only the demonstration has a tray"
    tray = screen.open_tray(kiosk.tray)
    panels = [one.availableGeometry() for one in QGuiApplication.screens()]
    boxes = [Box(x=p.x(), y=p.y(), width=p.width(), height=p.height()) for p in panels]
    shown = Box(x=window.x(), y=window.y(), width=window.width(), height=window.height())
    spot = spot_for(boxes, shown, tray.width())
    for name in ("folded", "right", "top"):
        tray.setProperty(name, getattr(spot, name))
    tray.show()
