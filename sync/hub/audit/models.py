"""The audit log: one line an act, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.audit.words import words_of
from sync.hub.columns import Data, Moment, Text
from sync.hub.territories.models import SLUG_MAX

ACTOR_MAX, SUBJECT_MAX = 150, 200


class Entry(models.Model):
    """Who did what to what; ``territory`` "" is the hub itself. Holds no citizen's data."""

    at: Moment = models.DateTimeField(_("quand"), db_index=True)
    actor: Text = models.CharField(_("qui"), max_length=ACTOR_MAX)
    action: Text = models.CharField(_("acte"), max_length=SLUG_MAX)
    territory: Text = models.CharField(
        _("territoire"), max_length=SLUG_MAX, blank=True, default="", db_index=True
    )
    subject: Text = models.CharField(_("objet"), max_length=SUBJECT_MAX)
    details: Data = models.JSONField(_("détails"), default=dict, blank=True)

    class Meta:
        verbose_name = _("acte")
        verbose_name_plural = _("journal des actes")
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

    @property
    def words(self) -> str:
        """The act in words."""
        return words_of(self.action)
