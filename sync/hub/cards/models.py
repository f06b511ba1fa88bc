"""Loads that wait for their card, and the cards that are lost.

A card is named by its HMAC under the territory's key, never by its number (TRUST.md, "Privacy").
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.columns import Link, MaybeMoment, Moment, Number, Text
from sync.hub.devices.models import Device
from sync.hub.territories.models import NAME_MAX, Territory

CARD_HEX = 32  # the tag of kiosk.store.blocklist


class PendingLoad(models.Model):
    """Money that was paid elsewhere and waits for the card; ``number`` counts by card."""

    territory_id: str
    territory: Link[Territory] = models.ForeignKey(
        Territory, verbose_name=_("territoire"), on_delete=models.PROTECT
    )
    card: Text = models.CharField(_("carte"), max_length=CARD_HEX)
    number: Number = models.PositiveIntegerField(_("numéro"))
    amount_cents: Number = models.PositiveIntegerField(_("montant (centimes)"))
    created_at: Moment = models.DateTimeField(_("payé"))
    loaded_at: MaybeMoment = models.DateTimeField(_("chargé"), null=True, blank=True)

    class Meta:
        verbose_name = _("rechargement en attente")
        verbose_name_plural = _("rechargements en attente")
        ordering: ClassVar[list[str]] = ["card", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["territory", "card", "number"], name="load_number_of_card"
            )
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount_cents}"


class BlockedCard(models.Model):
    """A card that takes no more money."""

    territory_id: str
    territory: Link[Territory] = models.ForeignKey(
        Territory, verbose_name=_("territoire"), on_delete=models.PROTECT
    )
    card: Text = models.CharField(_("carte"), max_length=CARD_HEX)
    since: Moment = models.DateTimeField(_("depuis"))
    reason: Text = models.CharField(_("motif"), max_length=NAME_MAX, blank=True, default="")

    class Meta:
        verbose_name = _("carte bloquée")
        verbose_name_plural = _("cartes bloquées")
        ordering: ClassVar[list[str]] = ["-since"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["territory", "card"], name="blocked_once")
        ]

    def __str__(self) -> str:
        return self.card[:8]


class OwnedTopup(models.Model):
    """Which device asked for a top-up, and the payment that it became ("": none yet)."""

    topup: Text = models.CharField(max_length=NAME_MAX, primary_key=True)
    payment: Text = models.CharField(max_length=NAME_MAX, blank=True, default="", db_index=True)
    device_id: str
    device: Link[Device] = models.ForeignKey(
        Device, verbose_name=_("borne"), on_delete=models.PROTECT
    )

    class Meta:
        verbose_name = _("rechargement")
        verbose_name_plural = _("rechargements")

    def __str__(self) -> str:
        return self.topup
