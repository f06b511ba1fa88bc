"""RSS and Atom: a town hall's news."""
