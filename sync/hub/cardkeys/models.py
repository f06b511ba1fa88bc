"""A territory's card keys as the database has them: sealed, so that tables and backups hold none.

No page shows their table, Django's admin neither.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.columns import Bytes, Link, Moment, Number, Text
from sync.hub.devices.models import Device
from sync.hub.territories.models import NAME_MAX, Territory

TAG_HEX = 32


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


class RelayedLoad(models.Model):
    """Which card a payment's load was bound to, by the first relay that began to write it."""

    topup: Text = models.CharField(max_length=NAME_MAX, primary_key=True)
    device_id: str
    device: Link[Device] = models.ForeignKey(
        Device, verbose_name=_("borne"), on_delete=models.PROTECT
    )
    card: Text = models.CharField(_("carte"), max_length=TAG_HEX)
    number: Number = models.PositiveIntegerField(_("numéro"))
    amount_cents: Number = models.PositiveIntegerField(_("montant (centimes)"))
    begun_at: Moment = models.DateTimeField(_("commencé"))

    class Meta:
        verbose_name = _("rechargement relayé")
        verbose_name_plural = _("rechargements relayés")
        ordering: ClassVar[list[str]] = ["-begun_at"]

    def __str__(self) -> str:
        return self.topup
