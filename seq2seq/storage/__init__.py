"""Runs and corpora at a URL: `s3://`, `gs://`, `file://`, or any other scheme of fsspec."""
