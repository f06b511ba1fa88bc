"""The hub's devices in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from sync.hub.admin import Facts
from sync.hub.devices.models import Device, Enrolment


@admin.register(Device)
class DeviceAdmin(Facts):
    """The table of Device."""

    list_display = ("name", "territory", "seen_at", "licence_until", "revoked_at")


@admin.register(Enrolment)
class EnrolmentAdmin(Facts):
    """The table of Enrolment."""

    list_display = ("user_code", "territory", "name", "created_at", "expires_at")
