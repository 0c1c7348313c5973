"""What all tests share: where public corpora lie, and which tests wait for SLOW=1 or for a GPU."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from seq2seq.config.schema import (
    ModelSettings,
    Settings,
    TaskSettings,
    TokenizerSettings,
    TrainingSettings,
)

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes says more about the machine than about the code.
settings.register_profile("seq2seq", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("seq2seq")


def pytest_configure() -> None:
    # TensorFlow's own log lines would hide what a failing test says.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # The tests and the processes that they start share a GPU.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("SLOW") == "1":
        return
    skip = pytest.mark.skip(reason="slow: set SLOW=1 to run it")
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(skip)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test of a GPU before its fixtures are made, where there is no GPU."""
    if item.get_closest_marker("gpu") is None:
        return
    from seq2seq.model.backend import quiet_tensorflow

    quiet_tensorflow()
    import tensorflow as tf

    if not tf.config.list_physical_devices("GPU"):
        pytest.skip("TensorFlow sees no GPU here: run `make test-gpu` on a machine with one")


@pytest.fixture(scope="session", params=["cpu", pytest.param("gpu", marks=pytest.mark.gpu)])
def device_name(request: pytest.FixtureRequest) -> str:
    """Name of the device that a run of its own computes on, as `training.device` takes it."""
    return str(request.param)


