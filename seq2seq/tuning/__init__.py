"""Sweeps: many runs of the same training function, with settings drawn from a space."""
