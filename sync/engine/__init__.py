"""Brings what connectors read into the content database."""
