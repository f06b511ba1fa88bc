"""What kiosks must know of cards: pending loads and lost cards."""
