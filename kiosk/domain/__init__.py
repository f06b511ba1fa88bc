"""Values and rules of the kiosk: no I/O, no Qt, no clock."""
