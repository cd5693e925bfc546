"""Training one look on a person's own footage, in a process of its own that tells in a folder how far it is."""
