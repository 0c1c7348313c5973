"""Submission of runs to a Ray cluster as Ray Jobs, over its REST interface, without Ray itself."""
