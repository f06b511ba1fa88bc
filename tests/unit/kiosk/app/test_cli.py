"""The frame of the command line: words in, exit code and one line out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer

from kiosk.app import cli
from kiosk.app.console import Place, default_data, place_of, print_json, print_ndjson
from kiosk.domain.errors import CardPulled, InputRefused, LedgerTampered, PurseFull


def exit_code(words: Sequence[str]) -> int:
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> list[Place]:
    """A command ``run`` that notes where it was called, and fails as it is told."""
    seen: list[Place] = []

    def build(command: str = "") -> typer.Typer:
        app = real(command if command in {"", "doctor"} else "doctor")

        @app.command(epilog="Example: alveole run")
        def run(context: typer.Context, fail: str = "", code: int = 0) -> None:
            seen.append(place_of(context))
            errors: dict[str, Exception] = {
                "input": InputRefused("no such stop", where="Argentan", todo="see: alveole stops"),
                "refused": PurseFull("the purse is full"),
                "silent": CardPulled(),
                "tampered": LedgerTampered("line 3: the chain is broken"),
                "bug": ZeroDivisionError("division\nby zero"),
                "abort": typer.Abort(),
                "ctrl-c": EOFError(),
            }
            if fail:
                raise errors[fail]
            if code:
                raise typer.Exit(code)

        return app

    real = cli.build
    monkeypatch.setattr(cli, "build", build)
    return seen


def test_without_a_command_the_kiosk_runs(probe: list[Place]) -> None:
    assert exit_code([]) == 0
    assert len(probe) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["--data", "D", "--territory", "orne", "run"],
        ["run", "--data", "D", "--territory", "orne"],
        ["run", "--data=D", "--territory=orne"],
        ["--data=D", "run", "--territory", "orne"],
    ],
)
def test_the_global_options_may_stand_anywhere(probe: list[Place], words: list[str]) -> None:
    assert exit_code(words) == 0
    assert probe == [Place(data=Path("D"), territory="orne")]


def test_words_after_two_dashes_are_left_alone() -> None:
    assert cli.hoist(["search", "--", "--data", "x"]) == ["search", "--", "--data", "x"]


def test_an_option_without_its_value_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["doctor", "--data"]) == 2
    assert "--data" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fail", "code", "line"),
    [
        ("input", 2, "alveole: Argentan: no such stop (see: alveole stops)\n"),
        ("refused", 1, "alveole: the purse is full\n"),
        ("silent", 1, "alveole: card.pulled\n"),
        ("tampered", 1, "alveole: line 3: the chain is broken\n"),
    ],
)
def test_a_declared_error_is_one_line_and_a_code(
    probe: list[Place], capsys: pytest.CaptureFixture[str], fail: str, code: int, line: str
) -> None:
    assert exit_code(["run", "--fail", fail]) == code
    assert capsys.readouterr() == ("", line)


def test_a_command_may_answer_no(probe: list[Place]) -> None:
    assert exit_code(["run", "--code", "1"]) == 1


def test_a_bug_is_one_line_and_its_trace_is_in_the_log(
    probe: list[Place], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert exit_code(["run", "--fail", "bug", "--data", str(tmp_path)]) == cli.BUG
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "unexpected ZeroDivisionError: division by zero" in err
    logged = json.loads((tmp_path / "log" / "alveole.jsonl").read_text())
    assert (logged["event"], logged["command"]) == ("bug", "run")
    assert "Traceback" in logged["exception"]


def test_a_bug_is_told_where_no_log_can_be_written(
    probe: list[Place], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "log").write_text("a file in the place of the folder")
    assert exit_code(["run", "--fail", "bug", f"--data={tmp_path}"]) == cli.BUG
    assert "its details could not be written" in capsys.readouterr().err


def test_a_bug_without_a_data_folder_is_logged_in_the_default_one(
    probe: list[Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALVEOLE_DATA", str(tmp_path))
    assert exit_code(["run", "--fail", "bug"]) == cli.BUG
    assert (tmp_path / "log" / "alveole.jsonl").is_file()


@pytest.mark.parametrize("fail", ["abort", "ctrl-c"])
def test_an_interrupted_command_says_so_by_its_code(probe: list[Place], fail: str) -> None:
    assert exit_code(["run", "--fail", fail]) == cli.INTERRUPTED


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["doctr"], "no command 'doctr' (did you mean doctor?)"),
        (["xyzzy"], "no command 'xyzzy' (see: alveole --help)"),
        (["doctor", "--nope"], "No such option: --nope"),
        (["doctor", "extra"], "unexpected extra argument"),
        (["bench", "nothing"], "no benchmark named 'nothing'"),
        (["doctor", "--territory", "atlantis"], ""),
    ],
)
def test_a_wrong_call_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], said: str
) -> None:
    code = exit_code([*words, "--data", str(tmp_path)])
    err = capsys.readouterr().err
    assert said in err
    assert (code, err.count("\n")) in {(2, 1), (1, 0)}


def test_help_names_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["doctor", "--help"]) == 0
    assert "Example: alveole doctor --json" in capsys.readouterr().out


def test_only_the_asked_commands_module_is_imported(probe: list[Place]) -> None:
    import sys

    before = {name for name in sys.modules if name.startswith("kiosk.app.cli_")}
    exit_code(["doctor", "--help"])
    after = {name for name in sys.modules if name.startswith("kiosk.app.cli_")}
    assert after - before <= {"kiosk.app.cli_doctor"}


def test_the_data_folder_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALVEOLE_DATA", "here")
    assert default_data() == Path("here")


def test_the_data_folder_is_else_the_users_state_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALVEOLE_DATA", raising=False)
    assert default_data().name == "alveole"


def test_json_is_one_readable_document(capsys: pytest.CaptureFixture[str]) -> None:
    print_json([Place(data=Path("D"), territory="L’Orne").territory, 1])
    assert capsys.readouterr().out == '[\n  "L’Orne",\n  1\n]\n'


def test_ndjson_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_ndjson({"a": [1, None], "b": "é\n"})
    assert capsys.readouterr().out == '{"a":[1,null],"b":"é\\n"}\n'
