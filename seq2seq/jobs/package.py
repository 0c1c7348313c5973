"""Package of a job: the recipe and small corpus files, which form its working directory."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from seq2seq.config.parsing import is_url
from seq2seq.config.recipe import without_references
from seq2seq.config.recipe_files import embedded_corpus
from seq2seq.config.schema import Settings, settings_to_mapping
from seq2seq.errors import SettingsError
from seq2seq.jobs.packed_corpus import packed_corpus

RECIPE = "submitted"  # the job runs `seq2seq train experiment=submitted`
LARGEST = 100_000_000  # maximum size of the sent corpus files in bytes
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def make_package(settings: Settings, *, working_directory: Path) -> tuple[str, bytes]:
    """Return the name and the content of the archive for a job with these settings.

    The recipe is sent with all its values resolved, so that the job runs the settings that were
    checked here. Corpus files below `working_directory` are included. A warning names the files
    that could not be checked.

    Raises:
        SettingsError: a path exists only on this machine, or the files are too large to send.
        DataError: a corpus file is missing.
    """
    _check_locations(settings, working_directory)
    data, files = packed_corpus(settings.data, working_directory)
    _check_size(files)
    values = without_references(settings_to_mapping(replace(settings, data=data)))
    embedded = embedded_corpus(data.directory)
    if embedded is not None:
        values["data"]["directory"] = f"${{{embedded}:}}"
    recipe = json.dumps(values, indent=1)  # JSON is YAML
    contents = {f"conf/experiment/{RECIPE}.yaml": f"# @package _global_\n{recipe}\n".encode()}
    archive = _archive(contents, files)
    return f"_ray_pkg_{hashlib.sha256(archive).hexdigest()[:16]}.zip", archive


def _check_locations(settings: Settings, working_directory: Path) -> None:
    """Reject paths that the cluster cannot have.

    Raises:
        SettingsError: a path is below the working directory; the message names it.
    """
    if not is_url(settings.runs) and Path(settings.runs).is_relative_to(working_directory):
        raise SettingsError(
            f"runs={settings.runs} lies in the directory you are in, which the cluster does not "
            "have; give storage that it shares: runs=s3://bucket/prefix, gs://bucket/prefix or "
            "file:///shared/runs."
        )
    start = settings.model.init_from
    if start is not None and Path(start).is_relative_to(working_directory):
        raise SettingsError(
            f"model.init_from={start} lies in the directory you are in, which the cluster does "
            "not have; give a path that all its machines share."
        )


def _check_size(files: Mapping[str, Path]) -> None:
    size = sum(path.stat().st_size for path in files.values())
    if size > LARGEST:
        raise SettingsError(
            f"The corpus files are {size / 1e6:,.0f} MB, too much to send (at most "
            f"{LARGEST / 1e6:.0f} MB); put them onto shared or object storage and give "
            "data.directory=s3://bucket/corpus, gs://bucket/corpus or file:///shared/corpus."
        )


def _archive(contents: Mapping[str, bytes], files: Mapping[str, Path]) -> bytes:
    """Return a zip file that is identical for identical contents."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted({*contents, *files}):
            entry = zipfile.ZipInfo(os.path.normpath(name), _LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            content = contents[name] if name in contents else files[name].read_bytes()
            archive.writestr(entry, content)
    return held.getvalue()
