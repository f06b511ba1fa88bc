"""GTFS-Realtime feeds: delays, vehicles, alerts."""
