from __future__ import annotations

import pytest

from sync.connectors.gtfs import sheet as module
from sync.connectors.gtfs.sheet import REJECTS_MAX, Rejects, Sheet


def sheet(raw: bytes | str) -> Sheet:
    held = raw.encode() if isinstance(raw, str) else raw
    return Sheet("stops.txt", held, Rejects())


def said(one: Sheet) -> list[tuple[str, str]]:
    return [(reject.where, reject.why) for reject in one.rejects.all()]


def test_the_columns_are_found_by_name_whatever_their_order_and_blanks() -> None:
    one = sheet("\ufeffstop_name, Stop_ID ,x\nMairie,M1,\n")
    assert list(one.cells("stop_id", "stop_name")) == [("M1", "Mairie")]
    assert said(one) == []


def test_an_absent_column_and_a_short_row_read_empty() -> None:
    one = sheet("stop_id,stop_name\nM1\n")
    assert list(one.cells("stop_id", "stop_name", "stop_desc")) == [("M1", "", "")]


def test_a_longer_row_does_not_shift_what_is_absent() -> None:
    one = sheet("stop_id\nM1,too,much\n")
    assert list(one.cells("stop_id", "stop_desc")) == [("M1", "")]


def test_blank_rows_are_passed_over() -> None:
    assert list(sheet("stop_id\n\n   \nM1\n").cells("stop_id")) == [("M1",)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_understood(end: str) -> None:
    one = sheet(end.join(("stop_id,stop_name", "M1,Mairie", "E,Église")))
    assert list(one.cells("stop_id")) == [("M1",), ("E",)]


def test_a_file_in_latin_1_is_read_and_said() -> None:
    one = sheet("stop_name\nÉglise\n".encode("latin-1"))
    assert list(one.cells("stop_name")) == [("Église",)]
    assert said(one) == [("stops.txt:1", "not UTF-8, read as Latin-1")]


def test_an_empty_file_is_said() -> None:
    assert said(sheet("")) == [("stops.txt:1", "empty file")]


def test_missing_columns_are_named() -> None:
    one = sheet("stop_id\n")
    assert not one.has("stop_id", "stop_lat", "stop_name")
    assert said(one) == [("stops.txt:1", "column missing: stop_lat, stop_name")]


def test_an_unclosed_quote_is_rejected_with_its_line() -> None:
    one = sheet('stop_id\nM1\n"' + "x" * 200_000)
    assert list(one.cells("stop_id")) == [("M1",)]
    assert said(one)[0][0] == "stops.txt:3"


def test_chunks_tell_where_they_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    chunks = list(sheet("h\na\nb\nc\n").chunks())
    assert chunks == [(1, [["a"], ["b"]]), (3, [["c"]]), (4, [])]


def test_a_chunk_keeps_what_was_read_before_the_fault() -> None:
    one = sheet('h\na\n"' + "x" * 200_000)
    assert [["a"]] in [rows for _, rows in one.chunks()]


def test_past_a_thousand_rejects_only_the_number_is_kept() -> None:
    rejects = Rejects()
    for number in range(REJECTS_MAX + 5):
        rejects.add(f"stops.txt:{number}", "wrong")
    found = list(rejects.all())
    assert len(found) == REJECTS_MAX + 1
    assert found[-1].why == "and 5 more rejects"
