"""Formats in which a trained model is exported, one file each, and their registry."""
