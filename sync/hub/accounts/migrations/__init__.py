"""Migrations of the hub's accounts."""
