"""Learning: the objective, the step, the loop, checkpoints, and what a run shows of itself."""
