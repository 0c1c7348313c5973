"""Corpora: reading and checking pairs, the prepared store, batches of ids, downloads."""
