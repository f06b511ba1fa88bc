"""Settings: file, then environment, else defaults; a fault is told with its place."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.app.settings import BYTES_MAX, Settings, load
from kiosk.domain.errors import InputRefused


def write(folder: Path, text: str) -> Path:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_the_demo_runs(tmp_path: Path) -> None:
    assert load(tmp_path, {}) == Settings()
    assert Settings().reader == "virtual"


def test_a_folder_that_does_not_exist_yet_has_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "new", {}) == Settings()


def test_the_file_sets(tmp_path: Path) -> None:
    write(tmp_path, 'territory = "orne"\nsize = "1080x1920"\nidle_s = 90\nwindowed = true\n')
    settings = load(tmp_path, {})
    assert settings == Settings(territory="orne", size="1080x1920", idle_s=90, windowed=True)
    assert settings.pixels == (1080, 1920)


def test_no_size_is_the_whole_screen() -> None:
    assert Settings().pixels == (0, 0)


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    write(tmp_path, "idle_s = 90\n")
    assert load(tmp_path, {"ALVEOLE_IDLE_S": "120"}).idle_s == 120


@pytest.mark.parametrize(
    ("variable", "word", "field", "value"),
    [
        ("ALVEOLE_WINDOWED", "1", "windowed", True),
        ("ALVEOLE_WINDOWED", "False", "windowed", False),
        ("ALVEOLE_PX_PER_MM", "3.6", "px_per_mm", 3.6),
        ("ALVEOLE_PX_PER_MM", "4", "px_per_mm", 4),
        ("ALVEOLE_TERRITORY", "61", "territory", "61"),
        ("ALVEOLE_LOG_LEVEL", "debug", "log_level", "debug"),
    ],
)
def test_a_word_of_the_environment_is_read_as_its_fields_type(
    tmp_path: Path, variable: str, word: str, field: str, value: object
) -> None:
    assert getattr(load(tmp_path, {variable: word}), field) == value


@pytest.mark.parametrize("name", ["ALVEOLE_DATA", "ALVEOLE_CORPUS", "ALVEOLE_ENV", "PATH"])
def test_variables_that_are_no_settings_are_left_alone(tmp_path: Path, name: str) -> None:
    assert load(tmp_path, {name: "x"}) == Settings()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('# a comment\nidle_s = "long"\n', 2, "Expected `int`"),
        ("idle_s = 90\nidel_s = 90\n", 2, "unknown field `idel_s`"),
        ("idle_s = 1\n", 1, ">= 5"),
        ("\n\nidle_s = true\n", 3, "Expected `int`"),
        ("idle_s = 30\n", 1, "idle_warning_s must be less than idle_s"),
        ('size = "big"\n', 1, "regex"),
        ('idle_s = 90\nsize = "100x9999"\n', 2, "pixels"),
        ('territory = "../../etc"\n', 1, "regex"),
        ("px_per_mm = nan\n", 1, ">= 0"),
        ('reader = "usb"\n', 1, "Invalid enum value"),
        ('payments = "stripe"\n', 1, "Invalid enum value"),
        ('idle_s = 90\npayments = "hub"\n', 2, "the setting hub must say where"),
        ("[idle_s]\na = 1\n", 1, "Expected `int`"),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    file = write(tmp_path, text)
    with pytest.raises(InputRefused, match=re.escape(what)) as refused:
        load(tmp_path, {})
    assert refused.value.where.startswith(f"{file}:")
    assert what in str(refused.value)
    if "must be" not in what:
        assert refused.value.where == f"{file}:{line}"


def test_toml_that_can_not_be_read_says_where(tmp_path: Path) -> None:
    write(tmp_path, "idle_s = 90\nsize = \n")
    with pytest.raises(InputRefused, match=r"line 2"):
        load(tmp_path, {})


@pytest.mark.parametrize("content", [b"\xff\xfe", b"#" * (BYTES_MAX + 1)])
def test_a_file_that_is_no_text_or_too_long_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.toml").write_bytes(content)
    with pytest.raises(InputRefused):
        load(tmp_path, {})


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(InputRefused, match="can't be read"):
        load(tmp_path, {})


def test_a_wrong_word_of_the_environment_is_told_by_its_variable(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        load(tmp_path, {"ALVEOLE_WINDOWED": "perhaps"})
    assert refused.value.where == "$ALVEOLE_WINDOWED"


def test_an_unknown_variable_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as refused:
        load(tmp_path, {"ALVEOLE_IDEL_S": "90"})
    assert "ALVEOLE_IDLE_S" in refused.value.todo


@given(text=st.text(max_size=60))
def test_any_text_is_settings_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "settings.toml").write_text(text, encoding="utf-8", errors="surrogatepass")
    with contextlib.suppress(InputRefused):
        assert load(folder, {}).idle_s > 0


@pytest.mark.parametrize(
    "line",
    [
        'printer = "lp0"',
        'printer = "network:host"',
        "paper_mm = 76",
        'kiosk = "Borne 1"',
        'receipt_page = "http://orne.example"',
        'receipt_page = "https://orne.example/?x"',
        'voice = "loud"',
        'headphones = "perhaps"',
    ],
)
def test_a_device_that_is_no_device_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    file = write(tmp_path, f"idle_s = 90\n{line}\n")
    with pytest.raises(InputRefused) as refused:
        load(tmp_path, {})
    assert refused.value.where == f"{file}:2"


def test_devices_are_read_as_they_are_set(tmp_path: Path) -> None:
    write(tmp_path, 'printer = "network:10.0.0.9:9100"\nreceipt_page = "https://orne.example/r"\n')
    settings = load(tmp_path, {"ALVEOLE_PAPER_MM": "58"})
    assert (settings.printer, settings.paper_mm) == ("network:10.0.0.9:9100", 58)
    assert settings.receipt_page == "https://orne.example/r"
