"""The first tables of the hub's events."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("devices", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "device_id",
                        "epoch",
                        "seq",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("epoch", models.CharField(max_length=64)),
                ("seq", models.PositiveBigIntegerField()),
                ("kind", models.CharField(db_index=True, max_length=64)),
                ("digest", models.CharField(max_length=64)),
                ("body", models.BinaryField()),
                ("code", models.CharField(blank=True, default="", max_length=64)),
                ("received_at", models.DateTimeField()),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="devices.device",
                    ),
                ),
            ],
            options={
                "verbose_name": "événement",
                "verbose_name_plural": "événements",
            },
        ),
        migrations.CreateModel(
            name="Fork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("epoch", models.CharField(max_length=64, verbose_name="époque")),
                ("seq", models.PositiveBigIntegerField(verbose_name="numéro")),
                ("digest", models.CharField(max_length=64, verbose_name="empreinte")),
                ("seen_at", models.DateTimeField(verbose_name="vue")),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="forks",
                        to="devices.device",
                        verbose_name="borne",
                    ),
                ),
            ],
            options={
                "verbose_name": "divergence",
                "verbose_name_plural": "divergences",
                "ordering": ["-seen_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("device", "epoch", "seq", "digest"), name="fork_told_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField(default=0, verbose_name="octets")),
                ("total", models.PositiveIntegerField(verbose_name="octets attendus")),
                ("began_at", models.DateTimeField(verbose_name="commencée")),
                (
                    "complete_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="complète"),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="photos",
                        to="devices.device",
                        verbose_name="borne",
                    ),
                ),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "constraints": [
                    models.UniqueConstraint(fields=("device", "sha256"), name="photo_of_device")
                ],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("epoch", models.CharField(max_length=64, verbose_name="époque")),
                ("ack", models.PositiveBigIntegerField(default=0, verbose_name="reçus jusqu’à")),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="positions",
                        to="devices.device",
                        verbose_name="borne",
                    ),
                ),
            ],
            options={
                "verbose_name": "position",
                "verbose_name_plural": "positions",
                "constraints": [
                    models.UniqueConstraint(fields=("device", "epoch"), name="position_of_stream")
                ],
            },
        ),
    ]
