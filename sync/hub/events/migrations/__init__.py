"""Migrations of the hub's events."""
