"""The hub's accounts in Django's admin."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from sync.hub.accounts.models import Membership, User
from sync.hub.admin import Superusers

admin.site.register(User, UserAdmin)


@admin.register(Membership)
class MembershipAdmin(Superusers):
    """The table of roles."""

    list_display = ("user", "territory", "role")
