"""Patterns written as tables, by what a message is for."""
