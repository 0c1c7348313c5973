"""Fixed choices of the settings and options: one type for each, with its allowed values."""

from __future__ import annotations

from typing import Literal, get_args

Task = Literal["translation", "classification", "regression"]
Split = Literal["train", "valid", "test"]
Side = Literal["source", "target"]

LongSequences = Literal["drop", "head", "tail", "windows"]  # use of a sequence that is too long
MissingNumbers = Literal["error", "zero", "previous", "linear", "mean"]  # value for NaN or `?`
SoundNormalisation = Literal["none", "level", "mean", "mean_variance"]  # of a recording by itself
SoundPrecision = Literal["float16", "float32"]  # of the steps of a sound
# Parts of a text that are the same in every language: a model can learn to copy them.
SpanKind = Literal["url", "email", "tag", "number"]
KINDS_OF_SPANS: tuple[SpanKind, ...] = get_args(SpanKind)

TokenizerKind = Literal["unigram", "bpe", "char", "word", "symbols"]
Normalization = Literal["nmt_nfkc", "nfkc", "nmt_nfkc_cf", "nfkc_cf", "identity"]
BleuTokenizer = Literal["auto", "13a", "intl", "zh", "char", "none"]

FrontEndKind = Literal["none", "convolution"]  # reader of features before the encoder
AttentionKind = Literal["luong", "bahdanau", "none"]
PoolingKind = Literal["last", "mean", "max", "attention"]  # from the steps to one prediction
HeadKind = Literal["softmax", "crf"]  # each step by itself, or a path of classes
ClassWeights = Literal["none", "balanced"]

Strategy = Literal["bucket", "dynamic", "fixed", "equal_length", "single"]
Padding = Literal["post", "pre"]

Precision = Literal["float32", "bfloat16", "float16"]
PrecisionSetting = Literal["auto", Precision]
Device = Literal["auto", "cpu", "gpu"]
