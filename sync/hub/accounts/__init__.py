"""People of the back office and their roles by territory."""
