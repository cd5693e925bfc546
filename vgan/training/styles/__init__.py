"""Training of the style network, and of single styles for it."""
