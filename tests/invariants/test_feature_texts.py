"""Laws 1 and 4 for models from features to texts: padding, batches, and the exported graphs.

What stands in the padding of the features is rubbish here, so that nothing can look at it
unnoticed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.config.schema import ModelSettings, SearchSettings
from seq2seq.data.sequences.batches import SourceBatch, step_mask
from seq2seq.export.onnx.parameters import computed_numbers
from seq2seq.export.onnx.translation_graphs import Sizes, TranslationGraphs
from seq2seq.inference.onnx_model import OnnxModel
from seq2seq.model.graph_search import beam_search as graph_search
from seq2seq.model.target_scoring import token_log_probs as graph_log_probs
from seq2seq.model.translation import TranslationModel, build_model
from seq2seq.model.weights import initialise_weights, weight_arrays
from seq2seq.search.beam_search import BeamSettings, beam_search
from seq2seq.search.scoring import token_log_probs
from seq2seq.training.tasks.translation_objective import TranslationObjective

LENGTHS = np.array([9, 4, 1, 6], np.int32)
TARGETS = [3, 7, 2, 1]
FEATURES, VOCAB = 3, 30
SEED = np.array([0, 0], np.int32)
VARIANTS: dict[str, dict[str, Any]] = {
    "luong": {"encoder_layers": 2, "decoder_layers": 2},
    "bahdanau": {"attention": "bahdanau"},
    "none": {"attention": "none", "decoder_layers": 2},
    "one direction": {"bidirectional": False, "tie_embeddings": False},
    "convolution": {"front_end": "convolution", "front_end_channels": 4},
}


def settings_of(variant: str) -> ModelSettings:
    return ModelSettings(**{"embedding_dim": 8, "units": 12, "dropout": 0.0, **VARIANTS[variant]})


@pytest.fixture(scope="module", params=VARIANTS)
def made(request: pytest.FixtureRequest) -> tuple[TranslationModel, ModelSettings]:
    settings = settings_of(request.param)
    model = build_model(
        settings,
        source_vocab=0,
        target_vocab=VOCAB,
        shared_vocabulary=True,
        source_features=FEATURES,
    )
    initialise_weights(model, seed=3)
    for variable in model.trainable_variables:
        variable.assign(2.0 * variable)
    return model, settings


def steps(*, width: int = 9, padding: Any = "post", rubbish: float = 0.0) -> SourceBatch:
    """The same four sequences at any width, on either side."""
    mask = step_mask(LENGTHS, width, padding=padding)
    values = np.full((*mask.shape, FEATURES), rubbish, np.float32)
    values[mask] = np.random.default_rng(5).standard_normal((int(LENGTHS.sum()), FEATURES))
    return SourceBatch(values, mask)


def targets(*, width: int = 7, pre: bool = False) -> Any:
    random = np.random.default_rng(6)
    batch = np.zeros((len(TARGETS), width), np.int32)
    for row, length in enumerate(TARGETS):
        ids = random.integers(4, VOCAB, length)
        ids[-1] = 3
        batch[row, slice(-length, None) if pre else slice(length)] = ids
    return batch


def test_padding_changes_no_loss_and_no_gradient(
    made: tuple[TranslationModel, ModelSettings],
) -> None:
    model, _ = made
    objective = TranslationObjective(model, label_smoothing=0.1, features=FEATURES)

    @tf.function(input_signature=[tuple(objective.signature)], autograph=False)
    def run(batch: Any) -> Any:
        with tf.GradientTape() as tape:
            losses = objective.losses(batch, tf.constant(SEED), 1.0)
        gradients = tape.gradient(losses.loss, [weight.value for weight in objective.weights])
        return tf.stack(losses), [tf.convert_to_tensor(gradient) for gradient in gradients]

    losses, gradients = run((*steps(), targets()))
    assert losses[2] == sum(TARGETS)
    for padding in ("post", "pre"):
        source = steps(width=14, padding=padding, rubbish=7.0)
        padded, others = run((*source, targets(width=11, pre=padding == "pre")))
        assert padded.numpy() == pytest.approx(losses.numpy(), rel=1e-5)
        for one, other in zip(gradients, others, strict=True):
            assert np.allclose(one, other, atol=1e-4)


def test_a_sequence_alone_is_translated_as_in_a_batch(
    made: tuple[TranslationModel, ModelSettings],
) -> None:
    model, _ = made
    values, mask = steps(width=12, padding="pre", rubbish=-7.0)
    together = graph_search(model, SourceBatch(values, mask), SearchSettings(beam_size=2))
    for row, length in enumerate(LENGTHS):
        alone = SourceBatch(values[row : row + 1, -length:], mask[row : row + 1, -length:])
        found = graph_search(model, alone, SearchSettings(beam_size=2))
        size = int(found.lengths[0, 0])
        assert size == together.lengths[row, 0]
        assert np.array_equal(found.ids[0, 0, :size], together.ids[row, 0, :size])
        assert np.allclose(found.scores[0, 0], together.scores[row, 0], atol=1e-5)


@pytest.mark.parametrize("quantized", [False, True], ids=["float32", "int8"])
def test_the_exported_graphs_give_what_the_model_gives(
    made: tuple[TranslationModel, ModelSettings], quantized: bool
) -> None:
    model, settings = made
    sizes = Sizes(0, VOCAB, shared=False, features=FEATURES)
    graphs = TranslationGraphs(settings, sizes, quantized=quantized)
    numbers = computed_numbers(graphs.parameters, weight_arrays(model))
    onnx_model = OnnxModel(graphs, numbers, vocab_size=VOCAB)
    source, target = steps(), targets()
    expected = graph_log_probs(model, source, target).numpy()
    found = token_log_probs(onnx_model, source, target)
    if not quantized:
        np.testing.assert_allclose(found, expected, atol=1e-4)
    assert np.abs(found - expected).mean() < 0.1 * np.abs(expected).mean()
    limits = 2 * LENGTHS + np.int32(11)
    together = beam_search(onnx_model, source, limits, settings=BeamSettings(3))
    for row, length in enumerate(LENGTHS):
        alone = SourceBatch(*(part[row : row + 1, :length] for part in source))
        wide = SourceBatch(
            *(np.pad(part, [(0, 0), (0, 5)] + [(0, 0)] * (part.ndim - 2)) for part in alone)
        )
        for batch in (alone, wide):
            (other,) = beam_search(
                onnx_model, batch, limits[row : row + 1], settings=BeamSettings(3)
            )
            assert [one.ids for one in other] == [one.ids for one in together[row]]
