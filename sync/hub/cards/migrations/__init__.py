"""Migrations of the hub's cards."""
