"""The log holds facts and no secrets, turns over, and forgets after thirty days."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from kiosk.app import logging as log
from kiosk.app.logging import HIDDEN, drop_old, log_bug, redact, start, stop

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    yield start(tmp_path / "log", NOW)
    stop()


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_fact_is_one_line_of_json(file: Path) -> None:
    structlog.get_logger("kiosk").info("card.reloaded", amount_cents=2000, place="Mairie d’Alençon")
    (line,) = lines(file)
    assert line["event"] == "card.reloaded"
    assert line["amount_cents"] == 2000
    assert line["place"] == "Mairie d’Alençon"
    assert line["level"] == "info"
    assert datetime.fromisoformat(line["timestamp"]).tzinfo is not None


def test_what_libraries_log_is_json_and_redacted_too(file: Path) -> None:
    logging.getLogger("stripe").warning("answer for %s", "sk_test_4eC39HqLyjWDarjtT1zdp7dc")
    assert lines(file)[0]["event"] == f"answer for {HIDDEN}"


def test_a_trace_is_redacted(file: Path) -> None:
    try:
        int("card 4970 1012 3456 7890 refused")
    except ValueError:
        structlog.get_logger("kiosk").exception("bug")
    (line,) = lines(file)
    assert "4970" not in json.dumps(line)
    assert "ValueError" in line["exception"]


def test_lines_below_the_level_are_left_out(tmp_path: Path) -> None:
    file = start(tmp_path, NOW, level="error")
    structlog.get_logger("kiosk").info("tick")
    stop()
    assert lines(file) == []


@pytest.mark.parametrize(
    "secret",
    [
        "4970101234567890",
        "4970 1012 3456 7890",
        "4970-1012-3456-7890",
        "sk_live_51Habc",
        "rk_test_51Habc",
        "whsec_abcdef",
        "pi_3MtwBw_secret_YrKJ",
        "Bearer abc.def",
        "04A1B2C3D4E5F6",
        "00112233445566778899aabbccddeeff",
        "eyJhbGciOi.eyJzdWIi.c2ln",
        "jeanne.martin@example.org",
    ],
)
def test_a_secret_is_hidden_wherever_it_stands(secret: str) -> None:
    said = json.dumps(redact({"what": f"got {secret}!", "more": [("x", {"y": secret})]}))
    assert secret not in said
    assert HIDDEN in said


@pytest.mark.parametrize(
    "field", ["card", "card_number", "uid", "token", "client_secret", "email", "Name", "query"]
)
def test_a_field_that_names_a_person_or_a_secret_is_hidden(field: str) -> None:
    assert redact({field: "x"}) == {field: HIDDEN}


@pytest.mark.parametrize(
    "fact",
    [
        "2026-11-22T10:42:00+01:00",
        "alençon",
        "gtfs: 1234 stops",
        "0.183 s",
        "02 33 32 40 00",
        "48.4312, 0.0915",
        7,
        2.5,
        True,
        None,
    ],
)
def test_plain_facts_stay(fact: object) -> None:
    assert redact(fact) == fact


def test_a_card_number_given_as_a_number_is_hidden() -> None:
    assert redact(4970101234567890) == HIDDEN


def test_other_objects_are_written_as_text_and_redacted() -> None:
    assert redact(Path("/a/sk_test_x")) == f"/a/{HIDDEN}"


@given(st.recursive(st.none() | st.text(), st.lists, max_leaves=30))
def test_redaction_ends_and_keeps_json(value: object) -> None:
    json.dumps(redact(value))


def test_a_value_without_end_is_cut() -> None:
    endless: list[object] = []
    endless.append(endless)
    assert HIDDEN in json.dumps(redact(endless))


def test_the_log_turns_over_and_keeps_few_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "FILE_BYTES_MAX", 2000)
    monkeypatch.setattr(log, "FILES_MAX", 3)
    start(tmp_path, NOW)
    for n in range(200):
        structlog.get_logger("kiosk").info("tick", n=n)
    stop()
    files = sorted(tmp_path.iterdir())
    assert len(files) == 3
    assert all(file.stat().st_size <= 2000 for file in files)


@pytest.mark.parametrize(("days", "dropped"), [(29, 0), (31, 1)])
def test_a_file_is_forgotten_after_thirty_days(tmp_path: Path, days: int, dropped: int) -> None:
    old = tmp_path / "alveole.jsonl.3"
    old.write_text("{}")
    then = (NOW - timedelta(days=days)).timestamp()
    os.utime(old, (then, then))
    assert drop_old(tmp_path, NOW) == dropped
    assert old.exists() is not dropped


def test_starting_again_leaves_one_open_file(tmp_path: Path) -> None:
    start(tmp_path, NOW)
    file = start(tmp_path, NOW)
    structlog.get_logger("kiosk").info("once")
    stop()
    assert len(lines(file)) == 1


def test_a_bug_is_logged_with_its_command(tmp_path: Path) -> None:
    file = log_bug(KeyError("x"), command="search", folder=tmp_path)
    assert file is not None
    assert lines(file)[0]["command"] == "search"


def test_a_bug_that_can_not_be_logged_is_no_second_bug(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("")
    assert log_bug(KeyError("x"), command="search", folder=tmp_path / "log") is None
