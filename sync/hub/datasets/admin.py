"""The hub's datasets in Django's admin."""

from __future__ import annotations

from django.contrib import admin

from sync.hub.admin import Facts, Superusers
from sync.hub.datasets.models import Blob, Dataset, PrebuiltImage, SignedManifest, StoredRecord


@admin.register(Dataset)
class DatasetAdmin(Superusers):
    """The table of Dataset."""

    list_display = ("slug", "territory", "count", "observed_at", "failing_since")


@admin.register(StoredRecord)
class StoredRecordAdmin(Facts):
    """The table of StoredRecord."""

    list_display = ("key", "dataset")


@admin.register(SignedManifest)
class SignedManifestAdmin(Facts):
    """The table of SignedManifest."""

    list_display = ("territory", "etag", "issued_at", "expires_at")


@admin.register(Blob)
class BlobAdmin(Facts):
    """The table of Blob."""

    list_display = ("name", "size", "needed_at")


@admin.register(PrebuiltImage)
class PrebuiltImageAdmin(Facts):
    """The table of PrebuiltImage."""

    list_display = ("territory", "version", "made_at")
