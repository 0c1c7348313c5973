"""Readers: one file for each format of text pairs or labelled sequences."""
