"""The words of the root keys: what a kiosk's installer compares (sync.enrolment, rule 1)."""

from __future__ import annotations

from kiosk.domain.fingerprint import fingerprint
from sync.hub.datasets.models import SignedManifest
from sync.signing import first_notice


def root_words() -> dict[str, str]:
    """Give the four words of the root key of each territory whose notice is here."""
    signed = SignedManifest.objects.exclude(notice=b"").order_by("territory")
    return {one.territory_id: fingerprint(first_notice(bytes(one.notice)).root) for one in signed}
