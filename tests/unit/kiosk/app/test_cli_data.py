from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kiosk.app.cli import main
from tests.unit.sync.connectors.gtfs.feeds import FILES, feed


class Shell:
    """Runs the command line in a folder of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.database = folder / "X.db"
        self._capsys = capsys
        self.out = self.err = ""

    def run(self, *words: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["--data", str(self.folder / "data"), *words])
        self.out, self.err = self._capsys.readouterr()
        return int(ended.value.code or 0)

    def json(self, *words: str) -> object:
        assert self.run(*words, "--json") == 0, self.err
        return msgspec.json.decode(self.out)

    def on_database(self, *words: str) -> tuple[str, ...]:
        return (*words, "--database", str(self.database))

    def import_feed(self, raw: bytes | None = None) -> int:
        (self.folder / "feed.zip").write_bytes(feed() if raw is None else raw)
        file = str(self.folder / "feed.zip")
        return self.run(*self.on_database("import", "gtfs", file, "--dataset", "bus"))

    def departures(self, at: str, *more: str, stop: str = "Mairie") -> list[dict[str, object]]:
        words = self.on_database("departures", "--stop", stop, "--at", at, *more)
        found = self.json(*words)
        assert isinstance(found, list)
        return found


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


def test_import_tells_what_it_did(shell: Shell) -> None:
    assert shell.import_feed() == 0
    assert shell.out.startswith("bus: 4 records, 0 live updates, 0 rejects in ")
    assert shell.err == ""


def test_import_tells_the_first_rejects(shell: Shell) -> None:
    wrong = FILES["stop_times.txt"] + "NOPE,08:00:00,08:00:00,P1,1,,\n"
    assert shell.import_feed(feed(stop_times=wrong)) == 0
    assert shell.err == "alveole: rejected stop_times.txt:14: unknown trip 'NOPE'\n"


def test_import_as_json_is_one_document(shell: Shell) -> None:
    (shell.folder / "feed.zip").write_bytes(feed())
    file = str(shell.folder / "feed.zip")
    done = shell.json(*shell.on_database("import", "gtfs", file, "--dataset", "bus"))
    assert isinstance(done, dict)
    assert (done["records"], done["rejects"], done["first_rejects"]) == (4, 0, [])


@pytest.mark.parametrize("raw", [b"", b"no zip", feed(trips=None)])
def test_a_bad_file_ends_with_2_one_line_and_the_old_data(shell: Shell, raw: bytes) -> None:
    shell.import_feed()
    assert shell.import_feed(raw) == 2
    assert shell.err.count("\n") == 1
    assert shell.err.startswith("alveole: feed.zip: ")
    assert shell.departures("2026-11-23T08:00")


@pytest.mark.parametrize(
    "words",
    [
        ("import", "nope", "x", "--dataset", "d"),
        ("import", "gtfs", "missing.zip", "--dataset", "d"),
        ("import", "gtfs", "missing.zip"),
        ("import", "gtfs", "--dataset", "d"),
        ("import", "gtfs", "x", "--dataset", ""),
        ("import", "gtfs", "x", "--dataset", "a/b"),
        ("import", "gtfs", "x", "--dataset", "d" * 65),
        ("departures", "--stop", "x", "--at", "yesterday"),
        ("departures", "--stop", "x", "--at", ""),
        ("departures", "--stop", "x"),
        ("departures", "--at", "2026-11-23"),
        ("departures", "--stop", "x", "--at", "2026-11-23", "--limit", "-1"),
        ("departures", "--stop", "x", "--at", "2026-11-23", "--limit", "1001"),
        ("departures", "--stop", "x", "--at", "2026-11-23", "--database", "none.db"),
        ("search",),
        ("search", "x", "--database", "none.db"),
        ("search", "x", "--territory", "atlantis"),
    ],
)
def test_a_wrong_call_ends_with_2_and_one_line(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell.run(*words) == 2
    assert shell.out == ""
    assert shell.err.startswith("alveole: ")
    assert shell.err.count("\n") == 1


@pytest.mark.parametrize("content", [b"", b"not a database" * 100])
def test_a_database_that_is_none_ends_with_2(shell: Shell, content: bytes) -> None:
    shell.database.write_bytes(content)
    words = shell.on_database("departures", "--stop", "x", "--at", "2026-11-23")
    assert shell.run(*words) == 2
    assert "no content database" in shell.err


def test_departures_are_told_with_their_offset(shell: Shell) -> None:
    shell.import_feed()
    (first, *_) = shell.departures("2026-11-23T08:00")
    assert first == {
        "line": "1",
        "headsign": "Église par le pont",
        "destination": "Église",
        "platform": "",
        "scheduled": "2026-11-23T08:11:00+01:00",
        "expected": None,
        "cancelled": False,
        "state": "theory",
    }


@pytest.mark.parametrize("at", ["2026-11-23T08:11", "2026-11-23T07:11Z", "2026-11-23T02:11-05:00"])
def test_a_time_without_offset_is_the_agencys(shell: Shell, at: str) -> None:
    shell.import_feed()
    (first,) = shell.departures(at, "--limit", "1")
    assert first["scheduled"] == "2026-11-23T08:11:00+01:00"


def test_another_agencys_zone_counts(shell: Shell) -> None:
    shell.import_feed(feed(agency="agency_timezone\nAmerica/Cayenne\n"))
    (first,) = shell.departures("2026-11-23T08:11", "--limit", "1")
    assert first["scheduled"] == "2026-11-23T08:11:00-03:00"


def test_no_departure_is_an_empty_list(shell: Shell) -> None:
    shell.import_feed()
    assert shell.departures("2030-01-01") == []
    assert shell.departures("2026-11-23T08:00", "--limit", "0") == []


def test_an_unknown_stop_is_a_no(shell: Shell) -> None:
    shell.import_feed()
    words = shell.on_database("departures", "--stop", "Atlantide", "--at", "2026-11-23")
    assert shell.run(*words) == 1
    assert shell.err.startswith("alveole: no stop answers to 'Atlantide'")
    assert shell.out == ""


def test_departures_read_as_a_table_without_json(shell: Shell) -> None:
    shell.import_feed()
    words = ("departures", "--stop", "S", "--at", "2026-11-23T07:00", "--limit", "1")
    assert shell.run(*shell.on_database(*words)) == 0
    assert shell.out == "Gare du Bourg\n2026-11-23 08:00         1  Église\n"


def test_search_finds_imported_stops(shell: Shell) -> None:
    shell.import_feed()
    hits = shell.json(*shell.on_database("search", "eglise"))
    assert isinstance(hits, list)
    (hit,) = hits
    assert (hit["id"], hit["title"], hit["dataset"]) == ("E", "Église", "bus")
    assert hit["score"] > 0
    assert shell.json(*shell.on_database("search", "nothing")) == []


def test_search_reads_as_lines_without_json(shell: Shell) -> None:
    shell.import_feed()
    assert shell.run(*shell.on_database("search", "eglise")) == 0
    assert shell.out.rstrip().endswith("/E)")
    assert "Église" in shell.out


def test_the_first_search_fills_the_content_from_the_pack(shell: Shell) -> None:
    hits = shell.json("search", "mairie", "--limit", "3")
    assert isinstance(hits, list)
    assert len(hits) == 3
    assert all(hit["service"] for hit in hits)
    assert (shell.folder / "data" / "content.db").is_file()


def test_import_without_a_database_goes_to_the_data_folder(shell: Shell) -> None:
    (shell.folder / "feed.zip").write_bytes(feed())
    assert shell.run("import", "gtfs", str(shell.folder / "feed.zip"), "--dataset", "trains") == 0
    assert (shell.folder / "data" / "content.db").is_file()


def test_real_data_do_not_inherit_the_demos_name(shell: Shell) -> None:
    """The pack's dataset "bus" is a demonstration; what strangers publish is not."""
    from kiosk.store.database import ContentReader

    shell.import_feed()
    reader = ContentReader(shell.database)
    (row,) = reader.rows("SELECT demo, source FROM record LIMIT 1")
    assert row == (0, "the transport operator")
    reader.close()


