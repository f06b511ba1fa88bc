"""Datasets, their records, and the blobs that carry them to the kiosks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sync.hub.columns import Bytes, Data, Flag, Link, MaybeMoment, Moment, Number, Text
from sync.hub.territories.models import NAME_MAX, SLUG_MAX, Territory

SHA256_HEX, SUM_HEX = 64, 32  # characters
KEY_MAX, WHY_MAX, URL_MAX = 200, 300, 1000


class Dataset(models.Model):
    """One stream of records: its place in time (``epoch``, ``head``), and its schedule.

    ``count`` and ``sum`` (hex) are those of the records at ``head`` (SYNC.md, "alv1"). A dataset
    without a ``url`` is filled by hand or from a pack. ``options`` are its connector's settings;
    ``detail`` names the blob of its second level, "" before its first edition. ``inline`` asks to
    travel in the manifest itself while it is small.
    """

    territory_id: str
    territory: Link[Territory] = models.ForeignKey(
        Territory, verbose_name=_("territoire"), on_delete=models.PROTECT, related_name="datasets"
    )
    slug: Text = models.CharField(_("identifiant"), max_length=SLUG_MAX)
    title: Data = models.JSONField(_("titre par langue"), default=dict)
    kind: Text = models.CharField(_("genre"), max_length=SLUG_MAX)
    connector: Text = models.CharField(_("connecteur"), max_length=SLUG_MAX)
    url: Text = models.URLField(_("adresse"), max_length=URL_MAX, blank=True, default="")
    source: Text = models.CharField(_("source"), max_length=NAME_MAX)
    licence: Text = models.CharField(_("licence"), max_length=NAME_MAX)
    demo: Flag = models.BooleanField(_("démonstration"), default=False)
    options: Data = models.JSONField(_("réglages"), default=dict, blank=True)
    schema: Number = models.PositiveIntegerField(_("version du schéma"), default=1)
    epoch: Number = models.PositiveIntegerField(_("époque"), default=1)
    head: Number = models.PositiveBigIntegerField(_("dernière publication"), default=0)
    count: Number = models.PositiveIntegerField(_("nombre"), default=0)
    sum: Text = models.CharField(_("somme"), max_length=SUM_HEX, default="0" * SUM_HEX)
    detail: Text = models.CharField(max_length=SHA256_HEX, blank=True, default="")
    inline: Flag = models.BooleanField(_("en direct"), default=False)
    observed_at: MaybeMoment = models.DateTimeField(_("observé"), null=True, blank=True)
    enabled: Flag = models.BooleanField(_("actif"), default=True)
    refresh_s: Number = models.PositiveIntegerField(_("rythme (s)"), default=3600)
    due_at: MaybeMoment = models.DateTimeField(_("prochain relevé"), null=True, blank=True)
    fetched_at: MaybeMoment = models.DateTimeField(_("dernier relevé bon"), null=True, blank=True)
    failing_since: MaybeMoment = models.DateTimeField(_("en échec depuis"), null=True, blank=True)
    failure: Text = models.CharField(_("échec"), max_length=WHY_MAX, blank=True, default="")

    records: models.Manager[StoredRecord]

    class Meta:
        verbose_name = _("jeu de données")
        verbose_name_plural = _("jeux de données")
        ordering: ClassVar[list[str]] = ["territory", "slug"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["territory", "slug"], name="dataset_of_territory")
        ]

    def __str__(self) -> str:
        return f"{self.territory_id}/{self.slug}"


class StoredRecord(models.Model):
    """A record as it was last published: its canonical line."""

    dataset_id: int
    dataset: Link[Dataset] = models.ForeignKey(
        Dataset, on_delete=models.CASCADE, related_name="records"
    )
    key: Text = models.CharField(_("identifiant"), max_length=KEY_MAX)
    body: Bytes = models.BinaryField()

    class Meta:
        verbose_name = _("fiche")
        verbose_name_plural = _("fiches")
        ordering: ClassVar[list[str]] = ["key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dataset", "key"], name="record_of_dataset")
        ]

    def __str__(self) -> str:
        return self.key


class Blob(models.Model):
    """A blob in the folder of blobs; ``needed_at`` is when a published detail last named it."""

    name: Text = models.CharField(max_length=SHA256_HEX, primary_key=True)
    size: Number = models.PositiveIntegerField(_("octets"))
    needed_at: Moment = models.DateTimeField(_("utilisé"), db_index=True)

    class Meta:
        verbose_name = _("fragment")
        verbose_name_plural = _("fragments")

    def __str__(self) -> str:
        return self.name


class SignedManifest(models.Model):
    """The manifest that a territory's kiosks poll: its signed bytes, and their ETag.

    ``notice`` says which key signs it, signed by the root key.
    """

    territory_id: str
    territory: models.OneToOneField[Territory, Territory] = models.OneToOneField(
        Territory, on_delete=models.CASCADE, primary_key=True, related_name="manifest"
    )
    body: Bytes = models.BinaryField()
    etag: Text = models.CharField(max_length=SHA256_HEX)
    issued_at: Moment = models.DateTimeField()
    expires_at: Moment = models.DateTimeField()
    notice: Bytes = models.BinaryField(default=b"")

    class Meta:
        verbose_name = _("manifeste")
        verbose_name_plural = _("manifestes")

    def __str__(self) -> str:
        return self.territory_id


class PrebuiltImage(models.Model):
    """A territory's image: the blob that tells of it, and the manifest's version it was made at.

    ``epochs`` are those of its datasets, by their slugs.
    """

    territory_id: str
    territory: models.OneToOneField[Territory, Territory] = models.OneToOneField(
        Territory, on_delete=models.CASCADE, primary_key=True, related_name="image"
    )
    name: Text = models.CharField(max_length=SHA256_HEX)
    version: Number = models.PositiveIntegerField()
    epochs: Data = models.JSONField(default=dict)
    made_at: Moment = models.DateTimeField()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.territory_id
