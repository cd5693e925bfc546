"""Unpaired translation: two sets of pictures or clips, and two generators that turn each into the other."""
