"""Critics, used in training only."""
