"""Local copies of corpus files at a URL."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from pathlib import Path

from seq2seq.config.data_schema import DataSettings
from seq2seq.config.parsing import is_url
from seq2seq.errors import SettingsError
from seq2seq.storage.location import Location

_LOG = logging.getLogger("seq2seq")


def relative_files(data: DataSettings) -> list[str]:
    """Return the names of the corpus files in `data.directory`, sorted, without absolute paths.

    Raises:
        SettingsError: a name has `..` in it, or is a URL.
    """
    names = set()
    for split in (data.train, data.valid, data.test):
        names |= {name for name in (split.source, split.target) if name is not None}
    for name in sorted(names):
        if ".." in Path(name).parts or is_url(name):
            raise SettingsError(
                f"{name} does not lie in data.directory={data.directory}; give the directory or "
                "URL that holds all corpus files there, and their names below it."
            )
    return sorted(name for name in names if not Path(name).expanduser().is_absolute())


def fetch_corpus_files(data: DataSettings, cache: Path) -> Path:
    """Return a local directory with the corpus files of `data.directory`, which is a URL.

    The directory is created atomically, and reused while the files at the URL are unchanged.

    Raises:
        StorageError: a file cannot be read.
        SettingsError: a file is not below the URL.
    """
    location = Location(str(data.directory))
    states = [(name, *location.state(name)) for name in relative_files(data)]
    made_from = json.dumps([location.url, states])
    directory = cache / hashlib.sha256(made_from.encode()).hexdigest()[:16]
    if directory.is_dir():
        return directory
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=cache))
    try:
        for name, size, _ in states:
            _LOG.info("fetching %s/%s (%.1f MB)", location.url, name, size / 1e6)
            location.download(name, unfinished / name)
        try:
            os.rename(unfinished, directory)
        except OSError:
            if not directory.is_dir():  # otherwise another process was faster
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return directory
