"""Planted faults (差错): each a small function that damages an honest county and says what must then be found."""
