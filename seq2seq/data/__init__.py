"""Corpora: reading and checking of pairs, the prepared store, batches of ids, downloads."""
