"""The first tables of the hub's back office."""

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
            name="Tries",
            fields=[
                ("bucket", models.CharField(max_length=4, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "essais",
                "verbose_name_plural": "essais",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="titre")),
                ("body", models.TextField(blank=True, max_length=2000, verbose_name="texte")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("info", "information"),
                            ("yellow", "vigilance jaune"),
                            ("orange", "vigilance orange"),
                            ("red", "vigilance rouge"),
                        ],
                        default="info",
                        max_length=8,
                        verbose_name="niveau",
                    ),
                ),
                (
                    "valid_from",
                    models.DateTimeField(blank=True, null=True, verbose_name="à partir du"),
                ),
                ("valid_until", models.DateTimeField(verbose_name="jusqu’au")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "brouillon"),
                            ("approved", "approuvée"),
                            ("published", "publiée"),
                            ("withdrawn", "retirée"),
                        ],
                        default="draft",
                        max_length=16,
                        verbose_name="état",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("on_kiosks", models.PositiveIntegerField(default=0)),
                ("changed_at", models.DateTimeField(verbose_name="modifiée")),
                (
                    "approver",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approuvée par",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="rédigée par",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="territories.territory",
                        verbose_name="territoire",
                    ),
                ),
            ],
            options={
                "verbose_name": "annonce",
                "verbose_name_plural": "annonces",
                "ordering": ["-changed_at", "-id"],
            },
        ),
    ]
