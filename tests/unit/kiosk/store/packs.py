"""A small pack without fault, and ways to break it."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "pack.toml": """\
slug = "petit"
name = { fr = "Petit", en = "Small" }
host.fr = "Mairie"
host.en = "Town hall"
insee = ["61001"]
holidays_zone = "B"
languages = ["fr", "en"]
timezone = "Europe/Paris"
position = { lat = 48.43, lon = 0.09 }
bounds = { south = 48.0, west = -1.0, north = 49.0, east = 1.0 }
phone = "02 61 91 00 00"
""",
    "theme.toml": 'accent = "#FFB81C"\n',
    "services.toml": """\
[[service]]
id = "piscine"
kind = "places"
family = "live"
icon = "pool"
title.fr = "Piscine"
title.en = "Pool"
datasets = ["piscines"]
cell = [0, 0]

[[service]]
id = "agenda"
kind = "agenda"
family = "culture"
icon = "calendar-event"
title.fr = "Agenda"
title.en = "What’s on"
datasets = ["agenda"]
cell = [0, 1]
""",
    "datasets.toml": """\
[[dataset]]
id = "piscines"
title.fr = "Piscines"
title.en = "Pools"
kind = "place"
connector = "seed"
source = "Mairie"
licence = "Licence Ouverte 2.0"
seed = "seeds/piscines.ndjson"

[[dataset]]
id = "agenda"
title.fr = "Agenda"
title.en = "What’s on"
kind = "event"
connector = "seed"
source = "Mairie"
licence = "Licence Ouverte 2.0"
seed = "seeds/agenda.ndjson"

[[dataset]]
id = "bus"
title.fr = "Bus"
title.en = "Buses"
kind = "stop"
connector = "gtfs"
source = "Mairie"
licence = "Licence Ouverte 2.0"
seed = "seeds/gtfs-bus"
""",
    "texts/fr.toml": 'welcome = "Bienvenue"\n',
    "texts/en.toml": 'welcome = "Welcome"\n',
    "seeds/piscines.ndjson": (
        '{"id":"p1","title":{"fr":"Piscine","en":"Pool"},"geo":{"lat":48.4,"lon":0.1},'
        '"source":"Mairie","observed_at":"2026-01-02","data":{"hours":"Mo-Fr 09:00-12:00"}}\n'
        '{"id":"p2","title":{"fr":"Bassin","en":"Basin"},"demo":true,"data":{}}\n'
    ),
    "seeds/agenda.ndjson": (
        '{"id":"e1","title":{"fr":"Bal","en":"Ball"},"demo":true,'
        '"data":{"starts_at":"+3T20:30","ends_at":"+4T01:00"}}\n'
        '{"id":"e2","title":{"fr":"Marché","en":"Market"},"demo":true,'
        '"every":{"days":["sat"],"weeks":3},"data":{"starts_at":"+0T08:00"}}\n'
    ),
    "seeds/gtfs-bus/agency.txt": "agency_id\n",
    "seeds/gtfs-bus/routes.txt": "route_id\n",
    "seeds/gtfs-bus/stop_times.txt": "trip_id\n",
    "seeds/gtfs-bus/stops.txt": "stop_id\n",
    "seeds/gtfs-bus/trips.txt": "trip_id\n",
}


PRODUCTS = """\
[[product]]
code = 1
kind = "entry"
service = "piscine"
title.fr = "Entrée"
title.en = "Entry"
price_cents = { full = 320, child = 160 }
book = 3

[[product]]
code = 2
kind = "pass"
service = "agenda"
title.fr = "Saison"
title.en = "Season"
price_cents = { full = 0 }
season_end = "06-30"
"""


def small_pack(root: Path) -> Path:
    """Write the small pack into ``root``/petit and give that folder."""
    folder = root / "petit"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the first ``old`` in a file of the pack; ``old`` must be there."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} isn't in {name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
