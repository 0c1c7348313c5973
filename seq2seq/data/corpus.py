"""The prepared corpus: built once for one set of files and settings, then opened.

A corpus lives in `<directory>/<first 16 digits of its fingerprint>/`. It is built in a hidden
directory beside that place and renamed when it is complete, so that what has the name is whole.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from seq2seq.data.preparation import RAW_FILE, Preparation, Progress, Tokenizers, write_synced
from seq2seq.data.readers import PairReader
from seq2seq.data.report import CorpusReport
from seq2seq.data.store import CorpusStore
from seq2seq.errors import ArtefactError, DataError
from seq2seq.settings import DataSettings, TokenizerSettings
from seq2seq.text.tokenizer import Tokenizer

FORMAT_VERSION = 1  # raise it when the same files and settings give another corpus

_logger = logging.getLogger("seq2seq")
_FINGERPRINT = "fingerprint.json"
_CHUNK = 1 << 20
_PARTIAL = ".partial"
_TOKENIZER_FILES = ("source.model", "tokenizer.model", "target.model")

FileStates = dict[Path, tuple[int, int]]  # size and time of the last change


@dataclass(frozen=True, eq=False)
class PreparedCorpus:
    """Everything training needs of a corpus."""

    path: Path
    fingerprint: str
    train: CorpusStore
    valid: CorpusStore
    test: CorpusStore | None
    source_tokenizer: Tokenizer
    target_tokenizer: Tokenizer  # the same object when the vocabulary is joint
    report: CorpusReport

    def raw_pairs(self, split: str) -> tuple[list[str], list[str]]:
        """The sentences of `valid` or `test` as they stood in the file, row for row."""
        records = _read_raw(self.path / split / RAW_FILE)
        return [record["source"] for record in records], [record["target"] for record in records]

    @staticmethod
    def open(path: Path) -> PreparedCorpus:
        """Open what `prepare_corpus` left in `path`.

        Raises:
            DataError: a file is missing, cut off or of another version.
        """
        record = _read_record(path)
        try:
            report = CorpusReport.from_json(
                json.loads((path / "report.json").read_text(encoding="utf-8"))
            )
        except (ValueError, KeyError, TypeError) as error:
            raise _damaged(path / "report.json", "is not a report") from error
        tokenizers = Tokenizers.load(path, joint=not (path / "target.model").exists())
        stores = {name: CorpusStore.open(path / name) for name in report.splits}
        return PreparedCorpus(
            path=path,
            fingerprint=record["fingerprint"],
            train=stores["train"],
            valid=stores["valid"],
            test=stores.get("test"),
            source_tokenizer=tokenizers.source,
            target_tokenizer=tokenizers.target,
            report=report,
        )


def prepare_corpus(
    settings: DataSettings,
    tokenizer: TokenizerSettings,
    *,
    directory: Path,
    seed: int,
    tokenizer_from: Path | None = None,
    progress: Progress | None = None,
) -> PreparedCorpus:
    """Open the corpus that these files and settings make, and build it first where needed.

    Args:
        directory: where prepared corpora are kept.
        seed: draws the sentences the tokenizer learns from.
        tokenizer_from: a directory whose tokenizers to use, in place of learning new ones.
        progress: called with the stage (`files`, `waiting`, `reading`, `tokenizer`, `train`,
            `valid`, `test`), how much is done, and of how much (None: not known).

    Raises:
        DataError: a corpus file is missing, damaged, or holds what cannot be used.
        SettingsError: a setting does not go with the files.
    """
    preparation = Preparation(
        data=settings,
        tokenizer=tokenizer,
        seed=seed,
        readers=_readers(settings),
        tokenizer_from=tokenizer_from,
        progress=progress or _silent,
    )
    states = _states(preparation)
    made_from = _ingredients(preparation)
    fingerprint = sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()
    path = directory / fingerprint[:16]
    corpus = _open_whole(path, warn=False)
    if corpus is not None:
        return corpus
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _locked(path, preparation.progress):
            corpus = _open_whole(path, warn=True)  # another process may have built it meanwhile
            if corpus is None:
                _remove_abandoned(directory)
                record = {"fingerprint": fingerprint, "made_from": made_from}
                _build(path, preparation, record, states)
    except OSError as error:
        raise DataError(
            f"{directory}: the corpus cannot be prepared there "
            f"({error.strerror or error}); free some space or set `runs` to another place"
        ) from error
    return corpus or PreparedCorpus.open(path)


def _silent(stage: str, done: int, total: int | None) -> None:
    """Progress that nobody watches."""


def _readers(settings: DataSettings) -> dict[str, PairReader]:
    readers = {
        name: PairReader.find(getattr(settings, name), settings, key=f"data.{name}")
        for name in ("train", "valid")
    }
    if settings.test.source is not None or settings.test.target is not None:
        readers["test"] = PairReader.find(settings.test, settings, key="data.test")
    return readers


def _ingredients(preparation: Preparation) -> dict[str, Any]:
    """All that the prepared corpus depends on; its hash is the fingerprint."""
    data, tokenizer = preparation.data, asdict(preparation.tokenizer)
    del tokenizer["sampling"]  # done while training, on the raw text's pieces
    files: dict[str, Any] = {}
    for name, reader in preparation.readers.items():
        files[name] = {"format": reader.format, "sha256": []}
        for path in reader.paths:
            preparation.progress("files", 0, None)
            files[name]["sha256"].append(_digest(path))
    reused = preparation.tokenizer_from
    return {
        "format_version": FORMAT_VERSION,
        "sentencepiece": version("sentencepiece"),
        "files": files,
        "data": {
            "encoding": preparation.readers["train"].encoding,
            "fields": [data.source_field, data.target_field],
            "max_pairs": data.max_pairs,
            "max_length": data.max_length,
            "max_ratio": data.max_ratio,
            "on_bad_line": data.on_bad_line,
        },
        "tokenizer": {"joint": tokenizer["joint"], "reused": _model_digests(reused)}
        if reused
        else {**tokenizer, "seed": preparation.seed},
    }


def _model_digests(directory: Path) -> dict[str, str]:
    paths = [directory / name for name in _TOKENIZER_FILES]
    digests = {path.name: _digest(path) for path in paths if path.exists()}
    if not digests:
        raise DataError(
            f"{directory} holds no tokenizer ({', '.join(_TOKENIZER_FILES)}); "
            "set model.init_from to a run or an exported model"
        )
    return digests


def _digest(path: Path) -> str:
    digest = sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error
    return digest.hexdigest()


def _open_whole(path: Path, *, warn: bool) -> PreparedCorpus | None:
    """The corpus in `path`; None where there is none or it is damaged and must be built again."""
    if not path.exists():
        return None
    try:
        return PreparedCorpus.open(path)
    except (DataError, ArtefactError) as error:
        if warn:
            _logger.warning("%s; it is being prepared again", error)
        return None


@contextmanager
def _locked(path: Path, progress: Progress) -> Iterator[None]:
    """Hold the lock of one corpus; wait while another process builds it."""
    with _lock_file(path).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _logger.info("another process is preparing %s: waiting for it", path)
            progress("waiting", 0, None)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock_file(path: Path) -> Path:
    return path.with_name(f".{path.name}.lock")


def _build(
    path: Path, preparation: Preparation, record: dict[str, Any], states: FileStates
) -> None:
    partial = path.with_name(f".{path.name}{_PARTIAL}")
    if partial.exists():  # of a process that was killed: we hold its lock
        shutil.rmtree(partial)
    partial.mkdir()
    try:
        preparation.run(partial)
        for file, state in _states(preparation).items():
            if state != states[file]:
                raise DataError(f"{file} changed while it was being read: prepare it again")
        files = sorted(file for file in partial.rglob("*") if file.is_file())
        record["sizes"] = {str(file.relative_to(partial)): file.stat().st_size for file in files}
        write_synced(partial / _FINGERPRINT, json.dumps(record, indent=1).encode())
        for folder in {file.parent for file in files}:
            _sync_directory(folder)
        if path.exists():  # damaged, or it would have been opened
            shutil.rmtree(path)
        partial.rename(path)
        _sync_directory(path.parent)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _states(preparation: Preparation) -> FileStates:
    paths = [path for reader in preparation.readers.values() for path in reader.paths]
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in paths}


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_abandoned(directory: Path) -> None:
    """Remove what preparations left that were killed: half-made, and no process holds its lock."""
    for partial in directory.glob(f".*{_PARTIAL}"):
        owner = partial.with_name(partial.name.removeprefix(".").removesuffix(_PARTIAL))
        with _lock_file(owner).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(partial, ignore_errors=True)


def _read_record(path: Path) -> dict[str, Any]:
    file = path / _FINGERPRINT
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        sizes = {name: int(size) for name, size in record["sizes"].items()}
        str(record["fingerprint"])
    except OSError as error:
        raise _damaged(file, f"cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(file, "is not what was written") from error
    for name, size in sizes.items():
        part = path / name
        if not part.is_file():
            raise _damaged(part, "is missing")
        if part.stat().st_size != size:
            raise _damaged(part, f"has {part.stat().st_size:,} bytes and must have {size:,}")
    return dict(record)


def _read_raw(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            return [json.loads(line) for line in file]
    except OSError as error:
        raise _damaged(path, f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise _damaged(path, "is not JSON lines") from error


def _damaged(path: Path, what: str) -> DataError:
    return DataError(f"{path} {what}: the prepared corpus is damaged")
