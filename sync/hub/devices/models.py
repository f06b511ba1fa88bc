"""Devices, the enrolments that wait for an answer, and the nonces that were used."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.accounts.models import User
from sync.hub.columns import Data, Link, MaybeLink, MaybeMoment, Moment, Text
from sync.hub.territories.models import NAME_MAX, Territory

ID_MAX, KIOSK_MAX, KEY_HEX_MAX, CODE_MAX = 32, 8, 200, 16


class Algorithm(models.TextChoices):
    """How a device signs; pinned at its enrolment (TPMs know P-256 only)."""

    ED25519 = "ed25519"
    P256 = "ecdsa-p256-sha256"


class Device(models.Model):
    """A kiosk that was let in; a revoked one is kept, and refused.

    ``public_key`` is hex: 32 raw bytes (Ed25519) or an uncompressed point (P-256).
    """

    id: Text = models.CharField(_("identifiant"), max_length=ID_MAX, primary_key=True)
    territory_id: str
    territory: Link[Territory] = models.ForeignKey(
        Territory, verbose_name=_("territoire"), on_delete=models.PROTECT, related_name="devices"
    )
    name: Text = models.CharField(_("nom de la borne"), max_length=KIOSK_MAX)
    place: Text = models.CharField(_("lieu"), max_length=NAME_MAX, blank=True, default="")
    algorithm: Text = models.CharField(
        _("algorithme"), max_length=32, choices=Algorithm, default=Algorithm.ED25519
    )
    public_key: Text = models.CharField(_("clé publique"), max_length=KEY_HEX_MAX, unique=True)
    approved_at: Moment = models.DateTimeField(_("admise"))
    approved_by: MaybeLink[User] = models.ForeignKey(
        User, verbose_name=_("admise par"), null=True, blank=True, on_delete=models.PROTECT
    )
    revoked_at: MaybeMoment = models.DateTimeField(_("révoquée"), null=True, blank=True)
    licence_until: Moment = models.DateTimeField(_("licence jusqu’au"))
    seen_at: MaybeMoment = models.DateTimeField(_("dernier contact"), null=True, blank=True)
    health: Data = models.JSONField(_("état"), default=dict, blank=True)

    class Meta:
        verbose_name = _("borne")
        verbose_name_plural = _("bornes")
        ordering: ClassVar[list[str]] = ["territory", "name"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["territory", "name"],
                condition=models.Q(revoked_at=None),
                name="living_name_of_territory",
            )
        ]

    def __str__(self) -> str:
        return f"{self.territory_id}/{self.name}"


class Enrolment(models.Model):
    """A kiosk that asks to be let in; its ``device_code`` is kept as SHA-256 (hex) only."""

    device_code: Text = models.CharField(max_length=64, primary_key=True)
    user_code: Text = models.CharField(_("code"), max_length=CODE_MAX, unique=True)
    territory_id: str
    territory: Link[Territory] = models.ForeignKey(
        Territory, verbose_name=_("territoire"), on_delete=models.CASCADE
    )
    name: Text = models.CharField(_("nom de la borne"), max_length=KIOSK_MAX)
    algorithm: Text = models.CharField(_("algorithme"), max_length=32, choices=Algorithm)
    public_key: Text = models.CharField(_("clé publique"), max_length=KEY_HEX_MAX)
    created_at: Moment = models.DateTimeField(_("demandée"))
    expires_at: Moment = models.DateTimeField(_("expire"))
    polled_at: MaybeMoment = models.DateTimeField(null=True, blank=True)
    refused_at: MaybeMoment = models.DateTimeField(_("refusée"), null=True, blank=True)
    device_id: str | None
    device: MaybeLink[Device] = models.ForeignKey(
        Device, verbose_name=_("borne"), null=True, blank=True, on_delete=models.CASCADE
    )

    class Meta:
        verbose_name = _("demande d’admission")
        verbose_name_plural = _("demandes d’admission")
        ordering: ClassVar[list[str]] = ["created_at"]

    def __str__(self) -> str:
        return self.user_code


class Nonce(models.Model):
    """A nonce that a device has used: SHA-256 (hex) of the device and the nonce."""

    digest: Text = models.CharField(max_length=64, primary_key=True)
    until: Moment = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("nonce")
        verbose_name_plural = _("nonces")

    def __str__(self) -> str:
        return self.digest
