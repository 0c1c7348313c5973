"""Keras models with a fixed number of time steps, made to take any length."""
