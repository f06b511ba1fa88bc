"""Notices of the first tables become contents, and stay on the kiosks."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sync.hub.here import Here
from sync.hub.office.models import Content, State
from tests.offices import somebody, territory

UNTIL = datetime(2026, 12, 24, 17, tzinfo=UTC)
OLD, NEW = ("office", "0001_initial"), ("office", "0002_contents")


def test_a_published_notice_is_carried_over(here: Here) -> None:
    del here
    author, place = somebody("eve"), territory()
    executor = MigrationExecutor(connection)
    then = executor.migrate([OLD]).apps
    notice = then.get_model("office", "Notice").objects.create(
        territory_id=place.slug,
        author_id=author.pk,
        title="Marché",
        level="orange",
        valid_until=UNTIL,
        state=State.PUBLISHED,
        on_kiosks=1,
        changed_at=UNTIL,
    )
    dataset = then.get_model("datasets", "Dataset").objects.create(
        territory_id=place.slug, slug="annonces", kind="notice"
    )
    then.get_model("datasets", "StoredRecord").objects.create(
        dataset=dataset, key=f"annonce-{notice.pk}", body=b'{"id":"annonce-1"}'
    )
    MigrationExecutor(connection).migrate([NEW])
    content = Content.objects.get()
    assert (content.kind, content.data, content.on_kiosks) == ("notice", {"level": "orange"}, 1)
    assert content.shown == {"records": [{"id": "annonce-1"}], "cascades": False}
