"""The Django application ``cardkeys``."""

from __future__ import annotations

from django.apps import AppConfig


class CardkeysConfig(AppConfig):
    """Names the application."""

    name = "sync.hub.cardkeys"
    verbose_name = "Clés des cartes"
    default_auto_field = "django.db.models.BigAutoField"
