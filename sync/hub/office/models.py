"""Contents from their draft to the kiosks, and the tries of signing in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.accounts.models import User
from sync.hub.columns import Data, Flag, Link, MaybeLink, MaybeMoment, Moment, Number, Text
from sync.hub.territories.models import Territory

TITLE_MAX, BODY_MAX = 120, 2_000  # characters: a title of two lines on a kiosk, a body of a page


class Kind(models.TextChoices):
    """What a content is; what that means is in ``sync.hub.office.sorts``."""

    NOTICE = "notice", _("annonce")
    EVENT = "event", _("rendez-vous")
    OPENING = "opening", _("horaire exceptionnel")
    MENU = "menu", _("menus")


class State(models.TextChoices):
    """Where a content stands; the rules are in ``sync.hub.office.moderation``."""

    DRAFT = "draft", _("brouillon")
    APPROVED = "approved", _("approuvé")
    PUBLISHED = "published", _("publié")
    WITHDRAWN = "withdrawn", _("retiré")


class Level(models.TextChoices):
    """How loud a notice is (kiosk.domain.facts.Notice)."""

    INFO = "info", _("information")
    YELLOW = "yellow", _("vigilance jaune")
    ORANGE = "orange", _("vigilance orange")
    RED = "red", _("vigilance rouge")


class Content(models.Model):
    """What a town hall or an EPCI tells its kiosks: one record, or many for a file of menus.

    ``data`` is what was written, by the names of its kind's form. ``revision`` counts its versions;
    ``on_kiosks`` is the one that the kiosks show, 0 for none, and ``shown`` its records as they
    were published (``records``, and ``cascades``: in the communes too).
    """

    territory_id: str
    territory: Link[Territory] = models.ForeignKey(
        Territory, verbose_name=_("territoire"), on_delete=models.PROTECT, related_name="contents"
    )
    kind: Text = models.CharField(_("genre"), max_length=8, choices=Kind, default=Kind.NOTICE)
    title: Text = models.CharField(_("titre"), max_length=TITLE_MAX)
    body: Text = models.TextField(_("texte"), max_length=BODY_MAX, blank=True)
    data: Data = models.JSONField(_("données"), default=dict, blank=True)
    cascades: Flag = models.BooleanField(_("aussi dans les communes"), default=False)
    valid_from: MaybeMoment = models.DateTimeField(_("à partir du"), null=True, blank=True)
    valid_until: Moment = models.DateTimeField(_("jusqu’au"))
    state: Text = models.CharField(_("état"), max_length=16, choices=State, default=State.DRAFT)
    revision: Number = models.PositiveIntegerField(default=1)
    on_kiosks: Number = models.PositiveIntegerField(default=0)
    shown: Data = models.JSONField(default=dict, blank=True)
    shown_at: MaybeMoment = models.DateTimeField(_("publié"), null=True, blank=True)
    author: Link[User] = models.ForeignKey(
        User, verbose_name=_("rédigé par"), on_delete=models.PROTECT, related_name="+"
    )
    approver: MaybeLink[User] = models.ForeignKey(
        User,
        verbose_name=_("approuvé par"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    changed_at: Moment = models.DateTimeField(_("modifié"))

    class Meta:
        verbose_name = _("contenu")
        verbose_name_plural = _("contenus")
        ordering: ClassVar[list[str]] = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Layout(models.Model):
    """A hive of a territory: the draft, or one that was published, the newest of which holds.

    ``told`` holds ``services``, their ids in the order of the cells; none: the pack's own hive.
    """

    territory_id: str
    territory: Link[Territory] = models.ForeignKey(
        Territory, verbose_name=_("territoire"), on_delete=models.PROTECT, related_name="layouts"
    )
    told: Data = models.JSONField(_("services"), default=dict)
    revision: Number = models.PositiveIntegerField(default=1)
    published_at: MaybeMoment = models.DateTimeField(_("publiée"), null=True, blank=True)
    author: Link[User] = models.ForeignKey(
        User, verbose_name=_("disposée par"), on_delete=models.PROTECT, related_name="+"
    )
    changed_at: Moment = models.DateTimeField(_("modifiée"))

    class Meta:
        verbose_name = _("ruche")
        verbose_name_plural = _("ruches")
        ordering: ClassVar[list[str]] = ["-published_at", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["territory"],
                condition=models.Q(published_at=None),
                name="one_draft_of_hive",
            )
        ]

    def __str__(self) -> str:
        return f"{self.territory_id}: {self.revision}"


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
