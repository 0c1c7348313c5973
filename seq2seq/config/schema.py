"""Schema of the settings of a run: types, defaults and allowed values.

A recipe (YAML and overrides) becomes one `Settings` through `settings_from_mapping`, which checks
each key once, when it is read. Inner code receives plain values, never this tree.

The module imports nothing slow, so that an error in a recipe is reported before TensorFlow loads.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any, Literal

from seq2seq.config import choices, parsing
from seq2seq.config.data_checks import DATA_RULES
from seq2seq.config.data_schema import DataSettings
from seq2seq.config.model_checks import MODEL_RULES
from seq2seq.config.registry import ENCODERS, SINKS
from seq2seq.config.setting_fields import Mark, marked, number, registered
from seq2seq.config.tasks import TASKS
from seq2seq.config.training_checks import TRAINING_RULES
from seq2seq.errors import SettingsError

CPU_TOKENS = 2000  # positions that keep a CPU busy; more only take memory


@dataclass(frozen=True)
class TokenizerSettings:
    """Segmentation of text into tokens (SentencePiece)."""

    kind: choices.TokenizerKind = "unigram"
    target_kind: choices.TokenizerKind | None = None
    vocab_size: int = number(4000, minimum=8, maximum=65_536)
    # Vocabulary size of the target side, with `joint=false`; None: `vocab_size`.
    target_vocab_size: int | None = number(None, minimum=8, maximum=65_536)
    joint: bool = True  # one vocabulary for both sides
    byte_fallback: bool = True
    normalization: choices.Normalization = "nmt_nfkc"  # normalisation of the source
    target_normalization: choices.Normalization = "identity"
    character_coverage: float = number(1.0, above=0.9, maximum=1.0)
    placeholders: int = number(16, minimum=0, maximum=1000)  # reserved tokens, never split
    sampling: float = number(0.0, minimum=0.0, below=1.0)  # subword regularisation; 0 is off
    training_lines: int = number(1_000_000, minimum=1)  # sentences from which the tokenizer learns

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
    """Task of a model; all keys except `name` are only for classification and regression."""

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

    embedding_dim: int = number(256, minimum=1, maximum=16_384)
    front_end: choices.FrontEndKind = "none"  # of sequences of numbers
    front_end_layers: int = number(2, minimum=1, maximum=6)  # each halves time and features
    front_end_channels: int = number(32, minimum=1, maximum=1024)
    encoder: str = registered("lstm", ENCODERS)
    units: int = number(512, minimum=2, maximum=16_384)
    encoder_layers: int = number(1, minimum=1, maximum=64)
    decoder_layers: int = number(1, minimum=1, maximum=64)
    bidirectional: bool = True
    residual: bool = True  # around each LSTM layer from the second on
    # For the transformer: attention heads, and width of its networks; None: 4 x units.
    attention_heads: int = number(8, minimum=1, maximum=1024)
    feed_forward: int | None = number(None, minimum=1, maximum=65_536)
    attention: choices.AttentionKind = "luong"
    head: choices.HeadKind = "softmax"  # a class at each step; crf: the whole path of classes
    dropout: float = number(0.2, minimum=0.0, below=1.0)
    tie_embeddings: bool = True
    init_from: str | None = marked(None, "local")  # run or exported model to start from

    @property
    def feed_forward_width(self) -> int:
        """Return the width of the transformer's networks."""
        return self.feed_forward or 4 * self.units


@dataclass(frozen=True)
class BatchingSettings:
    """Batching of sentences of different lengths."""

    strategy: choices.Strategy = "bucket"
    # Rows x padded length of the longer side; auto: as many as fill the device.
    max_tokens: int | Literal["auto"] = number("auto", minimum=1, marks=("resolved",))
    # Parts of a batch that a CPU computes side by side; auto: by its cores and the model's size.
    shares: int | Literal["auto"] = number("auto", minimum=1, maximum=64, marks=("resolved",))
    padding: choices.Padding = "post"
    pad_to: Literal["longest", "edge"] = (
        "longest"  # longest row of the batch, or edge of its bucket
    )
    bucket_width: int = number(2, minimum=1)  # tokens between two bucket edges

    @property
    def budget(self) -> int:
        """Return the maximum number of positions of a batch; for `auto`, the number for a CPU."""
        return CPU_TOKENS if self.max_tokens == "auto" else self.max_tokens


