"""The exported graph says what the translator says, after a reload, from text to text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from seq2seq.config.schema import ModelSettings, SearchSettings, Settings, TokenizerSettings
from seq2seq.export.exported_model import ExportedModel
from seq2seq.export.saved_model import TextTranslator
from seq2seq.inference.translator import Translator
from seq2seq.text.output_tokens import may_be_written

ENGLISH = ["the train is late", "where is the hotel?", "I need two tickets"]

MakeSettings = Callable[..., Settings]
MakeExportedModel = Callable[[Settings], ExportedModel]


@pytest.fixture(scope="module")
def serve(exported: Path) -> Any:
    loaded = tf.saved_model.load(str(exported / "saved_model" / "1"))
    serve = loaded.signatures["serving_default"]
    serve.keep = loaded  # the signature holds its variables weakly
    return serve


def plain(texts: list[str]) -> list[str]:
    """Without placeholders, for which the translator has rules and the graph has none."""
    return [text for text in texts if "\u27e8" not in text]


def answers(serve: Any, texts: list[bytes]) -> tuple[list[str], list[float]]:
    found = serve(tf.constant(texts, tf.string))
    return [t.decode() for t in found["translation"].numpy()], found["score"].numpy().tolist()


def test_says_what_the_translator_says(
    serve: Any, translator: Translator, hard_texts: list[str]
) -> None:
    texts = [text for text in plain(hard_texts) + ENGLISH if len(text) < 30]
    said, scores = answers(serve, [text.encode() for text in texts])
    expected = [found[0] for found in translator.hypotheses(texts)]
    assert said == [translation.text for translation in expected]
    np.testing.assert_allclose(scores, [t.score for t in expected], rtol=1e-4, atol=1e-4)


def test_a_text_alone_and_no_text(serve: Any) -> None:
    texts = [text.encode() for text in ENGLISH]
    assert [answers(serve, [text])[0][0] for text in texts] == answers(serve, texts)[0]
    assert answers(serve, []) == ([], [])
    blank = ["", " ", "\t\x0b\x1c\x1f\x85", "\u00a0\u1680\u2003\u2028\u2029\u202f\u205f\u3000"]
    assert all(not text.strip() for text in blank)
    assert answers(serve, [text.encode() for text in blank]) == ([""] * 4, [0.0] * 4)


def test_bytes_that_are_not_utf8(serve: Any, translator: Translator) -> None:
    said, _ = answers(serve, [b"wh\xffere"])
    assert said == translator.translate(["wh\ufffdere"])


def test_signature_and_operators(serve: Any) -> None:
    assert serve.structured_input_signature == (
        (),
        {"text": tf.TensorSpec([None], tf.string, name="text")},
    )
    assert serve.structured_outputs == {
        "translation": tf.TensorSpec([None], tf.string, name="translation"),
        "score": tf.TensorSpec([None], tf.float32, name="score"),
    }
    graph = serve.graph.as_graph_def()
    operators = {node.op for node in graph.node}
    operators |= {node.op for function in graph.library.function for node in function.node_def}
    assert "While" in operators | {op.removeprefix("Stateless") for op in operators}
    assert [op for op in operators if "Cudnn" in op] == []


@pytest.mark.parametrize("kind", ["bpe", "symbols"])
def test_joint_tokenizers_of_other_kinds(
    kind: str,
    small_settings: MakeSettings,
    make_exported_model: MakeExportedModel,
    hard_texts: list[str],
) -> None:
    exported_model = make_exported_model(
        small_settings(
            tokenizer=TokenizerSettings(kind=kind, vocab_size=350),
            model=ModelSettings(embedding_dim=8, units=8),
            search=SearchSettings(beam_size=1),
        )
    )
    hard_texts = plain(hard_texts)
    module = TextTranslator(exported_model)
    said, _ = answers(module.translate, [text.encode() for text in hard_texts])
    assert said == Translator.from_exported_model(exported_model).translate(hard_texts)
    for text in hard_texts:
        answers(module.translate, [text.encode()])
    assert module.translate.experimental_get_tracing_count() == 1


def test_a_transformer_says_what_its_translator_says(
    small_settings: MakeSettings, make_exported_model: MakeExportedModel, tmp_path: Path
) -> None:
    exported_model = make_exported_model(
        small_settings(
            model=ModelSettings(
                encoder="transformer", attention_heads=2, encoder_layers=2, embedding_dim=8, units=8
            )
        )
    )
    tf.saved_model.save(TextTranslator(exported_model), str(tmp_path))
    loaded = tf.saved_model.load(str(tmp_path))
    texts = [*ENGLISH, "hotel " * 8]
    found = loaded.translate(tf.constant([text.encode() for text in texts]))
    translator = Translator.from_exported_model(exported_model)
    expected = [hypotheses[0] for hypotheses in translator.hypotheses(texts)]
    assert [text.decode() for text in found["translation"].numpy()] == [t.text for t in expected]
    np.testing.assert_allclose(found["score"], [t.score for t in expected], rtol=1e-4, atol=1e-4)
    alone = loaded.translate(tf.constant([texts[0].encode()]))
    assert alone["translation"][0] == found["translation"][0]


@pytest.mark.parametrize(
    "token", ["<0x0A>", "<0x1B>", "<0xC3>", "<0x9F>", "\u27e83\u27e9", "\u2581"]
)
def test_what_is_no_text_is_not_written_however_likely(
    small_settings: MakeSettings, make_exported_model: MakeExportedModel, token: str
) -> None:
    exported_model = make_exported_model(small_settings(search=SearchSettings(beam_size=1)))
    target = exported_model.target_tokenizer
    number = next(i for i in range(target.vocab_size) if target.token(i) == token)
    weights = dict(exported_model.weights)
    (bias,) = [name for name in weights if name.endswith("/output/bias")]
    weights[bias] = np.where(np.arange(len(weights[bias])) == number, 50.0, 0.0).astype("f4")
    talker = replace(exported_model, weights=weights)
    module = TextTranslator(talker)
    (said,) = module.translate(tf.constant(["the train"]))["translation"].numpy()
    text = said.decode()
    assert Translator.from_exported_model(talker).translate(["the train"]) == [text]
    assert may_be_written(text) and "  " not in text and "\u27e8" not in text
    # A source that holds the placeholder may have it in its translation.
    (said,) = module.translate(tf.constant(["the \u27e83\u27e9"]))["translation"].numpy()
    assert "\u27e83\u27e9" in said.decode() or token != "\u27e83\u27e9"
