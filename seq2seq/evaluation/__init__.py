"""Measures of how good a trained model is on data with known targets, and reports of them."""
