"""The first tables of the hub's datasets."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("size", models.PositiveIntegerField(verbose_name="octets")),
                ("needed_at", models.DateTimeField(db_index=True, verbose_name="utilisé")),
            ],
            options={
                "verbose_name": "fragment",
                "verbose_name_plural": "fragments",
            },
        ),
        migrations.CreateModel(
            name="SignedManifest",
            fields=[
                (
                    "territory",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="manifest",
                        serialize=False,
                        to="territories.territory",
                    ),
                ),
                ("body", models.BinaryField()),
                ("etag", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("notice", models.BinaryField(default=b"")),
            ],
            options={
                "verbose_name": "manifeste",
                "verbose_name_plural": "manifestes",
            },
        ),
        migrations.CreateModel(
            name="Dataset",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=64, verbose_name="identifiant")),
                ("title", models.JSONField(default=dict, verbose_name="titre par langue")),
                ("kind", models.CharField(max_length=64, verbose_name="genre")),
                ("connector", models.CharField(max_length=64, verbose_name="connecteur")),
                (
                    "url",
                    models.URLField(
                        blank=True, default="", max_length=1000, verbose_name="adresse"
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("licence", models.CharField(max_length=200, verbose_name="licence")),
                ("demo", models.BooleanField(default=False, verbose_name="démonstration")),
                ("options", models.JSONField(blank=True, default=dict, verbose_name="réglages")),
                (
                    "schema",
                    models.PositiveIntegerField(default=1, verbose_name="version du schéma"),
                ),
                ("epoch", models.PositiveIntegerField(default=1, verbose_name="époque")),
                (
                    "head",
                    models.PositiveBigIntegerField(default=0, verbose_name="dernière publication"),
                ),
                ("count", models.PositiveIntegerField(default=0, verbose_name="nombre")),
                (
                    "sum",
                    models.CharField(
                        default="00000000000000000000000000000000",
                        max_length=32,
                        verbose_name="somme",
                    ),
                ),
                ("detail", models.CharField(blank=True, default="", max_length=64)),
                ("inline", models.BooleanField(default=False, verbose_name="en direct")),
                (
                    "observed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="observé"),
                ),
                ("enabled", models.BooleanField(default=True, verbose_name="actif")),
                ("refresh_s", models.PositiveIntegerField(default=3600, verbose_name="rythme (s)")),
                (
                    "due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="prochain relevé"),
                ),
                (
                    "fetched_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="dernier relevé bon"),
                ),
                (
                    "failing_since",
                    models.DateTimeField(blank=True, null=True, verbose_name="en échec depuis"),
                ),
                (
                    "failure",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="échec"),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="datasets",
                        to="territories.territory",
                        verbose_name="territoire",
                    ),
                ),
            ],
            options={
                "verbose_name": "jeu de données",
                "verbose_name_plural": "jeux de données",
                "ordering": ["territory", "slug"],
            },
        ),
        migrations.CreateModel(
            name="StoredRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200, verbose_name="identifiant")),
                ("body", models.BinaryField()),
                (
                    "dataset",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="records",
                        to="datasets.dataset",
                    ),
                ),
            ],
            options={
                "verbose_name": "fiche",
                "verbose_name_plural": "fiches",
                "ordering": ["key"],
            },
        ),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.UniqueConstraint(
                fields=("territory", "slug"), name="dataset_of_territory"
            ),
        ),
        migrations.AddConstraint(
            model_name="storedrecord",
            constraint=models.UniqueConstraint(fields=("dataset", "key"), name="record_of_dataset"),
        ),
    ]
