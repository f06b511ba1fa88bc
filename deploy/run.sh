#!/usr/bin/env bash
# Starts the kiosk's demo; without a display says so and offers the tour.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ -z "${DISPLAY:-}" && -z "${WAYLAND_DISPLAY:-}" && -z "${QT_QPA_PLATFORM:-}" ]]; then
    echo "make: no display here. Set DISPLAY, WAYLAND_DISPLAY or QT_QPA_PLATFORM," \
        "or look at every screen with: make tour" >&2
    exit 1
fi
# Python keeps what it compiles: the next start is a third faster
PYTHONDONTWRITEBYTECODE='' exec .venv/bin/alveole run
