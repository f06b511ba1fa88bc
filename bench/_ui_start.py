"""Starts bench/_ui_probe.py as `alveole run` starts the kiosk: what needs no Qt goes first."""

from __future__ import annotations

from kiosk.app.before_qt import load

if __name__ == "__main__":
    load()
    from bench._ui_probe import main

    main()
