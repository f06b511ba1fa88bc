from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.app.cli import main

Run = Callable[..., tuple[int, list[dict[str, Any]], str]]
FIXTURES = "sync/connectors/{}/fixtures/{}"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], root: Path) -> Run:
    def call(*words: str | Path) -> tuple[int, list[dict[str, Any]], str]:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        out, err = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return code, [json.loads(line) for line in out.splitlines()], err

    return call


def fixture(root: Path, slug: str, name: str) -> Path:
    return root / FIXTURES.format(slug, name)


def test_the_connectors_are_listed_with_their_caps(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["connector", "list", "--json"])
    assert ended.value.code == 0
    listed = {entry["slug"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert {"geojson", "gtfs_rt", "icalendar", "opendatasoft", "scdl"} <= set(listed)
    assert listed["icalendar"]["max_bytes"] == 10_000_000
    assert listed["scdl"]["attribution"]


def test_the_list_is_readable_without_json(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["connector", "list"])
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("icalendar") and "RFC 5545" in line for line in lines)


def test_each_item_is_a_line_and_the_last_line_a_summary(run: Run, root: Path) -> None:
    code, lines, err = run("connector", "parse", "scdl", fixture(root, "scdl", "equipements.csv"))
    assert (code, err) == (0, "")
    assert [next(iter(line)) for line in lines] == [
        "record", "record", "reject", "reject", "reject", "summary",
    ]  # fmt: skip
    summary = lines[-1]["summary"]
    assert (summary["records"], summary["rejects"]) == (2, 3)
    assert summary["seconds"] >= 0
    assert lines[2]["reject"] == {
        "where": "line 4",
        "why": "EQUIP_LAT, EQUIP_LONG: not a position: 148.4, 0.09",
    }


def test_a_record_is_the_whole_envelope(run: Run, root: Path) -> None:
    _, lines, _ = run("connector", "parse", "scdl", fixture(root, "scdl", "equipements.csv"))
    record = lines[0]["record"]
    assert set(record) == {
        "id", "dataset", "kind", "title", "source", "licence", "observed_at", "body", "geo",
        "valid_from", "valid_until", "confidence", "popularity", "demo", "data",
    }  # fmt: skip
    assert record["geo"] == {"lat": 48.4321, "lon": 0.0912}
    assert record["dataset"] == "scdl"
    assert record["source"]
    assert record["licence"]


def test_without_a_date_given_the_files_own_is_taken(run: Run, root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "equipements.csv"
    copy.write_bytes(fixture(root, "scdl", "equipements.csv").read_bytes())
    written = datetime(2025, 3, 1, 12, tzinfo=UTC)
    os.utime(copy, (written.timestamp(), written.timestamp()))
    _, lines, _ = run("connector", "parse", "scdl", copy)
    assert lines[0]["record"]["observed_at"] == "2025-03-01T12:00:00+00:00"


def test_the_context_fills_the_envelope(run: Run, root: Path) -> None:
    context = {
        "dataset": "agenda",
        "source": "Bourg",
        "licence": "LO",
        "observed_at": "2026-11-22T10:42",
        "now": "2026-11-22T10:42",
        "timezone": "America/Cayenne",
        "language": "en",
        "demo": True,
    }
    path = fixture(root, "icalendar", "agenda.ics")
    _, lines, _ = run("connector", "parse", "icalendar", path, "--context", json.dumps(context))
    reading = next(
        line["record"]
        for line in lines
        if line.get("record", {}).get("id", "").startswith("lecture")
    )
    assert (reading["dataset"], reading["source"], reading["licence"]) == ("agenda", "Bourg", "LO")
    assert reading["observed_at"] == "2026-11-22T10:42:00-03:00"
    assert reading["data"]["starts_at"] == "2026-11-25T10:00:00-03:00"
    assert list(reading["title"]) == ["en"]
    assert reading["demo"] is True


def test_what_else_the_context_holds_goes_to_the_connector(run: Run, root: Path) -> None:
    context = json.dumps({"from": "2030-01-01", "to": "2030-01-09", "now": "2026-11-22T10:42"})
    path = fixture(root, "icalendar", "agenda.ics")
    _, lines, _ = run("connector", "parse", "icalendar", path, "--context", context)
    ids = [line["record"]["id"] for line in lines if "record" in line]
    assert [name[:17] for name in ids if name.startswith("marche")] == [
        "marche@2026-11-05", "marche@2030-01-03",
    ]  # fmt: skip


def test_several_files_have_one_summary(run: Run, root: Path) -> None:
    paths = [fixture(root, "geojson", name) for name in ("communes.geojson", "places.geojson")]
    code, lines, _ = run("connector", "parse", "geojson", *paths)
    assert code == 0
    assert lines[-1]["summary"]["records"] == 5
    assert sum("summary" in line for line in lines) == 1


def test_a_file_whose_items_are_all_rejected_could_still_be_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[{"nom": "Sans code"}]')
    code, lines, err = run("connector", "parse", "geojson", tmp_path / "x.json")
    assert (code, err) == (0, "")
    assert lines[-1]["summary"]["records"] == 0
    assert lines[-1]["summary"]["rejects"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nope", "x"], "nope: no such connector"),
        (["icalendar", "no-such-file.ics"], "no-such-file.ics: no such file"),
        (["icalendar", "{root}/README.md"], "README.md: not an iCalendar file"),
        (["geojson", "{root}/pyproject.toml"], "pyproject.toml: not JSON"),
        (["scdl", "{scdl}", "--context", "[1]"], "--context: not an object"),
        (["scdl", "{scdl}", "--context", "{"], "--context: not JSON"),
        (["scdl", "{scdl}", "--context", '{"source": 7}'], "--context: source isn't a text"),
        (["scdl", "{scdl}", "--context", '{"now": "hier"}'], "--context: now: not an ISO time"),
        (["scdl", "{scdl}", "--context", '{"timezone": "X/Y"}'], "no such time zone: X/Y"),
        (["scdl"], "Missing argument"),
    ],
)
def test_a_wrong_call_ends_with_one_line_and_exit_2(
    run: Run, root: Path, words: list[str], said: str
) -> None:
    named = {"root": root, "scdl": fixture(root, "scdl", "equipements.csv")}
    filled = [
        word.format(**named) if "{root}" in word or "{scdl}" in word else word for word in words
    ]
    code, lines, err = run("connector", "parse", *filled)
    assert code == 2
    assert lines == []
    assert said in err
    assert len(err.splitlines()) == 1


def test_a_refusal_after_some_lines_is_still_exit_2(run: Run, root: Path) -> None:
    good = fixture(root, "geojson", "communes.geojson")
    code, lines, err = run("connector", "parse", "geojson", good, root / "pyproject.toml")
    assert code == 2
    assert ["record" in line for line in lines] == [True]
    assert "pyproject.toml" in err


def test_a_reader_that_leaves_early_is_no_error(root: Path, tmp_path: Path) -> None:
    features = [
        {"code": f"{61_000 + number}", "nom": f"Bourg {number}"} for number in range(999)
    ] * 8
    (tmp_path / "many.json").write_text(json.dumps(features))
    command = [
        sys.executable, "-c", "from kiosk.app.cli import main; main()",
        "connector", "parse", "geojson", str(tmp_path / "many.json"),
    ]  # fmt: skip
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"record"')
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=30) == 0
