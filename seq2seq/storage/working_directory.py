"""Working directory of a run: its own directory, or a synchronized local copy of a URL."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from seq2seq.config.parsing import is_url
from seq2seq.config.schema import Settings
from seq2seq.disk import cache_directory, locked
from seq2seq.errors import StorageError
from seq2seq.storage.corpus_files import fetch_corpus_files
from seq2seq.storage.location import Location
from seq2seq.storage.mirror import RunMirror, TakenOver

_LOG = logging.getLogger("seq2seq")


@dataclass(frozen=True)
class WorkingDirectory:
    """Working directory of a run.

    Attributes:
        settings: settings of the run with local paths only.
        directory: local directory of the run.
        shown: directory or URL of the run as the user named it.
        saved: callback for each written checkpoint.
    """

    settings: Settings
    directory: Path
    shown: str
    saved: Callable[[], None] = lambda: None


def with_local_paths(settings: Settings) -> Settings:
    """Return the settings without URLs: corpus files downloaded, runs below the cache directory.

    Raises:
        StorageError: the corpus files cannot be read.
    """
    cache = cache_directory()
    if settings.data.directory is not None and is_url(settings.data.directory):
        directory = fetch_corpus_files(settings.data, cache / "data")
        settings = replace(settings, data=replace(settings.data, directory=str(directory)))
    if is_url(settings.runs):
        settings = replace(settings, runs=str(cache / "runs"))
    return settings


@contextmanager
def working_directory(settings: Settings, *within: str) -> Iterator[WorkingDirectory]:
    """Yield the working directory of the run `<runs>/<name>/<within>`.

    If the run is at a URL, its changes are uploaded at the end, also after an error.

    Raises:
        StorageError: the URL of the run cannot be reached, read or written.
        TrainingError: another process of this machine works on the run.
    """
    local = with_local_paths(settings)
    if not is_url(settings.runs):
        directory = Path(settings.runs, settings.name, *within)
        yield WorkingDirectory(local, directory, shown=str(directory))
        return
    url = "/".join((settings.runs.rstrip("/"), settings.name, *within))
    home = Path(local.runs) / f"{settings.name}-{hashlib.sha256(url.encode()).hexdigest()[:16]}"
    with locked(home):
        mirror = RunMirror(Location(url), home / "run")
        _LOG.info("working in %s, kept at %s", home / "run", url)
        mirror.fetch()
        try:
            yield WorkingDirectory(
                local, home / "run", shown=url, saved=lambda: _push_if_possible(mirror)
            )
        except TakenOver:
            raise
        except Exception:  # after any error the last checkpoint is uploaded
            _push_if_possible(mirror)
            raise
        mirror.push()


def _push_if_possible(mirror: RunMirror) -> None:
    """Upload the changes; a storage error is only logged, since the next checkpoint tries again.

    Raises:
        TakenOver: another process has taken over the URL.
    """
    try:
        mirror.push()
    except TakenOver:
        raise
    except StorageError as error:
        _LOG.warning("%s; what was there before stays, and the next checkpoint tries again", error)
