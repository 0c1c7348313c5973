"""Schema of the settings of a run: types, defaults and allowed values.

A recipe (YAML and overrides) becomes one `Settings` through `settings_from_mapping`, which checks
each key once, when it is read. Inner code receives plain values, never this tree.

The module imports nothing slow, so that an error in a recipe is reported before TensorFlow loads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any, Literal

from seq2seq.config import choices, parsing
from seq2seq.config.checks import RULES
from seq2seq.config.registry import ENCODERS, FORMATS, SINKS
from seq2seq.config.tasks import TASKS
from seq2seq.errors import SettingsError

# Marks of a setting. `free`: it may change when a run is resumed, because no result depends on it.
# `length`: free, unless the learning rate depends on the length of the run. `local`: a path or an
# installed package of this machine, which no exported model holds. `resolved`: `auto` is resolved
# once, when a run begins.
Mark = Literal["free", "length", "local", "resolved"]


def _number(
    default: float | int | Literal["auto"] | None,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    below: float | None = None,
    marks: tuple[Mark, ...] = (),
) -> Any:
    limits = {"minimum": minimum, "maximum": maximum, "above": above, "below": below}
    known = {key: limit for key, limit in limits.items() if limit is not None}
    return field(default=default, metadata={**known, "marks": marks})


def _marked(default: Any, *marks: Mark) -> Any:
    return field(default=default, metadata={"marks": marks})


def _registered(default: Any, registry: Collection[str], *marks: Mark) -> Any:
    return field(default=default, metadata={"registry": registry, "marks": marks})


CPU_TOKENS = 2000  # positions that keep a CPU busy; more only take memory


@dataclass(frozen=True)
class CorpusFiles:
    """Files of one split; one TSV or JSON-lines file holds both sides, and `target` stays empty."""

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

    word: int | None = _number(None, minimum=1)  # column of the words; null: 1, in CoNLL-U 2
    tag: int | None = _number(None, minimum=1)  # of their classes; null: the last, in CoNLL-U 4


@dataclass(frozen=True)
class AudioSettings:
    """Log-mel features of sound files; they apply to `data.format=audio` only."""

    rate: int = _number(16_000, minimum=4000, maximum=96_000)  # Hz to which sounds are resampled
    mel_bins: int = _number(40, minimum=3, maximum=256)  # features of a frame
    window: float = _number(25.0, minimum=2.0, maximum=200.0)  # length of a frame, milliseconds
    shift: float = _number(10.0, minimum=1.0, maximum=200.0)  # between two frames, milliseconds
    stack: int = _number(1, minimum=1, maximum=32)  # frames that are joined into one step
    normalise: choices.SoundNormalisation = "none"  # of each band over the frames of a recording


@dataclass(frozen=True)
class AugmentSettings:
    """Random changes of the sounds of training, anew in each epoch; 0 is off."""

    speed: float = _number(0.0, minimum=0.0, maximum=0.5)  # greatest change of the speed
    warp: float = _number(0.0, minimum=0.0, maximum=0.5)  # greatest change of all frequencies
    channel: float = _number(0.0, minimum=0.0, maximum=30.0)  # decibels by which bands differ
    noise: float = _number(0.0, minimum=0.0, maximum=1.0)  # probability of added noise
    lowest_snr: float = _number(5.0, minimum=-20.0, maximum=100.0)  # decibels, signal to noise
    highest_snr: float = _number(40.0, minimum=-20.0, maximum=100.0)
    time_masks: int = _number(0, minimum=0, maximum=20)  # spans of time that are masked
    time_mask: float = _number(0.1, minimum=0.0, maximum=1.0)  # longest, as a share of the sound
    band_masks: int = _number(0, minimum=0, maximum=20)  # spans of bands that are masked
    band_mask: float = _number(0.2, minimum=0.0, maximum=1.0)  # widest, as a share of the bands


@dataclass(frozen=True)
class NoiseSettings:
    """Probability of each kind of typing noise in a training source.

    Null is a small probability if the tokenizer splits words into tokens (`unigram`, `bpe`), else
    0.
    """

    lower: float | None = _number(None, minimum=0.0, maximum=1.0)  # no capitals
    capitals: float | None = _number(None, minimum=0.0, maximum=1.0)  # only capitals
    no_final_mark: float | None = _number(None, minimum=0.0, maximum=1.0)
    no_accents: float | None = _number(None, minimum=0.0, maximum=1.0)
    quotes: float | None = _number(None, minimum=0.0, maximum=1.0)  # curly, straight, or left out
    spaces: float | None = _number(None, minimum=0.0, maximum=1.0)  # doubled
    typo: float | None = _number(None, minimum=0.0, maximum=1.0)  # in one word


@dataclass(frozen=True)
class DataSettings:
    """Files from which a run learns and by which it is judged, and filters of their content."""

    name: str = "parallel"
    format: str = _registered("auto", FORMATS)
    directory: str | None = _marked(None, "free", "local")  # directory of relative file names
    encoding: str = "utf-8"
    source_field: str = "source"  # keys of a JSON line
    target_field: str = "target"
    train: CorpusFiles = CorpusFiles()
    valid: CorpusFiles = CorpusFiles()
    test: CorpusFiles = CorpusFiles()
    max_pairs: int | None = _number(None, minimum=1)  # limit for the training split
    max_length: int = _number(200, minimum=1)  # tokens per side; longer training pairs are dropped
    long: choices.LongSequences = "drop"  # longer sequences; drop: only those of training
    stride: int | None = _number(None, minimum=1)  # windows: from start to start; None: max_length
    max_ratio: float = _number(9.0, minimum=1.0)  # longer side / shorter side, in tokens
    on_bad_line: Literal["drop", "fail"] = "drop"  # reaction of the preparation to an invalid line
    carry: tuple[choices.SpanKind, ...] = choices.KINDS_OF_SPANS
    download: str | None = _marked(None, "free")  # name of this corpus in `seq2seq download`
    valid_share: float = _number(0.0, minimum=0.0, below=1.0)  # share of training for validation
    features: FeatureSettings = FeatureSettings()
    audio: AudioSettings = AudioSettings()
    augment: AugmentSettings = AugmentSettings()
    conll: ConllSettings = ConllSettings()
    noise: NoiseSettings = NoiseSettings()


@dataclass(frozen=True)
class TokenizerSettings:
    """Segmentation of text into tokens (SentencePiece)."""

    kind: choices.TokenizerKind = "unigram"
    target_kind: choices.TokenizerKind | None = None
    vocab_size: int = _number(4000, minimum=8, maximum=65_536)
    # Of the target, with `joint=false`; None: `vocab_size`.
    target_vocab_size: int | None = _number(None, minimum=8, maximum=65_536)
    joint: bool = True  # one vocabulary for both sides
    byte_fallback: bool = True
    normalization: choices.Normalization = "nmt_nfkc"  # normalisation of the source
    target_normalization: choices.Normalization = "identity"
    character_coverage: float = _number(1.0, above=0.9, maximum=1.0)
    placeholders: int = _number(16, minimum=0, maximum=1000)  # reserved tokens, never split
    sampling: float = _number(0.0, minimum=0.0, below=1.0)  # subword regularisation; 0 is off
    training_lines: int = _number(1_000_000, minimum=1)  # sentences from which the tokenizer learns

    @property
    def rule(self) -> choices.Normalization:
        """Return the rule that normalises text; symbols stay unchanged."""
        return "identity" if self.kind == "symbols" else self.normalization

    def of_target(self) -> TokenizerSettings:
        """Return the settings of the tokenizer of the target side."""
        return replace(
            self,
            kind=self.target_kind or self.kind,
            target_kind=None,
            vocab_size=self.target_vocab_size or self.vocab_size,
            target_vocab_size=None,
            normalization=self.target_normalization,
        )


@dataclass(frozen=True)
class TaskSettings:
    """Task of a model; all keys but the name are for classification and regression."""

    name: choices.Task = "translation"
    per_step: bool = False  # a prediction for each step, not one for the sequence
    several_labels: bool = False  # classification: any number of the classes at once
    class_weights: choices.ClassWeights = "none"  # rare classes count more in the loss
    pooling: choices.PoolingKind = "last"  # from the steps to one prediction

    @property
    def has_labels(self) -> bool:
        """Return whether targets are classes or numbers; otherwise they are texts."""
        return not TASKS[self.name].writes_text

    @property
    def has_numbers(self) -> bool:
        """Return whether targets are numbers."""
        return self.has_labels and not TASKS[self.name].classes


@dataclass(frozen=True)
class ModelSettings:
    """The encoder-decoder: sizes, layers, attention."""

    embedding_dim: int = _number(256, minimum=1, maximum=16_384)
    front_end: choices.FrontEndKind = "none"  # of sequences of numbers
    front_end_layers: int = _number(2, minimum=1, maximum=6)  # each halves time and features
    front_end_channels: int = _number(32, minimum=1, maximum=1024)
    encoder: str = _registered("lstm", ENCODERS)
    units: int = _number(512, minimum=2, maximum=16_384)
    encoder_layers: int = _number(1, minimum=1, maximum=64)
    decoder_layers: int = _number(1, minimum=1, maximum=64)
    bidirectional: bool = True
    residual: bool = True  # around each LSTM layer from the second on
    # Of the transformer: attention heads, and the width of its networks; None: 4 x units.
    heads: int = _number(8, minimum=1, maximum=1024)
    feed_forward: int | None = _number(None, minimum=1, maximum=65_536)
    attention: choices.AttentionKind = "luong"
    head: choices.HeadKind = "softmax"  # of classes at each step; crf: of the whole path
    dropout: float = _number(0.2, minimum=0.0, below=1.0)
    tie_embeddings: bool = True
    init_from: str | None = _marked(None, "local")  # run or exported model to start from

    @property
    def feed_forward_width(self) -> int:
        """Return the width of the transformer's networks."""
        return self.feed_forward or 4 * self.units


