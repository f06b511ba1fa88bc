"""Relayed loads in Django's admin; the table of the keys is in no page."""

from __future__ import annotations

from django.contrib import admin

from sync.hub.admin import Facts
from sync.hub.cardkeys.models import RelayedLoad


@admin.register(RelayedLoad)
class RelayedLoadAdmin(Facts):
    """The table of RelayedLoad."""

    list_display = ("topup", "device", "number", "amount_cents", "begun_at")
