"""Training by several processes, here or on a Ray cluster."""
