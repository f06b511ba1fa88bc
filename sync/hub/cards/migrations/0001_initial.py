"""The first tables of the hub's cards."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("devices", "0001_initial"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="OwnedTopup",
            fields=[
                ("topup", models.CharField(max_length=200, primary_key=True, serialize=False)),
                (
                    "payment",
                    models.CharField(blank=True, db_index=True, default="", max_length=200),
                ),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="devices.device",
                        verbose_name="borne",
                    ),
                ),
            ],
            options={
                "verbose_name": "rechargement",
                "verbose_name_plural": "rechargements",
            },
        ),
        migrations.CreateModel(
            name="BlockedCard",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("card", models.CharField(max_length=32, verbose_name="carte")),
                ("since", models.DateTimeField(verbose_name="depuis")),
                (
                    "reason",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="motif"),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="territories.territory",
                        verbose_name="territoire",
                    ),
                ),
            ],
            options={
                "verbose_name": "carte bloquée",
                "verbose_name_plural": "cartes bloquées",
                "ordering": ["-since"],
                "constraints": [
                    models.UniqueConstraint(fields=("territory", "card"), name="blocked_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PendingLoad",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("card", models.CharField(max_length=32, verbose_name="carte")),
                ("number", models.PositiveIntegerField(verbose_name="numéro")),
                ("amount_cents", models.PositiveIntegerField(verbose_name="montant (centimes)")),
                ("created_at", models.DateTimeField(verbose_name="payé")),
                ("loaded_at", models.DateTimeField(blank=True, null=True, verbose_name="chargé")),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="territories.territory",
                        verbose_name="territoire",
                    ),
                ),
            ],
            options={
                "verbose_name": "rechargement en attente",
                "verbose_name_plural": "rechargements en attente",
                "ordering": ["card", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("territory", "card", "number"), name="load_number_of_card"
                    )
                ],
            },
        ),
    ]
