from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import DataAbsent, InputRefused
from kiosk.domain.record import Record, Reject
from kiosk.domain.transit import TripUpdate
from kiosk.store import content
from kiosk.store.content import ContentWriter, first_rowid, keywords
from kiosk.store.database import ContentReader
from tests.unit.kiosk.store.contents import NOW, dataset, publish, record


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "content.db"


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def ids(path: Path) -> list[object]:
    return [row[0] for row in rows(path, "SELECT id FROM record ORDER BY no")]


def test_a_dataset_is_replaced_whole(path: Path) -> None:
    publish(path, [record("a"), record("b")])
    publish(path, [record("c")])
    assert ids(path) == ["c"]


def test_another_dataset_is_left_alone(path: Path) -> None:
    publish(path, [record("a")], "one")
    publish(path, [record("a")], "two")
    publish(path, [], "one")
    assert rows(path, "SELECT id, records FROM dataset ORDER BY id") == [("one", 0), ("two", 1)]
    assert ids(path) == ["a"]


def test_the_indexes_follow_the_records(path: Path) -> None:
    publish(path, [record("a", "Piscine", at=(48.4, 0.1)), record("b", "Cinéma", at=(48.5, 0.1))])
    publish(path, [record("c", "Marché", at=(48.6, 0.1))])
    assert rows(path, "SELECT count(*) FROM record_geo") == [(1,)]
    for word, found in (("piscine", 0), ("marche", 1)):
        query = f"SELECT count(*) FROM record_fts WHERE record_fts MATCH '{word}'"
        assert rows(path, query) == [(found,)]
    assert rows(path, "INSERT INTO record_fts(record_fts) VALUES('integrity-check')") == []


def test_what_was_imported_is_told(path: Path) -> None:
    done = publish(path, [record("a"), Reject(where="2", why="no title"), record("b")])
    assert (done.records, done.rejects) == (2, 1)
    (told,) = rows(path, "SELECT records, rejects, first_rejects, observed_at FROM dataset")
    assert told == (2, 1, '[["2","no title"]]', int(NOW.timestamp()))


def test_the_second_bearer_of_an_id_is_a_reject(path: Path) -> None:
    done = publish(path, [record("a", "First"), record("a", "Second")])
    assert [reject.where for reject in done.first_rejects] == ["a"]
    assert rows(path, "SELECT names FROM record") == [("first",)]


def test_many_rejects_are_counted_but_not_all_kept(path: Path) -> None:
    wrong = [Reject(where=str(number), why="wrong") for number in range(1500)]
    done = publish(path, [record("a"), *wrong])
    assert (done.rejects, len(done.first_rejects)) == (1500, content.REJECTS_KEPT_MAX)
    (kept,) = rows(path, "SELECT first_rejects FROM dataset")
    assert len(msgspec.json.decode(str(kept[0]))) == content.REJECTS_STORED_MAX


def test_a_file_of_rejects_only_keeps_the_last_good_data(path: Path) -> None:
    publish(path, [record("a")])
    with pytest.raises(InputRefused, match="none of its 1 items could be read, the first: wrong"):
        publish(path, [Reject(where="1", why="wrong")])
    assert ids(path) == ["a"]


def test_a_feed_that_breaks_half_way_keeps_the_last_good_data(path: Path) -> None:
    publish(path, [record("a")])

    def breaking() -> Iterator[Record]:
        yield record("b")
        raise InputRefused("more than enough")

    with pytest.raises(InputRefused, match="more than enough"):
        publish(path, breaking())
    assert ids(path) == ["a"]
    assert rows(path, "SELECT records FROM dataset") == [(1,)]


def test_an_empty_feed_empties_the_dataset(path: Path) -> None:
    publish(path, [record("a")])
    assert publish(path, []).records == 0
    assert ids(path) == []


def test_a_reader_sees_the_old_or_the_new_never_half(path: Path) -> None:
    publish(path, [record(f"old{number}") for number in range(20)])
    reader = ContentReader(path)
    seen: set[tuple[object, ...]] = set()

    def watched() -> Iterator[Record]:
        for number in range(30):
            yield record(f"new{number}")
            seen.update(reader.rows("SELECT count(*), min(id) FROM record"))

    publish(path, watched())
    assert seen == {(20, "old0")}
    assert reader.rows("SELECT count(*), min(id) FROM record") == [(30, "new0")]
    reader.close()


