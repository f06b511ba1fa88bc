"""Ski runs and lifts: whether they are open."""
