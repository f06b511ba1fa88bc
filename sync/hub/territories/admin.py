"""The hub's territories in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from sync.hub.admin import Superusers
from sync.hub.territories.models import Territory


@admin.register(Territory)
class TerritoryAdmin(Superusers):
    """The table of Territory."""

    list_display = ("slug", "name", "epoch", "version")
