"""Training of any family of video generators: data as arrays, losses by name, one trainer."""
