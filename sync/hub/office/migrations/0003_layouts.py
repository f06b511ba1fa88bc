"""The hives that the back office lays out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0002_contents"),
        ("territories", "0002_services"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Layout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("told", models.JSONField(default=dict, verbose_name="services")),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="publiée"),
                ),
                ("changed_at", models.DateTimeField(verbose_name="modifiée")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="disposée par",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="layouts",
                        to="territories.territory",
                        verbose_name="territoire",
                    ),
                ),
            ],
            options={
                "verbose_name": "ruche",
                "verbose_name_plural": "ruches",
                "ordering": ["-published_at", "-id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("published_at", None)),
                        fields=("territory",),
                        name="one_draft_of_hive",
                    )
                ],
            },
        ),
    ]
