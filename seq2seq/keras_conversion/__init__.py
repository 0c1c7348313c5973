"""Conversion of Keras models with a fixed number of time steps to any number of steps."""
