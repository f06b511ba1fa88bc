"""The tables of sealed card keys and of relayed loads."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("devices", "0001_initial"),
        ("territories", "0002_services"),
    ]

    operations = [
        migrations.CreateModel(
            name="CardKeys",
            fields=[
                (
                    "territory",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="territories.territory",
                        verbose_name="territoire",
                    ),
                ),
                ("edition", models.PositiveIntegerField(verbose_name="édition")),
                ("sealed", models.BinaryField()),
                ("changed_at", models.DateTimeField(verbose_name="changées")),
            ],
            options={
                "verbose_name": "clés des cartes",
                "verbose_name_plural": "clés des cartes",
                "ordering": ["territory"],
            },
        ),
        migrations.CreateModel(
            name="RelayedLoad",
            fields=[
                ("topup", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("card", models.CharField(max_length=32, verbose_name="carte")),
                ("number", models.PositiveIntegerField(verbose_name="numéro")),
                ("amount_cents", models.PositiveIntegerField(verbose_name="montant (centimes)")),
                ("begun_at", models.DateTimeField(verbose_name="commencé")),
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
                "verbose_name": "rechargement relayé",
                "verbose_name_plural": "rechargements relayés",
                "ordering": ["-begun_at"],
            },
        ),
    ]
