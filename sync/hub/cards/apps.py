"""The Django application ``cards``."""

from __future__ import annotations

from django.apps import AppConfig


class CardsConfig(AppConfig):
    """Names the application."""

    name = "sync.hub.cards"
    verbose_name = "Cartes"
    default_auto_field = "django.db.models.BigAutoField"
