"""Fetching open data without being led into our own network."""
