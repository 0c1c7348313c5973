"""Benchmarks that compare the shipped implementation with other ways to run the same model."""
