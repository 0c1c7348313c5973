"""Submission of runs to a Ray cluster as Ray Jobs, over REST; this machine does not need Ray."""
