"""Training of the networks that mend: upscalers and denoisers."""
