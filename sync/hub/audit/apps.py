"""The Django application ``audit``."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Names the application."""

    name = "sync.hub.audit"
    verbose_name = "Journal des actes"
    default_auto_field = "django.db.models.BigAutoField"
