"""One file per command. A command reads its options and calls inwards; it holds no logic."""
