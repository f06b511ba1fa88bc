"""Cards and a reader made of software: for the demo, loudly marked, and for tests."""

from __future__ import annotations

# No secret: it stands for the territory's key where there are only virtual cards.
DEMO_CARD_KEY = b"alveole demo: virtual cards only"
