"""A smaller loop generator that draws the same pictures in half the time."""
