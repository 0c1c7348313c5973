"""Streams of lines: reading, translation in a window, ordered output and resumption."""
