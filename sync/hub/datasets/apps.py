"""The Django application ``datasets``."""

from __future__ import annotations

from django.apps import AppConfig


class DatasetsConfig(AppConfig):
    """Names the application."""

    name = "sync.hub.datasets"
    verbose_name = "Données"
    default_auto_field = "django.db.models.BigAutoField"
