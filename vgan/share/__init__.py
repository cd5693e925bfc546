"""What becomes of the frames: the formats that a clip can be shared in."""
