"""The first tables of operations."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("devices", "0001_initial"),
        ("territories", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("epoch", models.CharField(max_length=64)),
                ("seq", models.PositiveBigIntegerField()),
                ("code", models.CharField(max_length=16, verbose_name="code de suivi")),
                ("category", models.CharField(max_length=64, verbose_name="catégorie")),
                (
                    "place",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="lieu"),
                ),
                (
                    "text",
                    models.TextField(blank=True, default="", max_length=2000, verbose_name="texte"),
                ),
                ("photo", models.CharField(blank=True, default="", max_length=64)),
                ("made_at", models.DateTimeField(verbose_name="signalé")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "reçu"),
                            ("assigned", "pris en charge"),
                            ("answered", "répondu"),
                            ("closed", "clos"),
                        ],
                        db_index=True,
                        default="received",
                        max_length=16,
                        verbose_name="état",
                    ),
                ),
                (
                    "answer",
                    models.TextField(
                        blank=True, default="", max_length=2000, verbose_name="réponse"
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(verbose_name="modifié")),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="chargé",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="devices.device",
                        verbose_name="borne",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="territories.territory",
                        verbose_name="territoire",
                    ),
                ),
            ],
            options={
                "verbose_name": "signalement",
                "verbose_name_plural": "signalements",
                "ordering": ["-made_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("device", "epoch", "seq"), name="report_of_event"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Settled",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("epoch", models.CharField(max_length=64)),
                ("seq", models.PositiveBigIntegerField(verbose_name="numéro")),
                ("digest", models.CharField(blank=True, default="", max_length=64)),
                ("at", models.DateTimeField(verbose_name="quand")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="devices.device",
                        verbose_name="borne",
                    ),
                ),
            ],
            options={
                "verbose_name": "alarme classée",
                "verbose_name_plural": "alarmes classées",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("device", "epoch", "seq", "digest"), name="settled_once"
                    )
                ],
            },
        ),
    ]