def test_replacements_of_one_swap_are_seen_together(path: Path) -> None:
    reader = ContentReader(path)
    with ContentWriter(path) as writer, writer.swap():
        for name in ("one", "two"):
            writer.replace_dataset(dataset(name), [record("a")], observed_at=NOW, imported_at=NOW)
            assert reader.rows("SELECT count(*) FROM record") == [(0,)]
    assert reader.rows("SELECT count(*) FROM record") == [(2,)]
    reader.close()


def test_a_swap_leaves_no_journal_behind(path: Path) -> None:
    with ContentWriter(path) as writer:
        writer.replace_dataset(dataset(), [record("a")], observed_at=NOW, imported_at=NOW)
        assert Path(f"{path}-wal").stat().st_size == 0


def test_a_count_that_does_not_stand_is_not_committed(path: Path) -> None:
    publish(path, [record("a")])
    with ContentWriter(path) as writer:
        trigger = "CREATE TEMP TRIGGER eat AFTER INSERT ON record BEGIN DELETE FROM record; END"
        writer._connection.execute(trigger)
        with pytest.raises(DataAbsent, match="2 records went in, 0 are stored"):
            writer.replace_dataset(
                dataset(), [record("b"), record("c")], observed_at=NOW, imported_at=NOW
            )
    assert ids(path) == ["a"]


def test_a_busy_database_is_told_as_unavailable(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.store.database.WRITE_WAIT_S", 0)
    publish(path, [record("a")])
    with closing(sqlite3.connect(path)) as other, ContentWriter(path) as writer:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DataAbsent, match="locked"):
            writer.replace_dataset(dataset(), [], observed_at=NOW, imported_at=NOW)


def test_a_file_that_is_no_database_is_told_and_kept(path: Path) -> None:
    path.write_bytes(b"precious notes, not a database" * 50)
    with pytest.raises(DataAbsent, match="not a database"):
        ContentWriter(path)
    assert path.read_bytes().startswith(b"precious")


@given(st.integers(0, 100), st.integers(0, 100), st.integers(1, 65_535), st.integers(1, 65_535))
def test_the_more_popular_always_stand_first(one: int, other: int, no: int, nr: int) -> None:
    if one > other:
        assert first_rowid(one, no) + content.RECORDS_MAX - 1 < first_rowid(other, nr)


def test_rows_lie_in_order_of_popularity(path: Path) -> None:
    publish(path, [record("low", popularity=1), record("high", popularity=99), record("none")])
    assert ids(path) == ["high", "low", "none"]


def test_keywords_come_from_the_facts_that_name_a_place() -> None:
    data: dict[str, object] = {
        "commune": "Flers",
        "lines": ["1", 2],
        "phone": "02",
        "address": None,
    }
    assert list(keywords(data)) == ["Flers", "1"]  # type: ignore[arg-type]  # JSON as it comes


def test_diverted_records_are_counted_but_not_stored(path: Path) -> None:
    taken: list[str] = []

    def divert(one: Record) -> bool:
        taken.append(one.id)
        return one.kind == "trip_update"

    with ContentWriter(path) as writer:
        items: list[Record | Reject] = [
            record("a", kind="trip_update"),
            record("b"),
            Reject(where="3", why="wrong"),
        ]
        done = writer.replace_dataset(
            dataset(), items, observed_at=NOW, imported_at=NOW, divert=divert
        )
    assert (done.records, done.diverted, done.rejects) == (1, 1, 1)
    assert taken == ["a", "b"]
    assert ids(path) == ["b"]


def test_live_news_replace_those_of_the_same_timetable(path: Path) -> None:
    late = TripUpdate(trip="T1", delay_s=120, observed_at=NOW, valid_until=NOW + timedelta(hours=1))
    with ContentWriter(path) as writer:
        writer.replace_updates("trains", [late])
        assert writer.replace_updates("bus", [late, late]) == 2
        assert writer.replace_updates("bus", []) == 0
        assert not writer.has_timetable("bus")
    assert rows(path, "SELECT dataset, trip, delay_s FROM gtfs_update") == [("trains", "T1", 120)]


def test_too_many_datasets_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "DATASETS_MAX", 2)
    publish(path, [], "one")
    with pytest.raises(InputRefused, match="too many datasets"):
        publish(path, [], "two")


def test_too_many_records_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "RECORDS_MAX", 1)
    with pytest.raises(InputRefused, match="more than 1 records"):
        publish(path, [record("a"), record("b")])
