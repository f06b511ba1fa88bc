"""Places of digital help, as the French national standard describes them."""
