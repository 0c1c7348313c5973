"""Schema of the settings of a corpus: its files, their reading, and its changes in training."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from seq2seq.config import choices
from seq2seq.config.registry import FORMATS
from seq2seq.config.setting_fields import marked, number, registered


@dataclass(frozen=True)
class CorpusFiles:
    """Files of one split; if one TSV or JSON-lines file holds both sides, `target` stays empty."""

    source: str | None = None
    target: str | None = None


@dataclass(frozen=True)
class FeatureSettings:
    """Options for reading sequences of numbers; they do not apply to text."""

    missing: choices.MissingNumbers = "error"  # value for NaN or `?`
    padding_value: str | None = field(default=None, metadata={"number": True})  # padding of files
    id_field: str = "id"  # column of a CSV or Parquet file: the sequence of a row
    time_field: str = "time"  # column of a row's position in its sequence
    normalise: bool = True  # each feature to mean 0 and deviation 1, as learned on training


@dataclass(frozen=True)
class ConllSettings:
    """Columns of CoNLL files, counted from 1; they do not apply to other formats."""

    word: int | None = number(None, minimum=1)  # column of the words; null: 1, or 2 in CoNLL-U
    tag: int | None = number(None, minimum=1)  # column of the classes; null: last, or 4 in CoNLL-U


@dataclass(frozen=True)
class AudioSettings:
    """Log-mel features of sound files; they apply to `data.format=audio` only."""

    rate: int = number(16_000, minimum=4000, maximum=96_000)  # Hz to which sounds are resampled
    mel_bins: int = number(40, minimum=3, maximum=256)  # features of a frame
    window: float = number(25.0, minimum=2.0, maximum=200.0)  # length of a frame, milliseconds
    shift: float = number(10.0, minimum=1.0, maximum=200.0)  # between two frames, milliseconds
    stack: int = number(1, minimum=1, maximum=32)  # frames that are joined into one step
    normalise: choices.SoundNormalisation = "none"  # of each band over the frames of a recording
    precision: choices.SoundPrecision = "float32"  # of steps; float16 halves the prepared corpus


@dataclass(frozen=True)
class AugmentSettings:
    """Random changes of the sounds of training, anew in each epoch; 0 is off."""

    speed: float = number(0.0, minimum=0.0, maximum=0.5)  # greatest change of the speed
    warp: float = number(0.0, minimum=0.0, maximum=0.5)  # greatest change of all frequencies
    channel: float = number(0.0, minimum=0.0, maximum=30.0)  # decibels by which bands differ
    noise: float = number(0.0, minimum=0.0, maximum=1.0)  # probability of added noise
    lowest_snr: float = number(5.0, minimum=-20.0, maximum=100.0)  # decibels, signal to noise
    highest_snr: float = number(40.0, minimum=-20.0, maximum=100.0)
    time_masks: int = number(0, minimum=0, maximum=20)  # spans of time that are masked
    time_mask: float = number(0.1, minimum=0.0, maximum=1.0)  # longest, as a share of the sound
    band_masks: int = number(0, minimum=0, maximum=20)  # spans of bands that are masked
    band_mask: float = number(0.2, minimum=0.0, maximum=1.0)  # widest, as a share of the bands


@dataclass(frozen=True)
class NoiseSettings:
    """Probability of each kind of typing noise in a training source.

    Null means a small probability if the tokenizer splits words into tokens (`unigram`, `bpe`),
    else 0.
    """

    lower: float | None = number(None, minimum=0.0, maximum=1.0)  # no capitals
    capitals: float | None = number(None, minimum=0.0, maximum=1.0)  # only capitals
    no_final_mark: float | None = number(None, minimum=0.0, maximum=1.0)
    no_accents: float | None = number(None, minimum=0.0, maximum=1.0)
    quotes: float | None = number(None, minimum=0.0, maximum=1.0)  # curly, straight, or left out
    spaces: float | None = number(None, minimum=0.0, maximum=1.0)  # doubled
    typo: float | None = number(None, minimum=0.0, maximum=1.0)  # in one word


@dataclass(frozen=True)
class DataSettings:
    """Files from which a run learns and by which it is judged, and filters of their content."""

    name: str = "parallel"
    format: str = registered("auto", FORMATS)
    directory: str | None = marked(None, "free", "local")  # directory of relative file names
    encoding: str = "utf-8"
    source_field: str = "source"  # keys of a JSON line
    target_field: str = "target"
    train: CorpusFiles = CorpusFiles()
    valid: CorpusFiles = CorpusFiles()
    test: CorpusFiles = CorpusFiles()
    max_pairs: int | None = number(None, minimum=1)  # limit for the training split
    max_length: int = number(200, minimum=1)  # tokens per side; longer training pairs are dropped
    long: choices.LongSequences = "drop"  # longer sequences; drop leaves out only training ones
    stride: int | None = number(None, minimum=1)  # steps between window starts; None: max_length
    max_ratio: float = number(9.0, minimum=1.0)  # longer side / shorter side, in tokens
    on_bad_line: Literal["drop", "fail"] = "drop"  # reaction of the preparation to an invalid line
    carry: tuple[choices.SpanKind, ...] = choices.KINDS_OF_SPANS
    download: str | None = marked(None, "free")  # name of this corpus in `seq2seq download`
    valid_share: float = number(0.0, minimum=0.0, below=1.0)  # share of training for validation
    features: FeatureSettings = FeatureSettings()
    audio: AudioSettings = AudioSettings()
    augment: AugmentSettings = AugmentSettings()
    conll: ConllSettings = ConllSettings()
    noise: NoiseSettings = NoiseSettings()
