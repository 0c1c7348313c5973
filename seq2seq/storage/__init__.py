"""Runs and corpora at a URL: `s3://`, `gs://`, `file://`, whatever fsspec has a package for."""
