"""Measures of pictures and clips. Each says its range and what is better."""
