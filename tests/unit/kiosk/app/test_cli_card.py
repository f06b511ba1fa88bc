"""The command card vectors: exit codes and the document it prints."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.app import cli_card
from kiosk.app.cli import main

Run = Callable[..., tuple[int, str, str]]
GOOD = {
    "key": "2B7E151628AED2A6ABF7158809CF4F3C",
    "msg": "",
    "cmac": "BB1D6929E95937287FA37D129B756746",
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["card", "vectors", *map(str, words)])
        out, err = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return code, out, err

    return call


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    def write(*vectors: dict[str, str]) -> Path:
        path = tmp_path / "vectors.json"
        content = {"_outputs": {"aes_cmac_rfc4493": ["cmac"]}, "aes_cmac_rfc4493": vectors}
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    return write


def test_vectors_that_hold_are_counted(run: Run, file: Callable[..., Path]) -> None:
    code, out, err = run(file(GOOD), "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == {"total": 1, "passed": 1, "failed": []}


def test_a_vector_that_fails_is_named_and_the_answer_is_no(
    run: Run, file: Callable[..., Path]
) -> None:
    code, out, _ = run(file(GOOD, GOOD | {"msg": "00"}), "--json")
    answer = json.loads(out)
    assert code == 1
    assert (answer["total"], answer["passed"]) == (2, 1)
    assert answer["failed"][0]["group"] == "aes_cmac_rfc4493"
    assert answer["failed"][0]["index"] == 1


def test_people_read_a_line_for_each_failure(run: Run, file: Callable[..., Path]) -> None:
    code, out, _ = run(file(GOOD | {"msg": "00"}))
    assert code == 1
    assert out.splitlines()[0] == "0 of 1 vectors hold"
    assert "not reproduced: cmac" in out


def test_a_file_that_isnt_there_is_a_wrong_call(run: Run, tmp_path: Path) -> None:
    code, out, err = run(tmp_path / "none.json", "--json")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


def test_a_malformed_file_is_a_wrong_call(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "vectors.json"
    path.write_text("{", encoding="utf-8")
    assert run(path)[0] == 2


def test_a_file_too_large_is_a_wrong_call(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_card, "VECTORS_BYTES_MAX", 3)
    path = tmp_path / "vectors.json"
    path.write_text("{   }", encoding="utf-8")
    assert run(path)[0] == 2
