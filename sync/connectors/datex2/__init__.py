"""DATEX II: road works, closures, accidents, traffic orders."""
