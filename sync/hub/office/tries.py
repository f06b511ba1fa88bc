"""The lock on guessing: so many tries a name, then a pause.

Rules:
1. A try is counted before it is judged, so that tries at the same moment don't slip by.
2. A password and a code are a try each; only a whole sign-in clears the count.
3. After TRIES_MAX tries the name is locked until PAUSE has passed since the last one.
4. A name that nobody bears is counted alike: the lock tells nothing about who has an account.
5. Names share 65 536 buckets: strangers' names can't fill the table.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Final

from django.db import transaction

from sync.hub.here import Here
from sync.hub.office.models import Tries

TRIES_MAX: Final = 8
PAUSE: Final = timedelta(minutes=15)


def taken(hub: Here, name: str) -> bool:
    """Take one try for a name; False while it is locked."""
    now = hub.clock.now()
    with transaction.atomic():
        row, _ = Tries.objects.select_for_update().get_or_create(
            bucket=_bucket(name), defaults={"last_at": now}
        )
        if now - row.last_at >= PAUSE:
            row.count = 0
        if row.count >= TRIES_MAX:
            return False
        row.count, row.last_at = row.count + 1, now
        row.save()
    return True


def cleared(name: str) -> None:
    """Forget a name's tries: its person has signed in."""
    Tries.objects.filter(bucket=_bucket(name)).delete()


def _bucket(name: str) -> str:
    return hashlib.sha256(name.casefold().encode()).hexdigest()[:4]