@dataclass(frozen=True)
class BatchingSettings:
    """Batching of sentences of different lengths."""

    strategy: choices.Strategy = "bucket"
    # Rows x padded length of the longer side; auto: as many as fill the device.
    max_tokens: int | Literal["auto"] = _number("auto", minimum=1, marks=("resolved",))
    # Parts of a batch that a CPU computes side by side; auto: by its cores and the model's size.
    shares: int | Literal["auto"] = _number("auto", minimum=1, maximum=64, marks=("resolved",))
    padding: choices.Padding = "post"
    pad_to: Literal["longest", "edge"] = (
        "longest"  # longest row of the batch, or edge of its bucket
    )
    bucket_width: int = _number(2, minimum=1)  # tokens between two bucket edges

    @property
    def budget(self) -> int:
        """Return the most positions of a batch; those for a CPU if the run has not chosen yet."""
        return CPU_TOKENS if self.max_tokens == "auto" else self.max_tokens


@dataclass(frozen=True)
class OptimizerSettings:
    """Optimizer of the weights, and schedule of the learning rate."""

    name: Literal["adam", "adamw", "sgd"] = "adam"
    learning_rate: float = _number(1e-3, above=0.0)
    schedule: Literal["plateau", "constant", "inverse_sqrt", "cosine", "linear"] = "plateau"
    warmup_steps: int = _number(0, minimum=0)
    decay_steps: int | None = _number(None, minimum=1)  # cosine, linear; default: the whole run
    plateau_factor: float = _number(0.5, above=0.0, below=1.0)
    plateau_patience: int = _number(2, minimum=1)  # validations without improvement
    minimum_learning_rate: float = _number(1e-6, minimum=0.0)
    clip_norm: float = _number(1.0, minimum=0.0)  # 0 is off
    beta_1: float = _number(0.9, minimum=0.0, below=1.0)
    beta_2: float = _number(0.999, minimum=0.0, below=1.0)
    epsilon: float = _number(1e-8, above=0.0)
    momentum: float = _number(0.9, minimum=0.0, below=1.0)  # sgd
    weight_decay: float = _number(0.01, minimum=0.0)  # adamw


