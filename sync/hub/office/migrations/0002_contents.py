"""Notices become one kind of content among others."""

import json

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

DATASET = "annonces"


def carry_over(apps: Apps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Bring what notices had of their own into the contents' common columns."""
    contents = apps.get_model("office", "Content")
    stored = apps.get_model("datasets", "StoredRecord")
    for one in contents.objects.all():
        one.data = {"level": one.level}
        if one.on_kiosks:
            where = {"dataset__slug": DATASET, "dataset__territory": one.territory_id}
            row = stored.objects.filter(key=f"annonce-{one.pk}", **where).first()
            records = [json.loads(bytes(row.body))] if row else []
            one.shown, one.shown_at = {"records": records, "cascades": False}, one.changed_at
        one.save()


class Migration(migrations.Migration):
    dependencies = [
        ("office", "0001_initial"),
        ("datasets", "0001_initial"),
        ("territories", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameModel("Notice", "Content"),
        migrations.AlterModelOptions(
            name="content",
            options={
                "ordering": ["-changed_at", "-id"],
                "verbose_name": "contenu",
                "verbose_name_plural": "contenus",
            },
        ),
        migrations.AddField(
            model_name="content",
            name="cascades",
            field=models.BooleanField(default=False, verbose_name="aussi dans les communes"),
        ),
        migrations.AddField(
            model_name="content",
            name="data",
            field=models.JSONField(blank=True, default=dict, verbose_name="données"),
        ),
        migrations.AddField(
            model_name="content",
            name="kind",
            field=models.CharField(
                choices=[
                    ("notice", "annonce"),
                    ("event", "rendez-vous"),
                    ("opening", "horaire exceptionnel"),
                    ("menu", "menus"),
                ],
                default="notice",
                max_length=8,
                verbose_name="genre",
            ),
        ),
        migrations.AddField(
            model_name="content",
            name="shown",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="content",
            name="shown_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="publié"),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="content",
            name="level",
        ),
        migrations.AlterField(
            model_name="content",
            name="approver",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="approuvé par",
            ),
        ),
        migrations.AlterField(
            model_name="content",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="rédigé par",
            ),
        ),
        migrations.AlterField(
            model_name="content",
            name="changed_at",
            field=models.DateTimeField(verbose_name="modifié"),
        ),
        migrations.AlterField(
            model_name="content",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "brouillon"),
                    ("approved", "approuvé"),
                    ("published", "publié"),
                    ("withdrawn", "retiré"),
                ],
                default="draft",
                max_length=16,
                verbose_name="état",
            ),
        ),
        migrations.AlterField(
            model_name="content",
            name="territory",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="contents",
                to="territories.territory",
                verbose_name="territoire",
            ),
        ),
    ]
