"""Migrations of the hub's datasets."""
