"""The receipt printer: its language, the wires to it, and the port over both."""
