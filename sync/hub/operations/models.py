"""What staff decided of odd events, and citizens' reports on their way to an answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.accounts.models import User
from sync.hub.columns import Link, MaybeLink, Moment, Number, Text
from sync.hub.devices.models import Device
from sync.hub.events.models import DIGEST_HEX, EPOCH_MAX
from sync.hub.territories.models import SLUG_MAX, Territory

CODE_MAX, PLACE_MAX, TEXT_MAX, ANSWER_MAX = 16, 200, 2_000, 2_000


class Settled(models.Model):
    """A rejected event (``digest`` "") or a fork that somebody looked at and set aside."""

    device_id: str
    device: Link[Device] = models.ForeignKey(
        Device, verbose_name=_("borne"), on_delete=models.CASCADE, related_name="+"
    )
    epoch: Text = models.CharField(max_length=EPOCH_MAX)
    seq: Number = models.PositiveBigIntegerField(_("numéro"))
    digest: Text = models.CharField(max_length=DIGEST_HEX, blank=True, default="")
    by: Link[User] = models.ForeignKey(
        User, verbose_name=_("par"), on_delete=models.PROTECT, related_name="+"
    )
    at: Moment = models.DateTimeField(_("quand"))

    class Meta:
        verbose_name = _("alarme classée")
        verbose_name_plural = _("alarmes classées")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["device", "epoch", "seq", "digest"], name="settled_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.device_id}/{self.epoch}/{self.seq}"


class ReportState(models.TextChoices):
    """Where a report stands; the rules are in ``sync.hub.operations.reports``."""

    RECEIVED = "received", _("reçu")
    ASSIGNED = "assigned", _("pris en charge")
    ANSWERED = "answered", _("répondu")
    CLOSED = "closed", _("clos")


class Report(models.Model):
    """A problem that a citizen reported at a kiosk; nothing in it says who they are.

    ``code`` is what the citizen holds to follow it; ``photo`` is the SHA-256 of one in the private
    folder, "" for none. ``revision`` counts its changes.
    """

    territory_id: str
    territory: Link[Territory] = models.ForeignKey(
        Territory, verbose_name=_("territoire"), on_delete=models.PROTECT, related_name="reports"
    )
    device_id: str
    device: Link[Device] = models.ForeignKey(
        Device, verbose_name=_("borne"), on_delete=models.PROTECT, related_name="reports"
    )
    epoch: Text = models.CharField(max_length=EPOCH_MAX)
    seq: Number = models.PositiveBigIntegerField()
    code: Text = models.CharField(_("code de suivi"), max_length=CODE_MAX)
    category: Text = models.CharField(_("catégorie"), max_length=SLUG_MAX)
    place: Text = models.CharField(_("lieu"), max_length=PLACE_MAX, blank=True, default="")
    text: Text = models.TextField(_("texte"), max_length=TEXT_MAX, blank=True, default="")
    photo: Text = models.CharField(max_length=DIGEST_HEX, blank=True, default="")
    made_at: Moment = models.DateTimeField(_("signalé"))
    state: Text = models.CharField(
        _("état"), max_length=16, choices=ReportState, default=ReportState.RECEIVED, db_index=True
    )
    assignee: MaybeLink[User] = models.ForeignKey(
        User,
        verbose_name=_("chargé"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    answer: Text = models.TextField(_("réponse"), max_length=ANSWER_MAX, blank=True, default="")
    revision: Number = models.PositiveIntegerField(default=1)
    changed_at: Moment = models.DateTimeField(_("modifié"))

    class Meta:
        verbose_name = _("signalement")
        verbose_name_plural = _("signalements")
        ordering: ClassVar[list[str]] = ["-made_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["device", "epoch", "seq"], name="report_of_event")
        ]

    def __str__(self) -> str:
        return self.code
