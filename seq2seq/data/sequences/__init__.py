"""Sequences of any kind with their labels: reading, normalising, storing and batching them."""
