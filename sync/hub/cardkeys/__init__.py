"""The territories' card keys: kept sealed, given out by as little as a kiosk may hold."""
