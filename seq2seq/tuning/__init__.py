"""Sweeps: many runs of the same training function, with settings from a search space."""
