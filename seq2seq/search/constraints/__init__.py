"""Constraints on outputs: required, forbidden and forced tokens, spelling and edits."""
