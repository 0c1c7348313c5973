"""Training: objective, update step, loop, checkpoints and progress reports."""
