"""Walks and points of GPX files."""
