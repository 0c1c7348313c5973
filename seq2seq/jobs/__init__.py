"""Submission of runs to a Ray cluster as Ray Jobs, over REST; Ray need not be installed here."""
