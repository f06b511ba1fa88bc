"""The one environment that refuses every stand-in: virtual cards, simulated payments, test keys."""

from __future__ import annotations

PRODUCTION = "production"  # the value of ALVEOLE_ENV
