"""What kiosks send: events, exactly once, and photos."""
