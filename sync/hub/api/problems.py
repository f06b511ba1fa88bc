"""Declared errors as HTTP says them."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.domain.errors import (
    AlveoleError,
    DeviceRevoked,
    NothingThere,
    Refused,
    SignatureRefused,
    StaffOnly,
    Tampered,
)

STATUSES: Mapping[type[AlveoleError], int] = {
    SignatureRefused: 401,
    DeviceRevoked: 403,
    StaffOnly: 403,
    NothingThere: 404,
}


def status_of(error: AlveoleError) -> int:
    """Give the status of a declared error: 4xx a person or the caller can act, 503 try again."""
    said = STATUSES.get(type(error))
    if said is not None:
        return said
    if isinstance(error, Tampered):
        return 400
    return 422 if isinstance(error, Refused) else 503
