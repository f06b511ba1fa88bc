"""The Django application ``territories``."""

from __future__ import annotations

from django.apps import AppConfig


class TerritoriesConfig(AppConfig):
    """Names the application."""

    name = "sync.hub.territories"
    verbose_name = "Territoires"
    default_auto_field = "django.db.models.BigAutoField"
