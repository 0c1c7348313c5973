"""Measurements side by side: what ships against other ways to run the same model."""
