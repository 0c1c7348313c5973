"""Search for outputs token by token, with any model that encodes and steps, in plain NumPy."""
