"""The project: its tables on both databases, its settings, its safety."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from sync.hub.here import Here
from sync.hub.territories.models import Territory
from tests.hubs import PUBLIC_URL


def test_the_migrations_are_those_of_the_models(here: Here) -> None:
    told = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=told)
    assert "No changes" in told.getvalue()


def test_the_project_has_nothing_that_django_warns_of(here: Here) -> None:
    call_command("check", fail_level="WARNING")


def test_a_row_is_kept_and_its_key_is_unique(here: Here, database: str) -> None:
    assert connection.vendor == database
    Territory.objects.create(slug="orne", name="L’Orne")
    with pytest.raises(IntegrityError), transaction.atomic():
        Territory.objects.create(slug="orne", name="L’autre")
    assert Territory.objects.get().name == "L’Orne"


def test_sqlite_is_durable_and_takes_the_write_lock_at_once(here: Here, database: str) -> None:
    if database != "sqlite":
        pytest.skip("about SQLite")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_page_may_load_its_own_files_alone(here: Here) -> None:
    answer = Client().get("/gestion/connexion", headers={"host": PUBLIC_URL[8:]}, secure=True)
    assert answer.status_code == 200
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Strict-Transport-Security"].startswith("max-age=")
    assert answer.cookies["csrftoken"]["secure"]


def test_another_host_is_not_answered(here: Here) -> None:
    assert Client().get("/gestion/connexion", headers={"host": "evil.example"}).status_code == 400


def test_the_back_office_speaks_french_first(here: Here) -> None:
    page = Client().get("/gestion/connexion", headers={"host": PUBLIC_URL[8:]}, secure=True)
    assert "Mot de passe" in page.content.decode()
