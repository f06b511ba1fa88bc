"""The command hours: one expression, or a file of questions."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kiosk.app import cli_hours
from kiosk.app.cli import main

Run = Callable[..., tuple[int, str, str]]
WEEK = ("--from", "2026-11-09", "--to", "2026-11-16")
OPEN_END = "Specified as open end. Closing time was guessed."


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["hours", *map(str, words)])
        out, err = capsys.readouterr()
        code = ended.value.code
        assert isinstance(code, int)
        return code, out, err

    return call


@pytest.fixture
def ask(run: Run) -> Callable[..., Any]:
    def call(*words: str) -> Any:
        code, out, _ = run(*words, "--json")
        assert code == 0
        return json.loads(out)

    return call


@pytest.fixture
def batch(run: Run, tmp_path: Path) -> Callable[..., list[Any]]:
    def call(*questions: Any) -> list[Any]:
        file = tmp_path / "questions.ndjson"
        texts = [one if isinstance(one, str) else json.dumps(one) for one in questions]
        file.write_text("\n".join(texts) + "\n", encoding="utf-8")
        code, out, err = run("--batch", file)
        assert (code, err) == (0, "")
        return [json.loads(line) for line in out.splitlines()]

    return call


def question(value: str, **others: Any) -> dict[str, Any]:
    return {"value": value, "from": "2026-11-09", "to": "2026-11-16", **others}


def starts(answer: Any) -> list[str]:
    return [one[0] for one in answer["intervals"]]


def test_it_gives_intervals_with_their_offset(ask: Callable[..., Any]) -> None:
    assert ask("Mo 10:00-12:00", *WEEK) == {
        "valid": True,
        "warnings": [],
        "intervals": [["2026-11-09T10:00:00+01:00", "2026-11-09T12:00:00+01:00", "open", ""]],
    }


def test_french_holidays_are_known(ask: Callable[..., Any]) -> None:
    found = ask("Tu-Th 10:00-12:00; PH off", *WEEK)
    assert starts(found) == ["2026-11-10T10:00:00+01:00", "2026-11-12T10:00:00+01:00"]
    assert found["warnings"] == []


def test_the_subdivision_counts(ask: Callable[..., Any]) -> None:
    words = ("PH", "--from", "2026-12-26", "--to", "2026-12-27")
    assert starts(ask(*words, "--subdivision", "61")) == []
    assert starts(ask(*words, "--subdivision", "67")) == ["2026-12-26T00:00:00+01:00"]


def test_the_school_zone_counts(ask: Callable[..., Any]) -> None:
    words = ("SH Tu 10:00-12:00", "--from", "2026-02-09", "--to", "2026-02-16")
    assert starts(ask(*words, "--zone", "A")) == ["2026-02-10T10:00:00+01:00"]
    assert starts(ask(*words, "--zone", "B")) == []


def test_without_a_zone_differing_school_holidays_are_unknown(ask: Callable[..., Any]) -> None:
    found = ask("SH Tu 10:00-12:00", "--from", "2026-02-10", "--to", "2026-02-11")
    assert [one[2] for one in found["intervals"]] == ["unknown"]
    assert found["warnings"] == ["school holidays aren't known here"]


def test_the_position_counts(ask: Callable[..., Any]) -> None:
    words = ("sunrise-12:00", "--from", "2026-11-09", "--to", "2026-11-10")
    without = ask(*words)
    assert starts(without) == ["2026-11-09T06:00:00+01:00"]
    assert "no position" in without["warnings"][0]
    within = ask(*words, "--lat", "48.43", "--lon", "0.09")
    assert starts(within)[0] > "2026-11-09T07:30"
    assert within["warnings"] == []


def test_the_time_zone_counts(ask: Callable[..., Any]) -> None:
    found = ask("Mo 10:00-12:00", *WEEK, "--timezone", "Indian/Reunion")
    assert starts(found) == ["2026-11-09T10:00:00+04:00"]


def test_an_open_end_is_unknown_and_says_so(ask: Callable[..., Any]) -> None:
    found = ask("Mo 17:00+", *WEEK)
    assert found["intervals"][0][2:] == ["unknown", OPEN_END]


def test_repairs_are_told(ask: Callable[..., Any]) -> None:
    assert ask("lundi 10h-12h", *WEEK)["warnings"]


def test_holidays_abroad_are_told_to_be_unchecked(ask: Callable[..., Any]) -> None:
    found = ask("PH off", *WEEK, "--country", "DE")
    assert found["warnings"] == ["public holidays abroad are unchecked"]


def test_hours_that_are_not_understood_exit_2_with_a_document(run: Run) -> None:
    code, out, err = run("8:am", *WEEK, "--json")
    assert (code, err) == (2, "")
    assert json.loads(out) == {"valid": False, "error": "unknown word 'am'"}


def test_without_json_the_refusal_is_a_line(run: Run) -> None:
    code, out, err = run("8:am", *WEEK)
    assert (code, out) == (2, "")
    assert err == "alveole: not understood: unknown word 'am'\n"


def test_without_json_intervals_are_lines(run: Run) -> None:
    code, out, err = run("Mo 10h-12h", *WEEK)
    assert code == 0
    assert out == "2026-11-09T10:00:00+01:00  2026-11-09T12:00:00+01:00  open\n"
    assert err.startswith("alveole: warning: ")


def test_without_json_never_open_is_a_line_too(run: Run) -> None:
    assert run("off", *WEEK)[1] == "closed all the time\n"


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("Mo", "--from", "monday", "--to", "2026-11-16"), "from"),
        (("Mo", "--from", "2026-11-09", "--to", "later"), "to"),
        (("Mo", "--from", "2026-11-16", "--to", "2026-11-09"), "to"),
        (("Mo", "--from", "1900-01-01", "--to", "2199-01-01"), "to"),
        (("Mo", *WEEK, "--timezone", "Europe/Atlantis"), "timezone"),
        (("Mo", *WEEK, "--timezone", "../../etc/passwd"), "timezone"),
        (("Mo", *WEEK, "--zone", "D"), "zone"),
        (("Mo", *WEEK, "--lat", "91", "--lon", "0"), "lat, lon"),
    ],
)
def test_a_wrong_option_exits_2_and_says_which(
    run: Run, words: tuple[str, ...], where: str
) -> None:
    code, out, err = run(*words, "--json")
    assert (code, out) == (2, "")
    assert err.startswith(f"alveole: {where}: ")


def test_hours_of_one_digit_pass(ask: Callable[..., Any]) -> None:
    found = ask("Mo 00:00-02:00", "--from", "2026-11-09 0:30", "--to", "2026-11-09 9:00")
    assert starts(found) == ["2026-11-09T00:30:00+01:00"]


def test_moments_with_an_offset_pass(ask: Callable[..., Any]) -> None:
    found = ask("24/7", "--from", "2026-11-09T09:00:00Z", "--to", "2026-11-09T12:00+02:00")
    assert starts(found) == ["2026-11-09T10:00:00+01:00"]


def test_a_batch_gives_a_line_for_each_line(batch: Callable[..., list[Any]]) -> None:
    found = batch(question("Mo 10:00-12:00"), question("("), question("off"))
    assert [one["valid"] for one in found] == [True, False, True]
    assert found[1]["error"]
    assert found[2]["intervals"] == []


def test_a_batch_knows_places(batch: Callable[..., list[Any]]) -> None:
    place = {"country_code": "fr", "state": "Grand Est", "county": "Moselle"}
    days = {"from": "2026-12-26", "to": "2026-12-27"}
    found = batch(
        question("PH", place=place) | days,
        question("PH", place={"country_code": "fr", "state": None}) | days,
    )
    assert [len(one["intervals"]) for one in found] == [1, 0]


def test_a_batch_takes_zone_and_time_zone(batch: Callable[..., list[Any]]) -> None:
    here = {"country_code": "FR"}
    asked = question("SH 10:00-12:00", place=here, zone="A", timezone="Europe/Berlin")
    (found,) = batch(asked | {"from": "2026-02-10", "to": "2026-02-11"})
    assert [one[2:] for one in found["intervals"]] == [["open", "Vacances d'hiver"]]


def test_without_a_place_holidays_are_unknown(batch: Callable[..., list[Any]]) -> None:
    (found,) = batch(question("PH off", place=None))
    assert found["warnings"] == ["public holidays aren't known here"]


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "{}",
        "[]",
        '{"value": 3, "from": "2026-11-09", "to": "2026-11-16"}',
        '{"value": ["Mo", "x"], "from": "2026-11-09", "to": "2026-11-16"}',
        '{"value": "Mo", "from": "", "to": "2026-11-16"}',
        '{"value": "Mo", "from": "2026-11-09", "to": "2026-11-09"}',
        '{"value": "Mo", "from": "2026-11-09", "to": "2026-11-16", "zone": "Z"}',
        '{"value": "Mo", "from": "2026-11-09", "to": "2026-11-16", "timezone": "x"}',
        '{"value": "Mo", "from": "2026-11-09", "to": "2026-11-16", "place": {"lat": 99, "lon": 0}}',
        '{"value": "\\ud800", "from": "2026-11-09", "to": "2026-11-16"}',
        "\x00",
    ],
)
def test_a_bad_line_is_answered_and_the_next_one_too(
    batch: Callable[..., list[Any]], line: str
) -> None:
    bad, good = batch(line, question("Mo 10:00-12:00"))
    assert bad["valid"] is False
    assert bad["error"]
    assert good["valid"] is True


def test_empty_lines_are_no_questions(batch: Callable[..., list[Any]]) -> None:
    assert len(batch("", question("off"), "  ")) == 1


def test_a_batch_that_is_not_there_exits_2(run: Run, tmp_path: Path) -> None:
    code, out, err = run("--batch", tmp_path / "absent.ndjson")
    assert (code, out) == (2, "")
    assert "absent.ndjson" in err


def test_a_batch_has_a_longest_length(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cli_hours, "LINES_MAX", 2)
    file = tmp_path / "long.ndjson"
    file.write_text("{}\n" * 3, encoding="utf-8")
    code, out, err = run("--batch", file)
    assert code == 2
    assert len(out.splitlines()) == 2
    assert "more than 2 lines" in err
