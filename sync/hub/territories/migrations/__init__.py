"""Migrations of the hub's territories."""
