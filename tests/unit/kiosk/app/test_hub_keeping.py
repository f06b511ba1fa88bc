"""The commands that keep a hub say no in one line, and a drill that fails says where."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kiosk.app import hub_drill
from sync.hub.keeping.archive import Backup

ROOT = Path(__file__).resolve().parents[4]


def hub(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main.py", "hub", *words, "--data", str(data)],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hub")
    assert hub(folder, "init").returncode == 0
    return folder


@pytest.fixture(scope="module")
def saved(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("saved") / "a.alvbackup"
    assert hub(data, "backup", "--out", str(file)).returncode == 0
    return file


def told(damaged: tuple[str, ...] = ()) -> Backup:
    return Backup(
        file="a", bytes=1, sha256="0" * 64, made_at="", rows={"events.event": 1}, blobs=0,
        photos=0, left_out=(), damaged=damaged,
    )  # fmt: skip


def test_a_folder_gets_a_file_by_the_time(data: Path, tmp_path: Path) -> None:
    done = hub(data, "backup", "--out", str(tmp_path), "--json")
    assert done.returncode == 0, done.stderr
    (file,) = tmp_path.iterdir()
    answer: dict[str, Any] = json.loads(done.stdout)
    assert (answer["file"], answer["bytes"]) == (str(file), file.stat().st_size)
    assert file.name.startswith("hub-20")


def test_without_a_hub_it_says_what_to_do(tmp_path: Path) -> None:
    done = hub(tmp_path, "backup", "--out", str(tmp_path / "b"))
    assert (done.returncode, "hub init" in done.stderr) == (2, True)


def test_a_backup_s_name_is_used_once(data: Path, saved: Path) -> None:
    done = hub(data, "backup", "--out", str(saved))
    assert (done.returncode, "already" in done.stderr) == (2, True)


def test_a_rotten_blob_is_told_and_the_backup_is_made_all_the_same(
    data: Path, tmp_path: Path
) -> None:
    blob = next(one for one in sorted((data / "blobs").glob("*/*")) if one.is_file())
    before = blob.read_bytes()
    blob.write_bytes(b"rotten")
    try:
        done = hub(data, "backup", "--out", str(tmp_path / "b"))
    finally:
        blob.write_bytes(before)
    assert done.returncode == 1
    assert f"DAMAGED on the disk, not in it: blobs/{blob.name}" in done.stdout
    again = hub(tmp_path / "again", "restore", str(tmp_path / "b"), "--new-root")
    assert again.returncode == 0, again.stderr  # the blob is made anew
    assert "carry it away" in again.stdout


@pytest.mark.parametrize("words", [(), ("--root-key", "x", "--new-root")])
def test_a_restore_asks_for_one_root(saved: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = hub(tmp_path / "again", "restore", str(saved), *words)
    assert (done.returncode, "--root-key" in done.stderr) == (2, True)
    assert not (tmp_path / "again" / "hub.secret").exists()


def test_a_changed_backup_is_refused_before_anything_is_written(
    saved: Path, tmp_path: Path
) -> None:
    data = bytearray(saved.read_bytes())
    data[len(data) // 2] ^= 1
    wrong = tmp_path / "wrong"
    wrong.write_bytes(data)
    done = hub(tmp_path / "again", "restore", str(wrong), "--new-root")
    assert (done.returncode, "damaged" in done.stderr) == (2, True)
    assert not (tmp_path / "again" / "hub.secret").exists()


def test_a_drill_ends_at_damaged_pieces(tmp_path: Path) -> None:
    done = hub_drill.drill(lambda _: told(damaged=("photos/k/1",)), tmp_path / "packs")
    assert not done.ok
    assert [(step.name, step.ok) for step in done.steps] == [("backup", True), ("disk", False)]
    assert done.steps[-1].told == "photos/k/1"


def test_a_drill_says_why_a_restore_failed(tmp_path: Path) -> None:
    def write(out: Path) -> Backup:
        out.write_bytes(b"nothing")
        return told()

    done = hub_drill.drill(write, tmp_path / "packs")
    assert not done.ok
    assert "hub restore" in done.steps[-1].told
    assert "damaged" in done.steps[-1].told
