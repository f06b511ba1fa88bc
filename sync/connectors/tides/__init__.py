"""Tide predictions from harmonic constituents."""
