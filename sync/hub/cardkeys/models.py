"""A territory's card keys as the database has them: sealed, so that tables and backups hold none.

No page shows this table, Django's admin neither.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.columns import Bytes, Link, Moment, Number
from sync.hub.territories.models import Territory


class CardKeys(models.Model):
    """One territory's keys under ``hub-card.key``; ``edition`` counts their changes."""

    territory_id: str
    territory: Link[Territory] = models.OneToOneField(
        Territory, verbose_name=_("territoire"), on_delete=models.PROTECT, primary_key=True
    )
    edition: Number = models.PositiveIntegerField(_("édition"))
    sealed: Bytes = models.BinaryField()
    changed_at: Moment = models.DateTimeField(_("changées"))

    class Meta:
        verbose_name = _("clés des cartes")
        verbose_name_plural = _("clés des cartes")
        ordering: ClassVar[list[str]] = ["territory"]

    def __str__(self) -> str:
        return f"{self.territory_id}: {self.edition}"
