"""What others need for the same copy: JSON into sqlite-utils, sqlite3_rsync, PouchDB.

None is a dependency of the product: what isn't installed is skipped with its reason. PouchDB is
npm's (``NODE_PATH`` leads to it); it gets POUCH_RECORDS of them and its time is multiplied, as if
it didn't grow faster than their number. sqlite3_rsync is the one in apsw's wheel. All figures are
CPU time. PouchDB's and sqlite3_rsync's are of both ends; ours is the kiosk's alone, with its search
index, its R-Tree and its verification, of which PouchDB has none and sqlite-utils the first.
"""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

import msgspec

from kiosk.app.cli_bench import Figure

POUCH_RECORDS = 10_000
TIMEOUT_S = 300
PROGRAM = Path(__file__).with_name("_pouchdb.js")


def of_peers(
    folder: Path, before: Mapping[str, bytes], after: Mapping[str, bytes], changed: Path, base: Path
) -> dict[str, Figure]:
    """Measure the peers; ``base`` is a content database, ``changed`` the same after the delta."""
    figures = of_sqlite_utils(folder, before) | of_rsync(folder, base, changed)
    return figures | of_pouchdb(folder, before, after)


def of_sqlite_utils(folder: Path, lines: Mapping[str, bytes]) -> dict[str, Figure]:
    """Load one JSON document into a table with full-text search, as a script would."""
    from sqlite_utils import Database

    document = b"[" + b",".join(lines.values()) + b"]"

    def load() -> None:
        database = Database(folder / "naive.db")
        table = database.table("record")
        table.insert_all(json.loads(document), pk="id")
        table.enable_fts(["title", "body"])
        database.close()

    return {"peer_json_sqlite_utils_s": spent_s(load, resource.RUSAGE_SELF)}


def of_rsync(folder: Path, base: Path, changed: Path) -> dict[str, Figure]:
    """Let sqlite3_rsync make the copy, then bring it to the changed database."""
    found = find_spec("apsw")
    places = [] if found is None else found.submodule_search_locations or []
    program = next((one for place in places for one in Path(place).rglob("sqlite3_rsync")), None)
    if program is None:
        return {"peer_sqlite3_rsync": "not in an apsw wheel here"}
    replica, told = folder / "replica.db", ""

    def copy(origin: Path) -> None:
        nonlocal told
        command = [str(program), str(origin), str(replica), "-v"]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=TIMEOUT_S, check=True
        )
        told = done.stdout + done.stderr

    full_s = spent_s(lambda: copy(base), resource.RUSAGE_CHILDREN)
    delta_s = spent_s(lambda: copy(changed), resource.RUSAGE_CHILDREN)
    sent = [int(word.replace(",", "")) for word in re.findall(r"([\d,]+) bytes", told)]
    return {
        "peer_sqlite3_rsync_full_s": full_s,
        "peer_sqlite3_rsync_delta_s": delta_s,
        "peer_sqlite3_rsync_delta_bytes": sum(sent[:2]) if sent else told[:200],
    }


def of_pouchdb(
    folder: Path, before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> dict[str, Figure]:
    """Let PouchDB replicate some of the records, then the changed ones of them."""
    if shutil.which("node") is None:
        return {"peer_pouchdb": "node isn't installed"}
    names = sorted(before)[:POUCH_RECORDS]
    whole, some = folder / "all.ndjson", folder / "some.ndjson"
    whole.write_bytes(b"\n".join(before[name] for name in names))
    some.write_bytes(b"\n".join(after[name] for name in names if after[name] != before[name]))
    try:
        done = subprocess.run(
            ["node", str(PROGRAM), str(folder), str(whole), str(some)],
            capture_output=True,
            timeout=TIMEOUT_S,
            check=True,
        )
    except subprocess.CalledProcessError as wrong:
        absent = b"Cannot find module" in wrong.stderr
        return {"peer_pouchdb": "not in NODE_PATH" if absent else wrong.stderr.decode()[-200:]}
    took = msgspec.json.decode(done.stdout, type=dict[str, float])
    scale = len(before) / len(names)
    return {
        "peer_pouchdb_records": len(names),
        "peer_pouchdb_full_s_for_all": took["full_s"] * scale,
        "peer_pouchdb_delta_s_for_all": took["delta_s"] * scale,
    }


def spent_s(work: Callable[[], None], whose: int) -> float:
    """Give the CPU seconds that ``work`` takes."""
    begun = resource.getrusage(whose)
    work()
    ended = resource.getrusage(whose)
    return ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime
