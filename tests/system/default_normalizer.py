"""Makes the normaliser of the default tokenizer when it is imported, which takes two seconds."""

from __future__ import annotations

from seq2seq.config.schema import TokenizerSettings
from seq2seq.text.normalization import Normalizer

Normalizer.of_source(TokenizerSettings())("text")
