"""Media files: written frame by frame, looked into, and the recipe that travels in them."""