@dataclass(frozen=True)
class LossSettings:
    """Options of the training loss."""

    label_smoothing: float = _number(0.1, minimum=0.0, below=1.0)


@dataclass(frozen=True)
class TrainingSettings:
    """Limits of a run, its devices, and its checkpoints."""

    max_epochs: int | None = _number(None, minimum=1, marks=("length",))
    max_steps: int | None = _number(None, minimum=1, marks=("length",))
    # Training time, over all resumptions.
    max_minutes: float | None = _number(None, above=0.0, marks=("free",))
    # auto: bfloat16 on a processor with units for its products, otherwise float32.
    precision: choices.PrecisionSetting = field(
        default="float32", metadata={"marks": ("resolved",)}
    )
    device: choices.Device = "auto"
    deterministic: bool = True
    accumulate: int = _number(1, minimum=1)  # batches summed into one update
    # Processes: 4, or 1..4; more of them compute the same sums, rounded in another order.
    workers: str = field(default="1", metadata={"number": True, "marks": ("free",)})
    # Receivers of the metrics; `metrics.jsonl` is written in any case.
    sinks: tuple[str, ...] = _registered(("jsonl", "tensorboard"), SINKS, "free", "local")
    log_steps: int = _number(50, minimum=1, marks=("free",))
    checkpoint_steps: int = _number(500, minimum=1, marks=("free",))
    validate_steps: int = _number(0, minimum=0)  # 0: at the end of every epoch
    validation_sentences: int = _number(1000, minimum=1)  # decoded for BLEU and chrF
    monitor: str = _marked("auto", "resolved")  # metric by which checkpoints are judged
    bleu_tokenizer: choices.BleuTokenizer = field(default="auto", metadata={"marks": ("resolved",)})
    # Validations without improvement; 0 is off.
    patience: int = _number(8, minimum=0, marks=("free",))
    keep_checkpoints: int = _number(2, minimum=1, marks=("free",))
    average_best: int = _number(1, minimum=1)  # checkpoints averaged into the exported weights

    @property
    def computed_precision(self) -> choices.Precision:
        """Return the precision of the products; float32 as long as it is to be chosen."""
        return "float32" if self.precision == "auto" else self.precision

    @property
    def loss_scaling(self) -> bool:
        """Return whether small gradients need a scaled loss in this precision."""
        return self.precision == "float16"


