"""A territory: who publishes, by which pack, and its manifest's version."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.columns import Data, Flag, Number, Text

SLUG_MAX, NAME_MAX = 64, 200
slug_like = RegexValidator(r"^[a-z0-9][a-z0-9-]*\Z")


class Territory(models.Model):
    """``version`` and ``epoch`` are those of the last manifest that was signed.

    ``lost_cards`` is the version of its list of lost cards. A restored hub raises the epoch, so
    that no kiosk takes its older numbers for a rollback. ``parent`` is the EPCI or département
    whose contents cascade. ``services`` are what its pack can show: ``tiles``, each with ``id``,
    ``title``, ``icon`` and ``family``, in the order of the pack's hive; and its ``accent``.
    """

    slug: Text = models.CharField(
        _("identifiant"), max_length=SLUG_MAX, primary_key=True, validators=[slug_like]
    )
    name: Text = models.CharField(_("nom"), max_length=NAME_MAX)
    timezone: Text = models.CharField(
        _("fuseau horaire"), max_length=SLUG_MAX, default="Europe/Paris"
    )
    demo: Flag = models.BooleanField(_("démonstration"), default=False)
    epoch: Number = models.PositiveIntegerField(_("époque"), default=1)
    version: Number = models.PositiveIntegerField(_("version du manifeste"), default=0)
    lost_cards: Number = models.PositiveIntegerField(
        _("version de la liste des cartes perdues"), default=1
    )
    services: Data = models.JSONField(_("services du paquet"), default=dict, blank=True)
    parent: models.ForeignKey[Territory | None, Territory | None] = models.ForeignKey(
        "self",
        verbose_name=_("territoire parent"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )

    class Meta:
        verbose_name = _("territoire")
        verbose_name_plural = _("territoires")
        ordering: ClassVar[list[str]] = ["slug"]

    def __str__(self) -> str:
        return self.name
