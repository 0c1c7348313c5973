"""The manifest of an exported model: list of its files with checksums, and reader of these files.

Each file is read once: the bytes whose checksum was verified are the bytes that are used.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal, get_args

import seq2seq
from seq2seq.errors import ModelError
from seq2seq.export.safe_files import MOST_JSON, parse_json, plain_size, read_plain, write_json

FORMAT = 4
ExportPrecision = Literal["float32", "int8"]
MANIFEST = "manifest.json"
OLD_MANIFEST = "artefact.json"  # its name in formats 1 to 3

_MOST_BYTES = 2**32  # limit of one file
_VERSION = re.compile(r"[0-9A-Za-z.+-]{1,60}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Listed:
    """Size and checksum of a file in the manifest."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Content of `manifest.json`, each part checked.

    Attributes:
        directory: directory of the exported model.
        version: version of seq2seq that wrote it.
        precision: precision of the numbers.
        vocabulary: number of tokens of each side, `source` and `target`.
        files: all files of the exported model by their relative path.
    """

    directory: Path
    version: str
    precision: ExportPrecision
    vocabulary: Mapping[str, int]
    files: Mapping[str, Listed]

    def check_sizes(self) -> None:
        """Raise `ModelError` if a listed file is missing, not plain or of another size."""
        for name, listed in self.files.items():
            path = self.directory / name
            _check_no_links(self.directory, name)
            size = plain_size(path)
            if size != listed.size:
                raise ModelError(
                    f"{path} is damaged: it has {size} bytes, and {MANIFEST} says {listed.size}; "
                    "copy it or export the model again"
                )

    def read(self, name: str) -> bytes:
        """Return the content of a listed file.

        Raises `ModelError` if it is not listed, missing, not a plain file or its checksum
        differs.
        """
        listed = self.files.get(name)
        if listed is None:
            raise ModelError(
                f"{self.directory / MANIFEST} does not list {name}; export the model again"
            )
        _check_no_links(self.directory, name)
        path = self.directory / name
        content = read_plain(path, most=_MOST_BYTES)
        if hashlib.sha256(content).hexdigest() != listed.sha256:
            raise ModelError(
                f"{path} is damaged: its checksum is not the one in {MANIFEST} "
                f"({len(content)} bytes); copy it or export the model again"
            )
        return content

    def read_json(self, name: str) -> dict[str, Any]:
        """Return the object in a listed JSON file.

        Raises `ModelError` as `read` does, or if the file is too large or holds no JSON object.
        """
        content = self.read(name)
        if len(content) > MOST_JSON:
            raise ModelError(f"{self.directory / name} is too large; export the model again")
        return parse_json(content, self.directory / name)

    def check_rest(self, read: Collection[str]) -> None:
        """Verify the checksums of all listed files except those that have been `read`."""
        for name in self.files:
            if name not in read:
                self.read(name)


def read_manifest(directory: Path) -> Manifest:
    """Return the manifest of the exported model in `directory`.

    Raises `ModelError` if there is no manifest, or it is of another format, damaged, or lists a
    name that is not a file inside the exported model.
    """
    path = directory / MANIFEST
    if not os.path.lexists(path) and os.path.lexists(directory / OLD_MANIFEST):
        raise ModelError(
            f"{directory} has the exported model format of an older seq2seq ({OLD_MANIFEST}), and "
            f"{seq2seq.__version__} reads format {FORMAT}; export its run again with `seq2seq "
            "export RUN`"
        )
    content = parse_json(read_plain(path, most=MOST_JSON), path)
    _check_format(directory, content)
    version, precision = content.get("seq2seq"), content.get("precision")
    vocabulary, files = content.get("vocabulary"), content.get("files")
    valid = {
        "seq2seq": isinstance(version, str) and _VERSION.fullmatch(version),
        "precision": precision in get_args(ExportPrecision),
        "vocabulary": isinstance(vocabulary, dict)
        and vocabulary.keys() == {"source", "target"}
        and all(type(size) is int for size in vocabulary.values()),
        "files": isinstance(files, dict),
    }
    wrong = [key for key, fine in valid.items() if not fine]
    if wrong:
        raise ModelError(
            f"{path} is not the manifest of an exported model of format {FORMAT} (look at "
            f"{', '.join(map(repr, wrong))}); export the model again"
        )
    return Manifest(
        directory=directory,
        version=str(version),
        precision=content["precision"],
        vocabulary=dict(vocabulary or {}),
        files={name: _listed(path, name, said) for name, said in (files or {}).items()},
    )


def write_manifest(
    directory: Path,
    *,
    version: str,
    precision: ExportPrecision,
    vocabulary: Mapping[str, int],
) -> None:
    """Write the manifest, which lists all existing files; it must be the last file written.

    Args:
        directory: directory of the exported model.
        version: version of seq2seq that writes it.
        precision: precision of the numbers.
        vocabulary: number of tokens of each side, `source` and `target`.
    """
    write_json(
        directory / MANIFEST,
        {
            "format": FORMAT,
            "seq2seq": version,
            "precision": precision,
            "vocabulary": dict(vocabulary),
            "files": _entries(directory),
        },
    )


def write_foreign_manifest(directory: Path, *, name: str, version: str) -> None:
    """Write the manifest of an export for other programs; it lists all existing files.

    Args:
        directory: directory of the export.
        name: name of the format, as `seq2seq export --format` takes it.
        version: version of seq2seq that writes it.
    """
    content = {"format": name, "seq2seq": version, "files": _entries(directory)}
    write_json(directory / MANIFEST, content)


def is_export(directory: Path) -> bool:
    """Return whether a directory holds a manifest that seq2seq wrote."""
    if (directory / OLD_MANIFEST).is_file():
        return True
    try:
        path = directory / MANIFEST
        content = parse_json(read_plain(path, most=MOST_JSON), path)
    except ModelError:
        return False
    return {"format", "seq2seq", "files"} <= content.keys()


def _entries(directory: Path) -> dict[str, dict[str, int | str]]:
    return {
        path.relative_to(directory).as_posix(): _entry(path)
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def _entry(path: Path) -> dict[str, int | str]:
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _check_format(directory: Path, content: Mapping[str, Any]) -> None:
    number = content.get("format")
    if isinstance(number, str) and "seq2seq" in content:
        raise ModelError(
            f"{directory} is exported in the format {number[:20]!r} for other programs; give the "
            f"run, or its export in format {FORMAT}"
        )
    if type(number) is not int or number < 1:
        raise ModelError(
            f"{directory / MANIFEST} is not the manifest of an exported model (look at 'format'); "
            "export the model again"
        )
    if number > FORMAT:
        raise ModelError(
            f"{directory} has exported model format {number}, written by seq2seq "
            f"{str(content.get('seq2seq'))[:60]!r}; this is {seq2seq.__version__}, which reads "
            f"format {FORMAT}: install the newer version, or export the model again"
        )
    if number < FORMAT:
        raise ModelError(
            f"{directory} has exported model format {number} of an older seq2seq, and "
            f"{seq2seq.__version__} reads format {FORMAT}; export its run again with `seq2seq "
            "export RUN`"
        )


def _listed(manifest: Path, name: str, said: Any) -> Listed:
    """Return the manifest's entry of one file, which must lie inside the exported model."""
    parts = PurePosixPath(name).parts
    plain = bool(parts) and "/".join(parts) == name and name.isprintable()
    if not plain or ".." in parts or name.startswith("/") or set(name) & set("\\:"):
        raise ModelError(
            f"{manifest} lists {name!r}, which is no file name inside the exported model"
        )
    size = said.get("bytes") if isinstance(said, dict) else None
    digest = said.get("sha256") if isinstance(said, dict) else None
    if type(size) is not int or not isinstance(digest, str) or not _SHA256.fullmatch(digest):
        raise ModelError(f"{manifest} does not say size and sha256 of {name}; export it again")
    return Listed(size, digest)


def _check_no_links(directory: Path, name: str) -> None:
    for folder in list(PurePosixPath(name).parents)[:-1]:
        if os.path.islink(directory / folder):
            raise ModelError(
                f"{directory / folder} is a link; an exported model holds plain files only"
            )
