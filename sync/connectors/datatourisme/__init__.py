"""Places, events and tours of the national tourism platform DATAtourisme."""
