"""The only SQL of the kiosk."""
