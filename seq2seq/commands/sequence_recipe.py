"""The recipe that `seq2seq init` writes for sequences with labels."""

from __future__ import annotations

import json
from dataclasses import dataclass

from seq2seq.config.choices import Split
from seq2seq.config.data_schema import DataSettings
from seq2seq.data.readers.recognition import Recognition
from seq2seq.data.readers.sequences import ItemReader
from seq2seq.errors import DataError
from seq2seq.training.reporting.terminal import counted

_MAX_LENGTH = 1000  # value in conf/data/sequences.yaml
_RECIPE = """\
# @package _global_
# Written by `seq2seq init`. Keys left out keep their defaults; see them all with
#   {show}
defaults:
  - override /data: sequences
  - override /task: {task}

name: {name}  # of the run and its directory

data:
  name: {name}
  # Relative files are looked up in data.directory; without it, where the command is run.
{data}

{task_keys}{tokenizer}model:
{embedding}  units: {units}         # larger learns more from much data, and takes longer
  dropout: 0.3       # higher for few sequences

batching:
  # {unit} a batch, padding counted; {sequences:,} sequences of {steps:,} {unit} here
  max_tokens: {max_tokens}

optimizer:
  learning_rate: 2.0e-3

training:
  patience: 15       # validations without improvement before the run ends
  max_minutes: null  # or at the latest after so long
"""
_WORDS = """\
tokenizer:
  vocab_size: {size}   # tokens; more for a larger corpus
  placeholders: 0

"""
_SYMBOLS = """\
tokenizer:
  kind: symbols      # a label for each word: words stay as they stand
  vocab_size: 8000
  placeholders: 0

"""


@dataclass(frozen=True)
class SplitProfile:
    """Counts and lengths of the sequences of a split.

    Attributes:
        usable: number of sequences with a label.
        unusable: number of the other sequences.
        error: error in the first unusable sequence, and its position.
        steps: total number of steps, or words, of the usable sequences.
        longest: number of steps, or words, of the longest usable sequence.
    """

    usable: int = 0
    unusable: int = 0
    error: str = ""
    steps: int = 0
    longest: int = 0

    def lines(self, split: Split) -> list[str]:
        """Return the profile as lines of text."""
        text = [f"{split}: {counted(self.usable, 'sequence')}"]
        if self.unusable:
            text.append(f"{split}: {self.unusable:,} cannot be used; the first: {self.error}")
        return text


def profile_split(split: Split, data: DataSettings, recognition: Recognition) -> SplitProfile:
    """Return the profile of a split of a corpus.

    Raises:
        DataError: a file is missing, or no sequence of it can be used.
        SettingsError: files and format do not fit each other.
    """
    reader = ItemReader.find(
        getattr(data, split), data, key=f"data.{split}", per_step=recognition.per_step
    )
    lengths: list[int] = []
    errors: list[str] = []
    for item in reader:
        error = item.error or (None if item.label not in (None, "") else "no label")
        if error is not None or item.content is None:
            errors.append(f"{reader.where(item.position)}: {error}")
        else:
            content = item.content
            lengths.append(len(content.split() if isinstance(content, str) else content))
    if not lengths:
        raise DataError(
            f"{reader.paths[0]} holds no sequence that can be used"
            + (f" ({errors[0]})." if errors else "; give a file with sequences and labels.")
        )
    return SplitProfile(
        len(lengths), len(errors), errors[0] if errors else "", sum(lengths), max(lengths)
    )


def sequence_recipe(
    name: str, data: str, recognition: Recognition, profile: SplitProfile, *, show: str
) -> str:
    """Return the YAML of a recipe.

    Args:
        name: name of the run and the corpus.
        data: lines that name the files.
        recognition: contents of the training file.
        profile: profile of its sequences.
        show: command that shows all keys.
    """
    task = {"pooling": "max" if recognition.texts else "mean"}
    if recognition.per_step:
        task = {"per_step": "true"}
    if recognition.several_labels:
        task["several_labels"] = "true"
    if recognition.writes_text:
        task = {}
    task_keys = "".join(f"  {key}: {value}\n" for key, value in task.items())
    cut = recognition.texts and not recognition.per_step  # a word has about two tokens
    vocabulary = recognition.texts or recognition.writes_text
    steps = profile.steps * (2 if cut else 1)
    batch = min(max(steps // 60, 256), 2000)
    return _RECIPE.format(
        show=show,
        task=recognition.task,
        name=json.dumps(name),
        data=data,
        task_keys=f"task:\n{task_keys}\n" if task else "",
        tokenizer=_tokenizer(recognition, profile) if vocabulary else "",
        units=128 if profile.usable < 5000 else 256,
        embedding="  embedding_dim: 128\n" if vocabulary else "",
        max_tokens=max(batch, profile.longest),
        unit="tokens" if recognition.texts else "steps",
        sequences=profile.usable,
        steps=steps,
    )


def max_length(recognition: Recognition, profile: SplitProfile) -> int | None:
    """Return a value for `data.max_length` if the default would drop sequences, or None."""
    longest = profile.longest * (4 if recognition.texts else 1)
    return longest if longest > _MAX_LENGTH else None


def _tokenizer(recognition: Recognition, profile: SplitProfile) -> str:
    if recognition.per_step:
        return _SYMBOLS
    return _WORDS.format(size=2000 if profile.usable < 10_000 else 4000)
