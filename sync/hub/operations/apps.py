"""The Django application ``operations``."""

from __future__ import annotations

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Names the application."""

    name = "sync.hub.operations"
    verbose_name = "Exploitation"
    default_auto_field = "django.db.models.BigAutoField"
