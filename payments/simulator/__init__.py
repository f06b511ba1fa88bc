"""The bank's stand-in for the demo and the tests: no money moves here, ever."""
