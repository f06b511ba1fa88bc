"""Where the real files are, and which connector reads which (shared with the contract suite)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from kiosk.app.console import ROOT

# Connector → the corpus files that it is tried on, and how many records they give at least.
FILES: Mapping[str, tuple[tuple[str, ...], int]] = {
    "icalendar": (("ics/**/*.ics", "calendriers/*.ics"), 600),
    "scdl": (("scdl/*.csv", "calendriers/*.csv", "neige/*.csv"), 1_200),
    "geojson": (("geo/*.geojson", "geo/*.json", "osm/*.geojson", "osm/*.json"), 1_900),
    "opendatasoft": (("opendatasoft/*.json", "openagenda/**/*.json", "nantes/*.*"), 1_443),
    "rss": (("rss/**/*.xml",), 12),
    "vigilance": (("alertes/*.xml",), 0),
    "cap": (("alertes/cap/*.cap",), 0),
    "osm": (("osm/*json", "tourisme-montagne/**/*OSM*.json"), 144),
    "gbfs": (("gbfs/**/*.json", "gbfs/*.csv"), 5),
    "openagenda": (("openagenda/**/*.json",), 5),
    "open311": (("open311/*.json",), 0),
    "datatourisme": (("datatourisme/*.json",), 6),
    "gpx": (("tourisme-montagne/**/*.gpx",), 4),
    "siri_lite": (("siri/**/*.xml",), 6),
    "geotrek": (("tourisme-montagne/**/geotrek_parser_v2/*.json",), 22),
    "apidae": (("tourisme-montagne/**/*.json",), 31),
    "gtfs_rt": (("gtfs-rt/*.pb", "gtfs-rt/*.asciipb"), 13),
    "tides": (("marees/*.json",), 900),
    "bera": (("neige/*.xml",), 0),
    "datex2": (("datex2/*.xml", "nantes/TraficStatus.xml"), 0),
    "sip2": (("sip2/*.json",), 0),
}


def corpus() -> Path:
    """Give the folder of real files: ALVEOLE_CORPUS, else the one beside the checkout."""
    return Path(os.environ.get("ALVEOLE_CORPUS") or ROOT.parent / "shared" / "data")
