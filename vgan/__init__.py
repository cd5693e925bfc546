"""VGAN Studio: short clips made by generative adversarial networks."""

__version__ = "0.1.0"
