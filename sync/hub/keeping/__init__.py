"""Keeping a hub: its backup in one file, and the way back from it."""