def test_the_publisher_may_be_named(shell: Shell) -> None:
    from kiosk.store.database import ContentReader

    (shell.folder / "feed.zip").write_bytes(feed())
    file = str(shell.folder / "feed.zip")
    words = ("import", "gtfs", file, "--dataset", "t", "--source", "SNCF", "--licence", "ODbL 1.0")
    assert shell.run(*shell.on_database(*words)) == 0
    reader = ContentReader(shell.database)
    assert reader.rows("SELECT source, licence FROM record LIMIT 1") == [("SNCF", "ODbL 1.0")]
    reader.close()


@pytest.mark.parametrize("command", ["import", "departures", "search"])
def test_help_gives_an_example(shell: Shell, command: str) -> None:
    assert shell.run(command, "--help") == 0
    assert f"Example: alveole {command}" in " ".join(shell.out.split())


def test_the_real_trains_of_argentan_are_listed(shell: Shell, corpus: Path) -> None:
    file = str(corpus / "gtfs" / "sncf-intercites-2013.zip")
    assert shell.run(*shell.on_database("import", "gtfs", file, "--dataset", "trains")) == 0
    found = shell.departures("2013-12-16T08:00", "--limit", "13", stop="Argentan")
    trains = [(str(one["scheduled"])[11:16], one["headsign"]) for one in found]
    assert trains == [
        ("09:28", "3411"),
        ("09:47", "13020"),
        ("10:19", "3420"),
        ("11:36", "13030"),
        ("12:39", "3421"),
        ("13:17", "3430"),
        ("13:26", "13022"),
        ("15:47", "3431"),
        ("16:23", "3440"),
        ("18:44", "3441"),
        ("19:01", "13032"),
        ("20:09", "3450"),
        ("21:47", "3451"),
    ]
