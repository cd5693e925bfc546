"""What a sentence means for the sliders, learned from captions that made clips write about themselves."""