@pytest.fixture
def device(device_name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Name of the device that TensorFlow computes on meanwhile."""
    import tensorflow as tf

    monkeypatch.setattr("seq2seq.model.recurrent.has_gpu", lambda: device_name == "gpu")
    with tf.device(f"{device_name}:0"):
        yield device_name


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The directory of public corpora, which are not part of the repository."""
    directory = Path(os.environ.get("SEQ2SEQ_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not directory.is_dir():
        pytest.skip(f"no public corpora in {directory}; set SEQ2SEQ_SHARED_DATA")
    return directory


@pytest.fixture(scope="session")
def make_model() -> Callable[..., Any]:
    """A model of given `ModelSettings` fields, all else small."""
    from seq2seq.model.translation import build_model
    from seq2seq.model.weights import initialise_weights

    def make(*, vocab: int = 30, precision: str = "float32", **fields: Any) -> Any:
        small = {"embedding_dim": 8, "units": 12, "dropout": 0.0}
        shared = fields.pop("shared_vocabulary", True)
        model = build_model(
            ModelSettings(**{**small, **fields}),
            source_vocab=vocab,
            target_vocab=vocab,
            shared_vocabulary=shared,
            precision=precision,
        )
        initialise_weights(model, seed=3)
        for variable in model.trainable_variables:
            variable.assign(2.0 * variable)
        return model

    return make


@pytest.fixture(scope="session")
def ragged() -> Callable[..., Any]:
    """Random rows of given lengths as a padded batch, `[rows, width] int32`."""

    def make(lengths: list[int], *, seed: int = 0, width: int | None = None, pre: bool = False):  # type: ignore[no-untyped-def]
        random = np.random.default_rng(seed)
        batch = np.zeros((len(lengths), width or max(lengths)), dtype=np.int32)
        for row, length in enumerate(lengths):
            ids = random.integers(4, 30, length)
            ids[-1] = 3
            batch[row, slice(-length, None) if pre else slice(length)] = ids
        return batch

    return make


@pytest.fixture(scope="session")
def write_small_exported_model() -> Callable[..., Path]:
    """Writes an exported model of a tiny model with random weights, without TensorFlow."""
    return _write_small_exported_model


def _write_small_exported_model(
    directory: Path, *, precision: str = "float32", **fields: Any
) -> Path:
    """`fields` are those of `ModelSettings`; there is no SavedModel."""
    from seq2seq.export.exported_model import ExportedModel
    from seq2seq.export.writer import write_exported_model
    from seq2seq.text.sentences import TrainingSources
    from seq2seq.text.tokenizer import Tokenizer
    from seq2seq.text.tokenizer_training import train_tokenizer

    settings = Settings(
        tokenizer=TokenizerSettings(vocab_size=300, joint=False),
        model=ModelSettings(**{"embedding_dim": 6, "units": 8, **fields}),
    )
    sides = [
        Tokenizer.from_bytes(train_tokenizer(lines, settings.tokenizer))
        for lines in (["the train is late", "a hotel"], ["der Zug ist spät", "ein Hotel", "wo?"])
    ]
    weights = _random_weights(settings.model, *(side.vocab_size for side in sides))
    sources = TrainingSources(sentences=3, longest=133)
    exported_model = ExportedModel(
        settings, weights, *sides, sources, {"test_bleu": 12.5}, version="0.0.test"
    )
    return write_exported_model(
        exported_model,
        directory,
        quantized=precision == "int8",
        lexicon=_random_lexicon(*(side.vocab_size for side in sides)),
    )


@pytest.fixture(scope="session")
def write_small_label_model() -> Callable[..., Path]:
    """Writes an exported model of two classes with random weights, without TensorFlow."""
    return _write_small_label_model


def _write_small_label_model(
    directory: Path,
    *,
    text: bool = False,
    pooling: Any = "last",
    quantized: bool = False,
    **fields: Any,
) -> Path:
    """`fields` are those of `ModelSettings`."""
    from seq2seq.data.sequences.inputs import Inputs
    from seq2seq.data.sequences.scaling import Scale
    from seq2seq.data.sequences.target_schema import TargetSchema
    from seq2seq.export.exported_label_model import ExportedLabelModel, label_shape
    from seq2seq.export.writer import write_exported_model
    from seq2seq.text.tokenizer import Tokenizer
    from seq2seq.text.tokenizer_training import train_tokenizer

    settings = Settings(
        task=TaskSettings("classification", pooling=pooling),
        tokenizer=TokenizerSettings(vocab_size=300),
        model=ModelSettings(**{"embedding_dim": 6, "units": 8, **fields}),
        training=TrainingSettings(monitor="valid_accuracy"),
    )
    inputs = Inputs(scale=Scale((0.5, 1.0), (2.0, 3.0)))
    if text:
        lines = ["the train is late", "a hotel"]
        trained = train_tokenizer(lines, settings.tokenizer)
        inputs = Inputs(tokenizer=Tokenizer.from_bytes(trained))
    schema = TargetSchema("classification", False, False, classes=("no", "yes"), counts=(1, 1))
    shape, units = label_shape(settings, inputs, schema), settings.model.units
    shapes: dict[str, tuple[int, ...]] = {
        **_encoder_shapes(settings.model, shape.features or settings.model.embedding_dim),
        "source_embedding/embeddings": (shape.vocab, settings.model.embedding_dim),
        "pooling/project/kernel": (units, units),
        "pooling/project/bias": (units,),
        "pooling/score/kernel": (units, 1),
        "output/kernel": (units, 2),
        "output/bias": (2,),
    }
    weights = _drawn("labelling", shapes)
    exported_model = ExportedLabelModel(settings, weights, inputs, schema)
    return write_exported_model(exported_model, directory, quantized=quantized)


def _random_lexicon(source: int, target: int) -> Any:
    from seq2seq.export.shortlist import Lexicon

    translations = np.random.default_rng(2).integers(0, target, [source, 5])
    return Lexicon(translations.astype(np.int32), np.arange(9, dtype=np.int32))


def _random_weights(model: ModelSettings, source: int, target: int) -> dict[str, Any]:
    """Weights by their path in the model, as `model.weights.weight_arrays` names them."""
    dim, units = model.embedding_dim, model.units
    shapes: dict[str, tuple[int, ...]] = {
        "source_embedding/embeddings": (source, dim),
        "target_embedding/embeddings": (target, dim),
        "keys/kernel": (units, units),
        "decoder/combine/kernel": (2 * units, units),
        "decoder/combine/bias": (units,),
        "decoder/attention/query/kernel": (units, units),
        "decoder/attention/query/bias": (units,),
        "decoder/attention/score/kernel": (units, 1),
        "output/narrow/kernel": (units, dim),
        "output/narrow/bias": (dim,),
        "output/bias": (target,),
        "output/table": (target, dim),
    }
    shapes |= _encoder_shapes(model, dim)
    for number in range(model.decoder_layers):
        shapes |= _lstm_shapes(f"decoder/layer_{number}", units if number else dim, units)
    return _drawn("translation", shapes)


def _encoder_shapes(model: ModelSettings, features: int) -> dict[str, tuple[int, ...]]:
    if model.encoder == "transformer":
        return _transformer_shapes(model, features)
    sides = ("forward", "backward") if model.bidirectional else ("forward",)
    shapes: dict[str, tuple[int, ...]] = {}
    for number in range(model.encoder_layers):
        for side in sides:
            width = model.units if number else features
            shapes |= _lstm_shapes(f"encoder/{side}_{number}", width, model.units // len(sides))
    return shapes


def _transformer_shapes(model: ModelSettings, features: int) -> dict[str, tuple[int, ...]]:
    """Its weights and those of the bridge."""
    units, wide = model.units, model.feed_forward_width
    dense, norms = {"encoder/input": (features, units)}, ["encoder/norm"]
    for layer in (f"encoder/layer_{number}" for number in range(model.encoder_layers)):
        dense[f"{layer}/attention_input"] = (units, 3 * units)
        dense[f"{layer}/attention_output"] = (units, units)
        dense[f"{layer}/network_input"] = (units, wide)
        dense[f"{layer}/network_output"] = (wide, units)
        norms += [f"{layer}/attention_norm", f"{layer}/network_norm"]
    for number in range(model.decoder_layers):
        dense[f"bridge/hidden_{number}"] = dense[f"bridge/cell_{number}"] = (units, units)
    shapes: dict[str, tuple[int, ...]] = {f"{name}/kernel": dense[name] for name in dense}
    shapes |= {f"{name}/bias": shape[1:] for name, shape in dense.items()}
    return shapes | {f"{name}/{part}": (units,) for name in norms for part in ("gamma", "beta")}


def _lstm_shapes(layer: str, features: int, units: int) -> dict[str, tuple[int, ...]]:
    cell = f"{layer}/lstm/lstm_cell"
    return {
        f"{cell}/kernel": (features, 4 * units),
        f"{cell}/recurrent_kernel": (units, 4 * units),
        f"{cell}/bias": (4 * units,),
    }


def _drawn(root: str, shapes: dict[str, tuple[int, ...]]) -> dict[str, Any]:
    draw = np.random.default_rng(1)
    return {
        f"{root}/{name}": draw.standard_normal(shape).astype(np.float32)
        for name, shape in shapes.items()
    }


@dataclass(frozen=True)
class Instruction:
    """One instruction: `RUN`, what follows it on one line, and the number of its stage."""

    name: str
    text: str
    stage: int

    @property
    def words(self) -> list[str]:
        """Of the exec form; raises ValueError where it is another."""
        found = json.loads(self.text[self.text.index("[") :])
        assert all(isinstance(word, str) for word in found)
        return list(found)


@pytest.fixture(scope="session")
def read_dockerfile() -> Callable[[Path], list[Instruction]]:
    """The instructions of a Dockerfile."""
    return _read_dockerfile


def _read_dockerfile(path: Path) -> list[Instruction]:
    """The instructions of a file, stages counted from 0."""
    lines = [line for line in path.read_text().split("\n") if not re.match(r"\s*#", line)]
    found: list[Instruction] = []
    stage = -1
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).split("\n"):
        if not line.strip():
            continue
        name, _, text = line.strip().partition(" ")
        stage += name == "FROM"
        found.append(Instruction(name, text.strip(), stage))
    return found


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Make a package with entry points look installed; its folder is returned."""

    def make(name: str, groups: dict[str, dict[str, str]]) -> Path:
        folder = tmp_path / f"packages-{name}"
        metadata = folder / f"{name}-1.0.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = []
        for group, entries in groups.items():
            lines += [f"[{group}]", *(f"{key} = {path}" for key, path in entries.items())]
        (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")
        monkeypatch.syspath_prepend(str(folder))
        return folder

    return make
