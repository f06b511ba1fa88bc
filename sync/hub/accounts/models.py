"""People of the back office, and what they are in which territory."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.columns import Link, Text
from sync.hub.territories.models import Territory


class Role(models.TextChoices):
    """What a person may do is decided by ``sync.hub.accounts.rights``."""

    AGENT = "agent", _("agent")
    REGISSEUR = "regisseur", _("régisseur")
    EDITOR = "editor", _("rédacteur")
    TECHNICIAN = "technician", _("technicien")
    ADMINISTRATOR = "administrator", _("administrateur")


class User(AbstractUser):
    """A person; ``is_superuser`` runs the hub itself and every territory."""

    class Meta:
        verbose_name = _("compte")
        verbose_name_plural = _("comptes")


class Membership(models.Model):
    """One role of one person in one territory."""

    user_id: int
    user: Link[User] = models.ForeignKey(
        User, verbose_name=_("compte"), on_delete=models.CASCADE, related_name="memberships"
    )
    territory_id: str
    territory: Link[Territory] = models.ForeignKey(
        Territory, verbose_name=_("territoire"), on_delete=models.CASCADE, related_name="members"
    )
    role: Text = models.CharField(_("rôle"), max_length=16, choices=Role)

    class Meta:
        verbose_name = _("rôle")
        verbose_name_plural = _("rôles")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "territory", "role"], name="role_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role} ({self.territory_id})"
