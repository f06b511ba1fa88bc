"""The first tables of the hub's audit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, verbose_name="quand")),
                ("actor", models.CharField(max_length=150, verbose_name="qui")),
                ("action", models.CharField(max_length=64, verbose_name="acte")),
                (
                    "territory",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        default="",
                        max_length=64,
                        verbose_name="territoire",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="objet")),
                ("details", models.JSONField(blank=True, default=dict, verbose_name="détails")),
            ],
            options={
                "verbose_name": "acte",
                "verbose_name_plural": "journal des actes",
                "ordering": ["-at", "-id"],
                "default_permissions": ("view",),
            },
        ),
    ]