@dataclass(frozen=True)
class SearchSettings:
    """Options of the search for a translation."""

    beam_size: int = _number(4, minimum=1, maximum=256, marks=("free",))
    # Exponent alpha; 0 is off.
    length_penalty: float = _number(1.0, minimum=0.0, maximum=10.0, marks=("free",))
    coverage_penalty: float = _number(0.0, minimum=0.0, maximum=100.0)  # weight beta; 0 is off
    no_repeat_ngram: int = _number(0, minimum=0)  # N: no N tokens repeat; 0 is off
    # The limits keep the settings of an untrusted model from using days of time or all memory.
    max_length_factor: float = _number(2.0, above=0.0, maximum=20.0)  # times the source length
    max_length_offset: int = _number(10, minimum=0, maximum=1000)
    # Input with more sentences, or longer than this in tokens, is split; null: limits of training.
    max_sentences: int | None = _number(None, minimum=1, maximum=1000, marks=("free",))
    max_source_length: int | None = _number(None, minimum=1, maximum=5000, marks=("free",))
    batch_tokens: int = _number(800, minimum=1, maximum=1_000_000)  # source tokens and padding


@dataclass(frozen=True)
class ExportSettings:
    """Content of the exported model that a run ends with."""

    saved_model: bool = _marked(False, "free")  # also a SavedModel, for TensorFlow Serving


