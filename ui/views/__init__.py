"""What each screen says, as plain values built from dated data (no Qt here)."""
