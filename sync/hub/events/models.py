"""Events as they came, how far each kiosk's are acknowledged, and citizens' photos."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.columns import Bytes, Link, MaybeMoment, Moment, Number, Text
from sync.hub.devices.models import Device

KIND_MAX, EPOCH_MAX, CODE_MAX, DIGEST_HEX = 64, 64, 64, 64


class Event(models.Model):
    """One event of a kiosk's outbox; ``code`` says why it was rejected, "" when it wasn't.

    The primary key is the event's identity: sent twice it is stored once (SYNC.md, rule 8).
    """

    pk = models.CompositePrimaryKey("device_id", "epoch", "seq")
    device_id: str
    device: Link[Device] = models.ForeignKey(
        Device, on_delete=models.PROTECT, related_name="events"
    )
    epoch: Text = models.CharField(max_length=EPOCH_MAX)
    seq: Number = models.PositiveBigIntegerField()
    kind: Text = models.CharField(max_length=KIND_MAX, db_index=True)
    digest: Text = models.CharField(max_length=DIGEST_HEX)
    body: Bytes = models.BinaryField()
    code: Text = models.CharField(max_length=CODE_MAX, blank=True, default="")
    received_at: Moment = models.DateTimeField()

    class Meta:
        verbose_name = _("événement")
        verbose_name_plural = _("événements")

    def __str__(self) -> str:
        return f"{self.device_id}/{self.epoch}/{self.seq}"


class Position(models.Model):
    """How far a kiosk's stream is here without a gap: its ``ack``."""

    device_id: str
    device: Link[Device] = models.ForeignKey(
        Device, verbose_name=_("borne"), on_delete=models.CASCADE, related_name="positions"
    )
    epoch: Text = models.CharField(_("époque"), max_length=EPOCH_MAX)
    ack: Number = models.PositiveBigIntegerField(_("reçus jusqu’à"), default=0)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["device", "epoch"], name="position_of_stream")
        ]

    def __str__(self) -> str:
        return f"{self.device_id}/{self.epoch}: {self.ack}"


class Fork(models.Model):
    """An alarm: a number came again with another body, as from a kiosk that was copied."""

    device_id: str
    device: Link[Device] = models.ForeignKey(
        Device, verbose_name=_("borne"), on_delete=models.CASCADE, related_name="forks"
    )
    epoch: Text = models.CharField(_("époque"), max_length=EPOCH_MAX)
    seq: Number = models.PositiveBigIntegerField(_("numéro"))
    digest: Text = models.CharField(_("empreinte"), max_length=DIGEST_HEX)
    seen_at: Moment = models.DateTimeField(_("vue"))

    class Meta:
        verbose_name = _("divergence")
        verbose_name_plural = _("divergences")
        ordering: ClassVar[list[str]] = ["-seen_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["device", "epoch", "seq", "digest"], name="fork_told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.device_id}/{self.epoch}/{self.seq}"


class Photo(models.Model):
    """A photo of a report, kept apart from all that is public; ``size`` is what arrived so far."""

    device_id: str
    device: Link[Device] = models.ForeignKey(
        Device, verbose_name=_("borne"), on_delete=models.CASCADE, related_name="photos"
    )
    sha256: Text = models.CharField(max_length=DIGEST_HEX)
    size: Number = models.PositiveIntegerField(_("octets"), default=0)
    total: Number = models.PositiveIntegerField(_("octets attendus"))
    began_at: Moment = models.DateTimeField(_("commencée"))
    complete_at: MaybeMoment = models.DateTimeField(_("complète"), null=True, blank=True)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["device", "sha256"], name="photo_of_device")
        ]

    def __str__(self) -> str:
        return self.sha256
