"""Settings of a run: their schema, checks, parsing, command-line overrides and recipes."""
