"""An invented timetable, and ways to spoil it."""

# ruff: noqa: E501  # the files stand as a publisher writes them

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from kiosk.domain.record import Record, Reject
from sync.connectors.base import Context
from sync.connectors.gtfs.connector import parse, read_timetable
from sync.connectors.gtfs.rows import Read, read_all

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
FILES = {
    "agency.txt": """agency_id,agency_name,agency_url,agency_timezone
B,Lignes du Bourg,https://bourg.example,Europe/Paris
""",
    "stops.txt": """stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,platform_code,wheelchair_boarding
S,Gare du Bourg,48.4300,0.0900,1,,,1
P1,Gare du Bourg,48.4301,0.0901,0,S,A,
P2,,,,0,S,B,2
M1,Mairie,48.4400,0.1000,,,,
M2,mairie,48.4403,0.1003,,,,1
E,Église,48.4600,0.1200,,,,
V,Mairie,48.9000,0.5000,,,,
""",
    "routes.txt": """route_id,route_short_name,route_long_name,route_type,route_color,route_text_color
R1,1,Gare - Église,3,FFCC00,000000
R2,,Bourg - Ville,2,,
""",
    "calendar.txt": """service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date
WD,1,1,1,1,1,0,0,20261101,20261231
""",
    "calendar_dates.txt": """service_id,date,exception_type
WD,20261111,2
XM,20261225,1
""",
    "trips.txt": """route_id,service_id,trip_id,trip_headsign,wheelchair_accessible
R1,WD,T1,Église,1
R1,WD,T2,,0
R2,WD,N,Ville,
R2,XM,X,Ville,
""",
    "stop_times.txt": """trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,stop_headsign
T1,08:00:00,08:00:00,P1,1,0,
T1,08:10:00,08:11:00,M1,2,0,Église par le pont
T1,08:20:00,08:20:00,E,3,0,
T2,09:00:00,09:00:00,E,1,0,
T2,,,M2,2,0,
T2,09:30:00,09:30:00,P2,3,0,
N,23:50:00,23:50:00,P2,1,0,
N,24:10:00,24:10:00,M1,2,0,
N,24:40:00,24:40:00,V,3,0,
X,10:00:00,10:00:00,P1,1,1,
X,10:20:00,10:20:00,M1,2,3,
X,10:40:00,10:40:00,V,3,0,
""",
}


def zipped(files: dict[str, str | bytes], folder: str = "") -> bytes:
    """Pack files into a zip, in a folder when one is named."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text)
    return held.getvalue()


def feed(**changed: str | bytes | None) -> bytes:
    """The invented feed with files changed (``stops="…"``), or left out (None)."""
    files: dict[str, str | bytes] = dict(FILES)
    for name, text in changed.items():
        files.pop(f"{name}.txt", None)
        if text is not None:
            files[f"{name}.txt"] = text
    return zipped(files)


def plus(name: str, *lines: str) -> str:
    """A file of the invented feed with lines added."""
    return FILES[f"{name}.txt"] + "".join(f"{line}\n" for line in lines)


def context(**changed: object) -> Context:
    given: dict[str, object] = {
        "dataset": "bus",
        "source": "Bourg inventé",
        "licence": "CC0",
        "observed_at": NOW,
        "now": NOW,
        **changed,
    }
    return Context(**given)  # type: ignore[arg-type]  # the tests name the fields


def read(**changed: str | bytes | None) -> Read:
    return read_all(feed(**changed), "Europe/Paris")


def rejects(**changed: str | bytes | None) -> list[tuple[str, str]]:
    """What reading the changed feed rejects, as (where, why)."""
    found = read(**changed).rejects.all()
    return [(reject.where, reject.why) for reject in found]


def parsed(raw: bytes) -> tuple[dict[str, Record], list[Reject]]:
    items = list(parse(raw, context()))
    records = {item.id: item for item in items if isinstance(item, Record)}
    return records, [item for item in items if isinstance(item, Reject)]


def times(**changed: str | bytes | None) -> list[tuple[str, str, str]]:
    """Each departure of the changed feed as (trip, stop, H:MM:SS), in order of the board."""
    rows, _ = read_timetable(feed(**changed), context())
    trips = {no: key for no, key, *_ in rows.trips}
    stops = {no: key for no, key, *_ in rows.stops}
    return [
        (trips[trip], stops[stop], f"{at // 3600}:{at // 60 % 60:02}:{at % 60:02}")
        for _, at, trip, _, stop, *_ in rows.times
    ]
