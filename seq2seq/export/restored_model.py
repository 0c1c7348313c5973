"""The TensorFlow model of an exported model."""

from __future__ import annotations

from seq2seq.export.exported_model import ExportedModel
from seq2seq.model.recurrent import UseCudnn
from seq2seq.model.translation import TranslationModel, build_model
from seq2seq.model.weights import assign_weights


def restored_model(
    exported_model: ExportedModel, *, use_cudnn: UseCudnn = "auto"
) -> TranslationModel:
    """Return the TensorFlow model with the exported weights.

    `use_cudnn` has the same meaning as in `build_model`. Raises `ModelError` if weights and
    settings do not fit each other.
    """
    inputs = exported_model.inputs
    model = build_model(
        exported_model.settings.model,
        source_vocab=0 if inputs.tokenizer is None else inputs.tokenizer.vocab_size,
        source_features=inputs.features,
        target_vocab=exported_model.target_tokenizer.vocab_size,
        shared_vocabulary=exported_model.settings.tokenizer.joint,
        use_cudnn=use_cudnn,
    )
    assign_weights(model, exported_model.weights)
    return model
