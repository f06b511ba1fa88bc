"""What an auditor carries away: one file of plain Python, no package needed."""
