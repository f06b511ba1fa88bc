"""Connectors: one folder each, from the bytes of an open-data source to records."""
