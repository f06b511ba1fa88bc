"""The hub's settings: read strictly, from its file and from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import InputRefused
from sync.hub import opened, project
from sync.hub.config import FILE, SECRET, SIGNING_KEY, HubConfig, database_of, load
from sync.hub.keys import FileKey, make_keys, read_private, rotate_key
from tests.conftest import MovedClock


def test_a_hub_without_settings_is_alone_on_sqlite(tmp_path: Path) -> None:
    config = load(tmp_path, {})
    assert (config.database, config.public_url) == (None, "")
    assert config.hosts == ("127.0.0.1", "localhost", "[::1]")


def test_the_file_and_the_environment_say_the_same(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('public_url = "https://a.fr"\nterritory = "orne"\n')
    given = {
        "DATABASE_URL": "postgresql://u:p%40ss@db.fr:5433/alveole?sslmode=require",
        "ALVEOLE_HUB_PUBLIC_URL": "https://hub.orne.fr",
        "ALVEOLE_HUB_ALLOWED_HOSTS": "b.fr,c.fr",
    }
    config = load(tmp_path, given)
    assert config.database is not None
    assert (config.database.user, config.database.password) == ("u", "p@ss")
    assert (config.database.host, config.database.port) == ("db.fr", "5433")
    assert config.database.options == {"sslmode": "require"}
    assert config.hosts[-3:] == ("hub.orne.fr", "b.fr", "c.fr")
    assert config.territory == "orne"


@pytest.mark.parametrize(
    "text",
    ["nonsense = 1", "public_url = 5", 'public_url = "http://a.fr"', "not toml", "a" * 30_000],
)
def test_a_wrong_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    with pytest.raises(InputRefused):
        load(tmp_path, {})


def test_an_unknown_variable_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused):
        load(tmp_path, {"ALVEOLE_HUB_DEBUG": "1"})


@pytest.mark.parametrize(
    "url", ["sqlite:///x", "mysql://u@h/d", "postgresql://u@h/", "postgresql://h:x/d", "x",
            "postgresql://h/d?a"],
)  # fmt: skip
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(InputRefused):
        database_of(url)


def test_a_password_that_others_may_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('database_url = "postgresql://u:p@h/d"\n')
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(InputRefused, match="others"):
        load(tmp_path, {})
    (tmp_path / FILE).chmod(0o600)
    assert load(tmp_path, {}).database is not None


def test_a_socket_s_folder_is_a_host(tmp_path: Path) -> None:
    config = HubConfig(data=tmp_path, database=database_of("postgresql://u@/d?host=/run/pg"))
    assert project.database(config)["HOST"] == "/run/pg"


def test_secrets_are_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    make_keys(tmp_path)
    first = FileKey(tmp_path / SIGNING_KEY).public_key
    make_keys(tmp_path)
    assert FileKey(tmp_path / SIGNING_KEY).public_key == first
    assert all(file.stat().st_mode & 0o077 == 0 for file in tmp_path.iterdir())
    rotate_key(tmp_path)
    assert FileKey(tmp_path / SIGNING_KEY).public_key != first


def test_a_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    make_keys(tmp_path)
    (tmp_path / SECRET).chmod(0o640)
    with pytest.raises(InputRefused, match="others"):
        read_private(tmp_path / SECRET)
    with pytest.raises(InputRefused, match="isn't there"):
        read_private(tmp_path / "absent")
    with pytest.raises(InputRefused, match="not a key"):
        FileKey(tmp_path / "short") if _short(tmp_path) else None


def _short(folder: Path) -> bool:
    file = folder / "short"
    file.write_bytes(b"short")
    file.chmod(0o600)
    return True


def test_a_hub_in_production_has_an_address(tmp_path: Path, clock: MovedClock) -> None:
    opened.make(tmp_path)
    assert opened.is_hub(tmp_path)
    with pytest.raises(InputRefused, match="public_url"):
        opened.opened(tmp_path, clock, environment=PRODUCTION)
    assert opened.opened(tmp_path, clock, token="t" * 40).token == "t" * 40


def test_a_folder_that_can_t_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputRefused):
        opened.make(tmp_path / "file" / "below")
