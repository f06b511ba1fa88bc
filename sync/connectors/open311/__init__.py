"""Open311 GeoReport: what can be reported, and what was."""
