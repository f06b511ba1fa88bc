"""The hub's audit in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from sync.hub.admin import Facts
from sync.hub.audit.models import Entry


@admin.register(Entry)
class EntryAdmin(Facts):
    """The table of Entry."""

    list_display = ("at", "actor", "action", "territory", "subject")
