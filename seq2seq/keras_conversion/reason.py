"""Messages of Keras, its backend or Python, shortened to one sentence."""

from __future__ import annotations

import re

_LONGEST = 140  # characters
_BEFORE_CAUSE = re.compile(r".*(?:Exception|Error) encountered:", re.DOTALL)  # a long text of Keras
_SENTENCE = re.compile(r"(.{20,}?)\.\s+[A-Z].*")


def root_of(error: BaseException) -> BaseException:
    """Return the error for which Keras could not infer the shape of an output."""
    while isinstance(error, NotImplementedError) and error.__context__ is not None:
        error = error.__context__
    return error


def reason_of(error: object) -> str:
    """Return the first sentence of a message, or of the cause that it quotes, without full stop."""
    error = root_of(error) if isinstance(error, BaseException) else error
    text = _BEFORE_CAUSE.sub("", str(error))
    lines = [line.replace("\x1b[1m", "").replace("\x1b[0m", "") for line in text.splitlines()]
    lines = [line.strip() for line in lines if not line.startswith("Exception encountered when")]
    told = next((line for line in lines if line), type(error).__name__)
    told = _SENTENCE.sub(r"\1", told)
    return (told if len(told) <= _LONGEST else f"{told[: _LONGEST - 3]}...").rstrip(".:")
