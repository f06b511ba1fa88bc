"""The command pack check: faults as lines or as one document, and its exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kiosk.app.cli import main
from tests.unit.kiosk.store.packs import edit, small_pack


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    folder = small_pack(tmp_path)
    edit(folder, "services.toml", 'icon = "pool"', 'icon = "no-such-icon"')
    edit(folder, "seeds/piscines.ndjson", ',"demo":true', "")
    return folder


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["pack", "check", *words])
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_the_default_pack_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 0
    assert capsys.readouterr().out == "orne: no faults\n"


def test_a_pack_is_found_by_its_slug_or_its_folder(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("orne") == 0
    assert run(str(root / "assets" / "territories" / "orne")) == 0
    assert capsys.readouterr().out == "orne: no faults\n" * 2


def test_faults_are_listed_by_file_and_line(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(str(broken)) == 1
    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith("seeds/piscines.ndjson:2: neither `source` nor `demo`")
    assert second == "services.toml:5: service `piscine`: no icon `no-such-icon`"
    assert last == "petit: 2 faults"


def test_one_document_holds_the_faults(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(broken), "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["pack"] == "petit"
    assert [(fault["file"], fault["line"]) for fault in told["faults"]] == [
        ("seeds/piscines.ndjson", 2),
        ("services.toml", 5),
    ]


def test_one_document_of_a_good_pack_has_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json") == 0
    assert json.loads(capsys.readouterr().out) == {"pack": "orne", "faults": []}


def test_a_pack_that_is_not_there_is_a_wrong_call(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("atlantis") == 2
    assert run(str(tmp_path)) == 2
    assert run("x" * 5000) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "atlantis" in told.err
    assert "orne" in told.err


def test_a_pack_installed_in_the_data_folder_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.move(small_pack(tmp_path), tmp_path / "territories" / "petit")
    assert run("petit", "--data", str(tmp_path)) == 0
    assert run("--territory", "petit", "--data", str(tmp_path)) == 0
    assert capsys.readouterr().out == "petit: no faults\n" * 2


def test_a_pack_whose_head_is_broken_tells_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = small_pack(tmp_path)
    edit(folder, "pack.toml", 'slug = "petit"', "slug = ")
    assert run(str(folder)) == 1
    assert capsys.readouterr().out.startswith("pack.toml:1: ")
