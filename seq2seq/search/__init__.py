"""Searching for outputs step by step, over any model that can encode and step; plain NumPy."""
