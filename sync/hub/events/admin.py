"""The hub's events in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from sync.hub.admin import Facts
from sync.hub.events.models import Fork, Photo, Position


@admin.register(Position)
class PositionAdmin(Facts):
    """The table of Position."""

    list_display = ("device", "epoch", "ack")


@admin.register(Fork)
class ForkAdmin(Facts):
    """The table of Fork."""

    list_display = ("device", "epoch", "seq", "seen_at")


@admin.register(Photo)
class PhotoAdmin(Facts):
    """The table of Photo."""

    list_display = ("device", "size", "total", "complete_at")
