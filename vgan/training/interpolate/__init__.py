"""The learned interpolator: real frames, pictures that move in known ways, and the trainer."""
