"""One file per command: it reads the command's options and calls other packages; no logic."""
