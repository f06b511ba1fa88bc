"""The first tables of the hub's devices."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("territories", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Nonce",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("until", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name": "nonce",
                "verbose_name_plural": "nonces",
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.CharField(
                        max_length=32, primary_key=True, serialize=False, verbose_name="identifiant"
                    ),
                ),
                ("name", models.CharField(max_length=8, verbose_name="nom de la borne")),
                (
                    "place",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="lieu"),
                ),
                (
                    "algorithm",
                    models.CharField(
                        choices=[("ed25519", "Ed25519"), ("ecdsa-p256-sha256", "P256")],
                        default="ed25519",
                        max_length=32,
                        verbose_name="algorithme",
                    ),
                ),
                (
                    "public_key",
                    models.CharField(max_length=200, unique=True, verbose_name="clé publique"),
                ),
                ("approved_at", models.DateTimeField(verbose_name="admise")),
                (
                    "revoked_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="révoquée"),
                ),
                ("licence_until", models.DateTimeField(verbose_name="licence jusqu’au")),
                (
                    "seen_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="dernier contact"),
                ),
                ("health", models.JSONField(blank=True, default=dict, verbose_name="état")),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="admise par",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="territories.territory",
                        verbose_name="territoire",
                    ),
                ),
            ],
            options={
                "verbose_name": "borne",
                "verbose_name_plural": "bornes",
                "ordering": ["territory", "name"],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("device_code", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("user_code", models.CharField(max_length=16, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=8, verbose_name="nom de la borne")),
                (
                    "algorithm",
                    models.CharField(
                        choices=[("ed25519", "Ed25519"), ("ecdsa-p256-sha256", "P256")],
                        max_length=32,
                        verbose_name="algorithme",
                    ),
                ),
                ("public_key", models.CharField(max_length=200, verbose_name="clé publique")),
                ("created_at", models.DateTimeField(verbose_name="demandée")),
                ("expires_at", models.DateTimeField(verbose_name="expire")),
                ("polled_at", models.DateTimeField(blank=True, null=True)),
                ("refused_at", models.DateTimeField(blank=True, null=True, verbose_name="refusée")),
                (
                    "device",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="devices.device",
                        verbose_name="borne",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        to="territories.territory",
                        verbose_name="territoire",
                    ),
                ),
            ],
            options={
                "verbose_name": "demande d’admission",
                "verbose_name_plural": "demandes d’admission",
                "ordering": ["created_at"],
            },
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)),
                fields=("territory", "name"),
                name="living_name_of_territory",
            ),
        ),
    ]
