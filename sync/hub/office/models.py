"""Notices from their draft to the kiosks, and the tries of signing in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.accounts.models import User
from sync.hub.columns import Link, MaybeLink, MaybeMoment, Moment, Number, Text
from sync.hub.territories.models import Territory

TITLE_MAX, BODY_MAX = 120, 2_000  # characters: a title of two lines on a kiosk, a body of a page


class State(models.TextChoices):
    """Where a notice stands; the rules are in ``sync.hub.office.notices``."""

    DRAFT = "draft", _("brouillon")
    APPROVED = "approved", _("approuvée")
    PUBLISHED = "published", _("publiée")
    WITHDRAWN = "withdrawn", _("retirée")


class Level(models.TextChoices):
    """How loud a notice is (kiosk.domain.facts.Notice)."""

    INFO = "info", _("information")
    YELLOW = "yellow", _("vigilance jaune")
    ORANGE = "orange", _("vigilance orange")
    RED = "red", _("vigilance rouge")


class Notice(models.Model):
    """A message of a town hall to everybody.

    ``revision`` counts its versions; ``on_kiosks`` is the one that the kiosks show, 0 for none.
    """

    territory_id: str
    territory: Link[Territory] = models.ForeignKey(
        Territory, verbose_name=_("territoire"), on_delete=models.PROTECT, related_name="notices"
    )
    title: Text = models.CharField(_("titre"), max_length=TITLE_MAX)
    body: Text = models.TextField(_("texte"), max_length=BODY_MAX, blank=True)
    level: Text = models.CharField(_("niveau"), max_length=8, choices=Level, default=Level.INFO)
    valid_from: MaybeMoment = models.DateTimeField(_("à partir du"), null=True, blank=True)
    valid_until: Moment = models.DateTimeField(_("jusqu’au"))
    state: Text = models.CharField(_("état"), max_length=16, choices=State, default=State.DRAFT)
    revision: Number = models.PositiveIntegerField(default=1)
    on_kiosks: Number = models.PositiveIntegerField(default=0)
    author: Link[User] = models.ForeignKey(
        User, verbose_name=_("rédigée par"), on_delete=models.PROTECT, related_name="+"
    )
    approver: MaybeLink[User] = models.ForeignKey(
        User,
        verbose_name=_("approuvée par"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    changed_at: Moment = models.DateTimeField(_("modifiée"))

    class Meta:
        verbose_name = _("annonce")
        verbose_name_plural = _("annonces")
        ordering: ClassVar[list[str]] = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Tries(models.Model):
    """How often a bucket of names was tried since its last whole sign-in."""

    bucket: Text = models.CharField(max_length=4, primary_key=True)
    count: Number = models.PositiveIntegerField(default=0)
    last_at: Moment = models.DateTimeField()

    class Meta:
        verbose_name = _("essais")
        verbose_name_plural = _("essais")

    def __str__(self) -> str:
        return f"{self.bucket}: {self.count}"
