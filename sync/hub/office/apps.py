"""The Django application ``office``."""

from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Names the application."""

    name = "sync.hub.office"
    verbose_name = "Gestion"
    default_auto_field = "django.db.models.BigAutoField"
