"""The one environment that refuses every stand-in: virtual cards, simulated payments, test keys."""

from __future__ import annotations

from kiosk.domain.errors import InputRefused

PRODUCTION = "production"  # the value of ALVEOLE_ENV


def refuse_stand_ins(environment: str) -> None:
    """Raise InputRefused where virtual cards and published keys are worth nothing."""
    if environment == PRODUCTION:
        raise InputRefused(
            "virtual cards, their keys and simulated payments are refused in production",
            where="reader",
            todo='set reader = "none", or reader = "pcsc" and payments = "hub", in settings.toml',
        )