@dataclass(frozen=True)
class OptimizerSettings:
    """Optimizer of the weights, and schedule of the learning rate."""

    name: Literal["adam", "adamw", "sgd"] = "adam"
    learning_rate: float = number(1e-3, above=0.0)
    schedule: Literal["plateau", "constant", "inverse_sqrt", "cosine", "linear"] = "plateau"
    warmup_steps: int = number(0, minimum=0)
    decay_steps: int | None = number(None, minimum=1)  # cosine, linear; default: the whole run
    plateau_factor: float = number(0.5, above=0.0, below=1.0)
    plateau_patience: int = number(2, minimum=1)  # validations without improvement
    minimum_learning_rate: float = number(1e-6, minimum=0.0)
    clip_norm: float = number(1.0, minimum=0.0)  # 0 is off
    beta_1: float = number(0.9, minimum=0.0, below=1.0)
    beta_2: float = number(0.999, minimum=0.0, below=1.0)
    epsilon: float = number(1e-8, above=0.0)
    momentum: float = number(0.9, minimum=0.0, below=1.0)  # sgd
    weight_decay: float = number(0.01, minimum=0.0)  # adamw


@dataclass(frozen=True)
class LossSettings:
    """Options of the training loss."""

    label_smoothing: float = number(0.1, minimum=0.0, below=1.0)


@dataclass(frozen=True)
class TrainingSettings:
    """Limits of a run, its devices, and its checkpoints."""

    max_epochs: int | None = number(None, minimum=1, marks=("length",))
    max_steps: int | None = number(None, minimum=1, marks=("length",))
    # Training time, over all resumptions.
    max_minutes: float | None = number(None, above=0.0, marks=("free",))
    # auto: bfloat16 on a processor with units for its products, otherwise float32.
    precision: choices.PrecisionSetting = field(
        default="float32", metadata={"marks": ("resolved",)}
    )
    device: choices.Device = "auto"
    # Threads of one operation on a CPU, which affect how sums are rounded; auto: by its cores.
    threads: int | Literal["auto"] = number("auto", minimum=1, maximum=1024, marks=("resolved",))
    deterministic: bool = True
    accumulate: int = number(1, minimum=1)  # batches summed into one update
    # Processes: 4, or 1..4; more of them compute the same sums, rounded in another order.
    workers: str = field(default="1", metadata={"number": True, "marks": ("free",)})
    # Receivers of the metrics; `metrics.jsonl` is written in any case.
    sinks: tuple[str, ...] = registered(("jsonl", "tensorboard"), SINKS, "free", "local")
    log_steps: int = number(50, minimum=1, marks=("free",))
    checkpoint_steps: int = number(500, minimum=1, marks=("free",))
    validate_steps: int = number(0, minimum=0)  # 0: at the end of every epoch
    validation_sentences: int = number(1000, minimum=1)  # decoded for BLEU and chrF
    monitor: str = marked("auto", "resolved")  # metric by which checkpoints are judged
    bleu_tokenizer: choices.BleuTokenizer = field(default="auto", metadata={"marks": ("resolved",)})
    # Validations without improvement; 0 is off.
    patience: int = number(8, minimum=0, marks=("free",))
    keep_checkpoints: int = number(2, minimum=1, marks=("free",))
    average_best: int = number(1, minimum=1)  # checkpoints averaged into the exported weights

    @property
    def computed_precision(self) -> choices.Precision:
        """Return the precision of the matrix products; float32 while `auto` is not resolved."""
        return "float32" if self.precision == "auto" else self.precision

    @property
    def loss_scaling(self) -> bool:
        """Return whether small gradients need a scaled loss in this precision."""
        return self.precision == "float16"


