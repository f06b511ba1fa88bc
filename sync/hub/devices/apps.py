"""The Django application ``devices``."""

from __future__ import annotations

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    """Names the application."""

    name = "sync.hub.devices"
    verbose_name = "Bornes"
    default_auto_field = "django.db.models.BigAutoField"
