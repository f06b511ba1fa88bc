"""How the hub's tables show in Django's admin: by territory, and what is a fact read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from sync.hub.accounts.models import Membership, User

Row = TypeVar("Row", bound=Model)

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Model]
else:
    Base = admin.ModelAdmin


class Superusers(Base):
    """A table that only the hub's own administrators see."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Say whether the table is listed."""
        return _is_super(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether it may be seen."""
        del obj
        return _is_super(request)


class Facts(Superusers):
    """A table of what happened: seen, never changed by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds a fact by hand."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes one."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes one."""
        del request, obj
        return False


def own(request: HttpRequest, rows: QuerySet[Row], field: str = "territory") -> QuerySet[Row]:
    """Keep the rows of the territories in which the person has a role."""
    user = request.user
    if not isinstance(user, User):
        return rows.none()
    if user.is_superuser:
        return rows
    theirs = Membership.objects.filter(user=user).values("territory")
    return rows.filter(**{f"{field}__in": theirs})


def _is_super(request: HttpRequest) -> bool:
    return request.user.is_active and bool(getattr(request.user, "is_superuser", False))
