"""The first tables of the hub's territories."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Territory",
            fields=[
                (
                    "slug",
                    models.CharField(
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator("^[a-z0-9][a-z0-9-]*\\Z")
                        ],
                        verbose_name="identifiant",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="nom")),
                (
                    "timezone",
                    models.CharField(
                        default="Europe/Paris", max_length=64, verbose_name="fuseau horaire"
                    ),
                ),
                ("demo", models.BooleanField(default=False, verbose_name="démonstration")),
                ("epoch", models.PositiveIntegerField(default=1, verbose_name="époque")),
                (
                    "version",
                    models.PositiveIntegerField(default=0, verbose_name="version du manifeste"),
                ),
                (
                    "lost_cards",
                    models.PositiveIntegerField(
                        default=1, verbose_name="version de la liste des cartes perdues"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="territories.territory",
                        verbose_name="territoire parent",
                    ),
                ),
            ],
            options={
                "verbose_name": "territoire",
                "verbose_name_plural": "territoires",
                "ordering": ["slug"],
            },
        ),
    ]
