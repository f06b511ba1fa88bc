"""Migrations of the hub's audit."""
