"""Reports of a run: progress on the terminal, metrics, curves and comparisons of runs."""
