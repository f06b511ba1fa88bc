"""What the hive’s editor shows of a pack’s services."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="territory",
            name="services",
            field=models.JSONField(blank=True, default=dict, verbose_name="services du paquet"),
        ),
    ]
