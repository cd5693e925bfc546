"""Training of the network that fills in what a damaged frame has lost."""