@dataclass(frozen=True)
class SearchSettings:
    """Options of the search for a translation."""

    beam_size: int = number(4, minimum=1, maximum=256, marks=("free",))
    # Exponent alpha; 0 is off.
    length_penalty: float = number(1.0, minimum=0.0, maximum=10.0, marks=("free",))
    coverage_penalty: float = number(0.0, minimum=0.0, maximum=100.0)  # weight beta; 0 is off
    no_repeat_ngram: int = number(0, minimum=0)  # N: no N tokens repeat; 0 is off
    # The limits keep the settings of an untrusted model from using days of time or all memory.
    max_length_factor: float = number(2.0, above=0.0, maximum=20.0)  # times the source length
    max_length_offset: int = number(10, minimum=0, maximum=1000)
    # Input with more sentences, or longer than this in tokens, is split; null: limits of training.
    max_sentences: int | None = number(None, minimum=1, maximum=1000, marks=("free",))
    max_source_length: int | None = number(None, minimum=1, maximum=5000, marks=("free",))
    batch_tokens: int = number(800, minimum=1, maximum=1_000_000)  # source tokens and padding


@dataclass(frozen=True)
class ExportSettings:
    """Content of the exported model that a run ends with."""

    saved_model: bool = marked(False, "free")  # also a SavedModel, for TensorFlow Serving


@dataclass(frozen=True)
class TuneSettings:
    """Options of `seq2seq tune` to choose, judge and stop trials; no run has them as settings."""

    search: Literal["random", "grid", "tpe"] = "random"
    scheduler: Literal["none", "asha", "median", "pbt"] = "none"
    metric: str | None = None  # null: training.monitor
    mode: Literal["auto", "max", "min"] = "auto"
    trials: int | None = number(None, minimum=1)  # null: the whole grid; otherwise 16
    max_minutes: float | None = number(None, above=0.0)  # time of the sweep, over all resumptions
    max_epochs: float | None = number(None, above=0.0)  # total of all trials
    seeds: int = number(1, minimum=1)  # runs of each trial
    seed: int = number(1, minimum=0, maximum=2**31 - 1)  # seed of the choice of trials
    concurrent: int | None = number(None, minimum=1)  # null: as many as processors allow
    cpus: float = number(1.0, above=0.0)  # processors of each trial
    gpus: float = number(0.0, minimum=0.0)  # GPUs of each trial; a part of one is allowed
    grace: int = number(1, minimum=1)  # validations before a scheduler may stop a trial
    reduction: float = number(3.0, above=1.0)  # asha
    interval: int = number(1, minimum=1)  # pbt: validations between two exchanges
    keep_trials: int = number(1, minimum=1)  # best trials whose checkpoints stay
    retry: bool = False  # repeat failed trials when the same command runs again


_DATA = DataSettings()


@dataclass(frozen=True)
class Settings:
    """All settings of one run; they are written to `settings.yaml` and suffice to rebuild it."""

    name: str = "phrasebook"
    seed: int = number(1, minimum=0, maximum=2**31 - 1)
    task: TaskSettings = TaskSettings()
    runs: str = marked("runs", "free", "local")  # parent of the run directories, `<runs>/<name>`
    data: DataSettings = _DATA
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
    for rule in (*TRAINING_RULES, *DATA_RULES, *MODEL_RULES):
        error = rule(settings)
        if error is not None:
            raise SettingsError(error)
    return settings


def settings_to_mapping(settings: Settings) -> dict[str, Any]:
    """Return nested dictionaries for JSON and YAML, which `settings_from_mapping` reads."""
    return asdict(settings, dict_factory=_plain)


def _plain(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in items}
