"""Places, events and walks of the tourism network Apidae."""
