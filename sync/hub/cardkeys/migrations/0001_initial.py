"""The table of sealed card keys."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
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
    ]
