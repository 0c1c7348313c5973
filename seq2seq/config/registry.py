"""Registries of implementations that a setting names, such as `training.sinks` and `data.format`.

A registry holds names and import paths only, so that settings are checked without slow imports.
"""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.metadata import EntryPoints


class Registry(Collection[str]):
    """Names of the implementations of one protocol, each loaded when it is first used.

    There are three sources: this package, `add`, and the entry points of installed packages.
    """

    def __init__(self, group: str, own: Mapping[str, str]) -> None:
        """Create a registry.

        Args:
            group: group of the entry points by which other packages add implementations.
            own: `module:attribute` of each implementation in this package, by name.
        """
        self._group, self._paths = group, dict(own)
        self._added: dict[str, Any] = {}

    def add(self, name: str, implementation: Any) -> None:
        """Add an implementation in this process; a name that is in use is replaced."""
        self._added[name] = implementation

    def load(self, name: str) -> Any:
        """Return the implementation of a name.

        Raises:
            KeyError: the name is not registered.
            ImportError: a package that the implementation needs is missing.
        """
        if name in self._added:
            return self._added[name]
        if name not in self._paths:
            return _entry_points(self._group)[name].load()
        module, _, attribute = self._paths[name].partition(":")
        return getattr(importlib.import_module(module), attribute)

    @property
    def own(self) -> tuple[str, ...]:
        """Return the names of the implementations in this package."""
        return tuple(self._paths)

    def __contains__(self, name: object) -> bool:
        """Return whether a name is registered; installed packages are searched last."""
        if not isinstance(name, str):
            return False
        known = name in self._added or name in self._paths
        return known or name in _entry_points(self._group).names

    def __iter__(self) -> Iterator[str]:
        """Iterate over all names; installed packages are searched last."""
        known = dict.fromkeys([*self._paths, *self._added])
        yield from known
        yield from (name for name in sorted(_entry_points(self._group).names) if name not in known)

    def __bool__(self) -> bool:
        """Return True, without a search of the installed packages."""
        return True

    def __len__(self) -> int:
        """Return the number of names."""
        return len(list(iter(self)))


class NamesAndAuto(Collection[str]):
    """Names of a registry, after the word `auto`."""

    def __init__(self, registry: Registry) -> None:
        """Use a registry; installed packages are searched only for names not found elsewhere."""
        self._registry = registry

    def __contains__(self, name: object) -> bool:
        """Return whether a name is allowed."""
        return name == "auto" or name in self._registry

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        yield "auto"
        yield from self._registry

    def __bool__(self) -> bool:
        """Return True, without a search of the installed packages."""
        return True

    def __len__(self) -> int:
        """Return the number of names."""
        return 1 + len(self._registry)


def _entry_points(group: str) -> EntryPoints:
    # Here, because the import takes longer than all of a translation's own settings.
    from importlib.metadata import entry_points

    return entry_points(group=group)


READERS = Registry(
    "seq2seq.readers",
    {
        "text": "seq2seq.data.readers.labelled_text:TEXT",
        "tsv": "seq2seq.data.readers.labelled_text:TSV",
        "jsonl": "seq2seq.data.readers.json_lines:JSON_LINES",
        "labelled": "seq2seq.data.readers.labelled_text:LABELLED",
        "npz": "seq2seq.data.readers.npz:NPZ",
        "csv": "seq2seq.data.readers.table:CSV",
        "parquet": "seq2seq.data.readers.table:PARQUET",
        "ts": "seq2seq.data.readers.ts:TS",
        "audio": "seq2seq.data.readers.sound_manifest:AUDIO",
        "conll": "seq2seq.data.readers.conll:CONLL",
    },
)
FORMATS = NamesAndAuto(READERS)
ENCODERS = Registry(
    "seq2seq.encoders",
    {
        "lstm": "seq2seq.model.encoder:LSTMEncoder",
        "transformer": "seq2seq.model.transformer:TransformerEncoder",
    },
)
# ONNX nodes of the encoders with the same names, apart because they load without TensorFlow.
ENCODER_NODES = Registry(
    "seq2seq.encoder_nodes",
    {
        "lstm": "seq2seq.export.onnx.lstm_encoder:LSTMNodes",
        "transformer": "seq2seq.export.onnx.transformer_encoder:TransformerNodes",
    },
)
SINKS = Registry(
    "seq2seq.sinks",
    {
        "jsonl": "seq2seq.training.reporting.metrics_file:JsonLines",
        "tensorboard": "seq2seq.training.reporting.tensorboard_sink:TensorBoard",
        "wandb": "seq2seq.training.reporting.wandb_sink:WeightsAndBiases",
    },
)
