"""Migrations of the hub's devices."""
