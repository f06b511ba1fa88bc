"""The hub's cards in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from sync.hub.admin import Facts
from sync.hub.cards.models import BlockedCard, OwnedTopup, PendingLoad


@admin.register(PendingLoad)
class PendingLoadAdmin(Facts):
    """The table of PendingLoad."""

    list_display = ("territory", "number", "amount_cents", "loaded_at")


@admin.register(BlockedCard)
class BlockedCardAdmin(Facts):
    """The table of BlockedCard."""

    list_display = ("territory", "since")


@admin.register(OwnedTopup)
class OwnedTopupAdmin(Facts):
    """The table of OwnedTopup."""

    list_display = ("topup", "device")
