"""The command bench: figures of bench/, their limits, and what happens above them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app import cli_bench
from kiosk.app.cli_bench import Options, Result, load, measure, names, show
from kiosk.domain.errors import InputRefused

BENCH = """
GATES = {"p99_ms": 5.0}

def run(options):
    return {"p99_ms": 4.25, "rows": 100, "peer": "measured" if options.peers else "left out"}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    bench = tmp_path / "bench_of_a_test"
    bench.mkdir()
    (bench / "store.py").write_text(BENCH)
    (bench / "_shared.py").write_text("")
    yield bench
    for name in [name for name in sys.modules if name.startswith("bench_of_a_test")]:
        del sys.modules[name]


def options(*, peers: bool = False) -> Options:
    return Options(data=Path(), peers=peers)


def test_helpers_are_no_benchmarks(folder: Path) -> None:
    assert names(folder) == ["store"]


def test_a_benchmark_gives_its_figures_and_limits(folder: Path) -> None:
    assert measure("store", options(peers=True), folder) == Result(
        name="store",
        figures={"p99_ms": 4.25, "rows": 100, "peer": "measured"},
        gates={"p99_ms": 5.0},
    )


def test_an_unknown_benchmark_is_refused_with_those_there(folder: Path) -> None:
    with pytest.raises(InputRefused, match="no benchmark named 'ui'"):
        load("ui", folder)


def test_loading_leaves_the_path_as_it_was(folder: Path) -> None:
    before = list(sys.path)
    load("store", folder)
    assert sys.path == before


@pytest.mark.parametrize(
    ("value", "broken"),
    [(4.9, 0), (5.0, 0), (5.1, 1), (float("nan"), 1), ("fast", 1), (None, 1)],
)
def test_a_figure_above_its_limit_or_missing_is_broken(value: object, broken: int) -> None:
    figures = {} if value is None else {"p99_ms": value}
    result = Result(name="store", figures=figures, gates={"p99_ms": 5.0})  # type: ignore[arg-type]  # wrong on purpose
    assert len(result.broken) == broken


def test_the_table_shows_figure_and_limit(capsys: pytest.CaptureFixture[str]) -> None:
    show([Result(name="store", figures={"p99_ms": 4.25}, gates={"p99_ms": 5.0})])
    out = capsys.readouterr().out
    assert "4.250" in out
    assert "5.0" in out


def run(words: list[str]) -> int:
    from kiosk.app import cli

    with pytest.raises(SystemExit) as end:
        cli.main(words)
    return int(str(end.value.code))


def test_json_gives_all_benchmarks_in_one_document(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli_bench, "FOLDER", folder)
    monkeypatch.setattr(names, "__defaults__", (folder,))
    monkeypatch.setattr(load, "__defaults__", (folder,))
    monkeypatch.setattr(measure, "__defaults__", (folder,))
    assert run(["bench", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["store"]["rows"] == 100


def test_a_figure_above_its_limit_is_the_answer_no(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "store.py").write_text(BENCH.replace("5.0", "1.0"))
    for function in (names, load, measure):
        monkeypatch.setattr(function, "__defaults__", (folder,))
    assert run(["bench", "store"]) == 1
    assert "p99_ms is 4.25, its limit 1.0" in capsys.readouterr().err
