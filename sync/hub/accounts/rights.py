"""Who may do what: actions by role, in the territory of the role alone.

Rules:
1. A right is held in a territory; a role elsewhere gives nothing here.
2. An account that is not active has no right; a superuser has all.
3. What isn't in the table is allowed to nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sync.hub.accounts.models import Membership, Role, User


class Action(StrEnum):
    """What the back office and its API can do."""

    SEE_FLEET = "see_fleet"
    ENROL = "enrol"
    REVOKE = "revoke"
    WRITE = "write"
    PUBLISH = "publish"
    AUDIT = "audit"
    BLOCK_CARD = "block_card"
    REFUND = "refund"
    EVENTS = "events"
    CLOSINGS = "closings"
    REPORTS = "reports"
    STATISTICS = "statistics"


RIGHTS: Mapping[Action, frozenset[Role]] = {
    Action.SEE_FLEET: frozenset(Role),
    Action.ENROL: frozenset({Role.TECHNICIAN, Role.ADMINISTRATOR}),
    Action.REVOKE: frozenset({Role.TECHNICIAN, Role.ADMINISTRATOR}),
    Action.WRITE: frozenset({Role.AGENT, Role.EDITOR, Role.ADMINISTRATOR}),
    Action.PUBLISH: frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
    Action.AUDIT: frozenset({Role.ADMINISTRATOR}),
    Action.BLOCK_CARD: frozenset({Role.AGENT, Role.REGISSEUR}),
    Action.REFUND: frozenset({Role.REGISSEUR}),
    Action.EVENTS: frozenset({Role.TECHNICIAN, Role.ADMINISTRATOR}),
    Action.CLOSINGS: frozenset({Role.REGISSEUR, Role.ADMINISTRATOR}),
    Action.REPORTS: frozenset({Role.AGENT, Role.ADMINISTRATOR}),
    Action.STATISTICS: frozenset(Role),
}


def may(user: User, action: Action, territory: str) -> bool:
    """Say whether ``user`` may do ``action`` in ``territory``."""
    if not user.is_active:
        return False
    if user.is_superuser:
        return True
    return Membership.objects.filter(
        user=user, territory=territory, role__in=RIGHTS[action]
    ).exists()
