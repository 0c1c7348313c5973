"""Runs sent to a Ray cluster as Ray Jobs, over its REST interface; Ray is not needed here."""
