"""Drivers of the kiosk's devices, behind ports."""
