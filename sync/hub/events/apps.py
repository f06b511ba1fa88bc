"""The Django application ``events``."""

from __future__ import annotations

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Names the application."""

    name = "sync.hub.events"
    verbose_name = "Événements"
    default_auto_field = "django.db.models.BigAutoField"
