"""The command doctor on good and bad installations."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.app import cli
from kiosk.app.cli_doctor import examine, show
from kiosk.app.console import Place
from kiosk.app.diagnostics import Finding
from kiosk.app.installed import OWN_PACKS, installed, pack_folder, pack_folders
from kiosk.domain.errors import InputRefused

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


def found(place: Place, check: str) -> Finding:
    return next(one for one in examine(place, NOW) if one.check == check)


def test_a_new_machine_has_the_demos_pack_and_fails_nothing(tmp_path: Path) -> None:
    place = Place(data=tmp_path)
    assert found(place, "pack").what.startswith("orne: ")
    assert [one for one in examine(place, NOW) if one.state == "fail"] == []


def test_wrong_settings_fail_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("idle_s = 'x'\n")
    finding = found(Place(data=tmp_path), "setup")
    assert finding.state == "fail"
    assert "settings.toml:1" in finding.what


def test_a_territory_that_is_not_installed_fails_with_those_there(tmp_path: Path) -> None:
    finding = found(Place(data=tmp_path, territory="atlantis"), "setup")
    assert finding.state == "fail"
    assert "orne" in finding.do


def test_a_content_database_that_can_not_be_read_fails(tmp_path: Path) -> None:
    (tmp_path / "content.db").write_bytes(b"no database" * 1000)
    findings = examine(Place(data=tmp_path), NOW)
    damaged = [one for one in findings if one.check == "content" and one.state == "fail"]
    assert len(damaged) == 1
    assert "rebuilds" in damaged[0].do


def test_a_fault_of_the_pack_is_told_with_its_line(tmp_path: Path) -> None:
    home = tmp_path / "territories" / "orne"
    shutil.copytree(OWN_PACKS / "orne", home)
    (home / "theme.toml").write_text("accent = 'blueish'\n")
    finding = found(Place(data=tmp_path), "pack")
    assert finding.state == "warn"
    assert "theme.toml:1" in finding.what


def test_a_pack_of_the_data_folder_hides_ours(tmp_path: Path) -> None:
    home = tmp_path / "territories" / "orne"
    shutil.copytree(OWN_PACKS / "orne", home)
    assert pack_folder(tmp_path, "orne") == home
    assert installed(Place(data=tmp_path)).folder == home


def test_the_settings_choose_the_territory_and_the_option_goes_before(tmp_path: Path) -> None:
    for slug in ("one", "two"):
        home = tmp_path / "territories" / slug
        shutil.copytree(OWN_PACKS / "orne", home)
        toml = (home / "pack.toml").read_text().replace('slug = "orne"', f'slug = "{slug}"')
        (home / "pack.toml").write_text(toml)
    (tmp_path / "settings.toml").write_text('territory = "one"\n')
    assert installed(Place(data=tmp_path)).pack.territory.slug == "one"
    assert installed(Place(data=tmp_path, territory="two")).pack.territory.slug == "two"


def test_folders_without_a_pack_are_no_territories(tmp_path: Path) -> None:
    (tmp_path / "territories" / "empty").mkdir(parents=True)
    assert "empty" not in pack_folders(tmp_path)
    with pytest.raises(InputRefused):
        pack_folder(tmp_path, "empty")


def test_findings_are_printed_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    show([Finding(check="disk", state="fail", what="full", do="free it"), ok("clock")])
    assert capsys.readouterr().out == "FAIL  disk: full\n      → free it\nok    clock: fine\n"


def ok(check: str) -> Finding:
    return Finding(check=check, state="ok", what="fine")


def test_the_commands_json_has_the_four_fields(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["doctor", "--json", "--data", str(tmp_path)])
    assert end.value.code == 0
    findings = json.loads(capsys.readouterr().out)
    assert {frozenset(one) for one in findings} == {frozenset({"check", "state", "what", "do"})}


def test_the_command_answers_no_when_something_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text("what = 1\n")
    with pytest.raises(SystemExit) as end:
        cli.main(["doctor", "--data", str(tmp_path)])
    assert end.value.code == 1
    assert "FAIL  setup" in capsys.readouterr().out
