"""The TensorFlow model of an exported model."""

from __future__ import annotations

from seq2seq.export.exported_model import Artefact
from seq2seq.model.recurrent import UseCudnn
from seq2seq.model.translation import TranslationModel, build_model
from seq2seq.model.weights import assign_weights


def restored_model(artefact: Artefact, *, use_cudnn: UseCudnn = "auto") -> TranslationModel:
    """Return the TensorFlow model with the exported weights.

    `use_cudnn` is as `build_model` takes it. Raises `ArtefactError` if weights and settings do not
    fit each other.
    """
    model = build_model(
        artefact.settings.model,
        source_vocab=artefact.source_tokenizer.vocab_size,
        target_vocab=artefact.target_tokenizer.vocab_size,
        shared_vocabulary=artefact.settings.tokenizer.joint,
        use_cudnn=use_cudnn,
    )
    assign_weights(model, artefact.weights)
    return model
