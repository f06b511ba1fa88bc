"""GTFS: timetables of public transport (gtfs.org, Schedule Reference)."""
