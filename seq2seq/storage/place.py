"""Where a run works: its own directory, or for one at a URL a local copy that is kept the same."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from seq2seq.errors import StorageError
from seq2seq.rules import is_url
from seq2seq.settings import Settings
from seq2seq.storage.corpus_files import fetch_corpus_files
from seq2seq.storage.location import Location
from seq2seq.storage.mirror import RunMirror, TakenOver

_LOG = logging.getLogger("seq2seq")


@dataclass(frozen=True)
class Place:
    """Where a run works.

    Attributes:
        settings: those of the run, all paths local.
        directory: of the run, local.
        shown: of the run, as the user named it.
        saved: to be called when a checkpoint has been written.
    """

    settings: Settings
    directory: Path
    shown: str
    saved: Callable[[], None] = lambda: None


def cache_directory() -> Path:
    """`SEQ2SEQ_CACHE`, or `seq2seq` in the user's cache directory."""
    own = os.environ.get("SEQ2SEQ_CACHE")
    if own:
        return Path(own).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "seq2seq"


def with_local_paths(settings: Settings) -> Settings:
    """The same settings with no URL: corpus files fetched, runs below the cache directory.

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
def working_place(settings: Settings, *within: str) -> Iterator[Place]:
    """Where the run `<runs>/<name>/<within>` works; at its end all of it is where it belongs.

    Raises:
        StorageError: the URL of the run cannot be reached, read or written.
        TrainingError: another process of this machine works on the run.
    """
    local = with_local_paths(settings)
    if not is_url(settings.runs):
        directory = Path(settings.runs, settings.name, *within)
        yield Place(local, directory, shown=str(directory))
        return
    from seq2seq.training.run_directory import locked

    url = "/".join((settings.runs.rstrip("/"), settings.name, *within))
    home = Path(local.runs) / f"{settings.name}-{hashlib.sha256(url.encode()).hexdigest()[:16]}"
    with locked(home):
        mirror = RunMirror(Location(url), home / "run")
        _LOG.info("working in %s, kept at %s", home / "run", url)
        mirror.fetch()
        try:
            yield Place(local, home / "run", shown=url, saved=lambda: _push_if_possible(mirror))
        except TakenOver:
            raise
        except Exception:  # why ever it ends here, the last checkpoint goes there
            _push_if_possible(mirror)
            raise
        mirror.push()


def _push_if_possible(mirror: RunMirror) -> None:
    """A storage that cannot be reached now is no reason to stop: the next checkpoint goes too."""
    try:
        mirror.push()
    except TakenOver:
        raise
    except StorageError as error:
        _LOG.warning("%s; what was there before stays, and the next checkpoint tries again", error)
