"""Features of sounds, computed once during a preparation, which reads its files several times."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seq2seq.data.readers.sequences import ItemReader
from seq2seq.data.readers.sound_manifest import audio_of, manifest_items, sound_item
from seq2seq.data.sequences.item import Item
from seq2seq.data.sounds import check_audio


class _Entry(NamedTuple):
    """Item of a sound without values; the offset and shape of its values in the cache file."""

    item: Item
    offset: int
    shape: tuple[int, int]


@dataclass(frozen=True)
class CachedReader(ItemReader):
    """Reader of a manifest of sounds whose features come from a cache."""

    cache: SoundCache

    @staticmethod
    def of(reader: ItemReader, cache: SoundCache) -> ItemReader:
        """Return a cached reader of the same items; `reader` if its format is not `audio`."""
        if reader.format != "audio":
            return reader
        return CachedReader(reader.format, reader.paths, reader.form, cache)

    def __iter__(self) -> Iterator[Item]:
        """Yield every item in order, invalid ones included (see `SoundCache.items`)."""
        return self.cache.items(self)


class SoundCache:
    """Temporary file with the features of all sounds that were read."""

    def __init__(self, directory: Path) -> None:
        """Open a file without a name in `directory`."""
        self._file = tempfile.TemporaryFile(dir=directory)  # noqa: SIM115 - see `close`
        self._entries: dict[Path, _Entry] = {}

    def items(self, reader: ItemReader) -> Iterator[Item]:
        """Yield the items of a manifest; a sound in several manifests is decoded only once.

        Raises:
            DataError: the manifest cannot be read.
            SettingsError: a package of the extra `audio` is missing.
        """
        audio = audio_of(reader.form)
        check_audio(audio)
        (path,) = reader.paths
        for item in manifest_items(path, reader.form):
            if not isinstance(item.content, str):
                yield item
                continue
            file = path.parent / item.content
            if file not in self._entries:
                self._add(file, sound_item(item, path.parent, audio))
            yield self._item(file, item)

    def _add(self, file: Path, item: Item) -> None:
        """Store the values of a sound."""
        offset, shape = self._file.seek(0, 2), (0, 0)
        if item.content is not None and not isinstance(item.content, str):
            shape = item.content.shape
            self._file.write(np.ascontiguousarray(item.content, np.float32).tobytes())
        self._entries[file] = _Entry(replace(item, content=None), offset, shape)

    def _item(self, file: Path, listed: Item) -> Item:
        """Return the item of the sound that a line of the manifest lists."""
        known, offset, shape = self._entries[file]
        if known.error is not None:
            return Item(listed.position, error=known.error)
        self._file.seek(offset)
        values = np.frombuffer(self._file.read(4 * shape[0] * shape[1]), np.float32)
        return replace(listed, content=values.reshape(shape), sound=known.sound)

    def close(self) -> None:
        """Remove the file."""
        self._file.close()