@dataclass(frozen=True)
class TuneSettings:
    """Options of `seq2seq tune` to choose, judge and stop trials; no run has them as settings."""

    search: Literal["random", "grid", "tpe"] = "random"
    scheduler: Literal["none", "asha", "median", "pbt"] = "none"
    metric: str | None = None  # null: training.monitor
    mode: Literal["auto", "max", "min"] = "auto"
    trials: int | None = _number(None, minimum=1)  # null: the whole grid; otherwise 16
    max_minutes: float | None = _number(None, above=0.0)  # time of the sweep, over all resumptions
    max_epochs: float | None = _number(None, above=0.0)  # total of all trials
    seeds: int = _number(1, minimum=1)  # runs of each trial
    seed: int = _number(1, minimum=0, maximum=2**31 - 1)  # seed of the choice of trials
    concurrent: int | None = _number(None, minimum=1)  # null: as many as processors allow
    cpus: float = _number(1.0, above=0.0)  # processors of each trial
    gpus: float = _number(0.0, minimum=0.0)  # GPUs of each trial; a part of one is allowed
    grace: int = _number(1, minimum=1)  # validations before a scheduler may stop a trial
    reduction: float = _number(3.0, above=1.0)  # asha
    interval: int = _number(1, minimum=1)  # pbt: validations between two exchanges
    keep_trials: int = _number(1, minimum=1)  # best trials whose checkpoints stay
    retry: bool = False  # failed trials, when the same command runs again


@dataclass(frozen=True)
class Settings:
    """All settings of one run; they are written to `settings.yaml` and suffice to rebuild it."""

    name: str = "phrasebook"
    seed: int = _number(1, minimum=0, maximum=2**31 - 1)
    task: TaskSettings = TaskSettings()
    runs: str = _marked("runs", "free", "local")  # parent of the run directories, `<runs>/<name>`
    data: DataSettings = DataSettings()
    tokenizer: TokenizerSettings = TokenizerSettings()
    model: ModelSettings = ModelSettings()
    batching: BatchingSettings = BatchingSettings()
    optimizer: OptimizerSettings = OptimizerSettings()
    loss: LossSettings = LossSettings()
    training: TrainingSettings = TrainingSettings()
    search: SearchSettings = SearchSettings()
    export: ExportSettings = ExportSettings()


def marked_keys(mark: Mark, settings: type = Settings) -> Iterator[str]:
    """Yield the dotted keys of the settings that have a mark."""
    for each in fields(settings):
        if is_dataclass(each.default):
            for key in marked_keys(mark, type(each.default)):
                yield f"{each.name}.{key}"
        elif mark in each.metadata.get("marks", ()):
            yield each.name


def settings_from_mapping(mapping: Mapping[str, Any]) -> Settings:
    """Return the checked settings of a run, from a recipe's plain mapping.

    Omitted keys have their default values.

    Raises:
        SettingsError: an unknown key, a wrong type, a value outside its limits, or keys that
            contradict each other; one line that names the dotted key.
    """
    task = mapping.get("task")
    if isinstance(task, str):  # `task: classification` is enough
        mapping = {**mapping, "task": {"name": task}}
    settings = parsing.build(Settings, mapping)
    for rule in RULES:
        error = rule(settings)
        if error is not None:
            raise SettingsError(error)
    return settings


def settings_to_mapping(settings: Settings) -> dict[str, Any]:
    """Return nested dictionaries for JSON and YAML, which `settings_from_mapping` reads."""
    return asdict(settings, dict_factory=_plain)


def _plain(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in items}
