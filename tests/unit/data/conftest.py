"""Small corpora written to a temporary directory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from seq2seq.config.data_schema import CorpusFiles, DataSettings

Lines = Sequence[str | bytes]


def as_bytes(lines: Lines) -> bytes:
    return b"".join((x if isinstance(x, bytes) else x.encode()) + b"\n" for x in lines)


@pytest.fixture
def write_corpus(tmp_path: Path) -> Callable[..., DataSettings]:
    """Write both sides as files; gives settings whose train and valid splits are both they."""

    def write(source: Lines, target: Lines, **options: Any) -> DataSettings:
        (tmp_path / "a.src").write_bytes(as_bytes(source))
        (tmp_path / "a.trg").write_bytes(as_bytes(target))
        files = CorpusFiles("a.src", "a.trg")
        return DataSettings(directory=str(tmp_path), train=files, valid=files, **options)

    return write
