"""Cards and a reader made of software: for the demo, loudly marked, and for tests."""
