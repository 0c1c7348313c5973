"""What Keras, its backend or Python said was wrong, short enough for one sentence."""

from __future__ import annotations

_LONGEST = 140  # characters
_BEFORE_CAUSE = "Exception encountered:"  # with which Keras ends a long text of its own


def reason_of(error: object) -> str:
    """The first plain line of a message, or of the cause that it quotes, without a full stop."""
    text = str(error).rpartition(_BEFORE_CAUSE)[2]
    lines = [line.replace("\x1b[1m", "").replace("\x1b[0m", "") for line in text.splitlines()]
    lines = [line.strip() for line in lines if not line.startswith("Exception encountered when")]
    told = next((line for line in lines if line), type(error).__name__)
    return (told if len(told) <= _LONGEST else f"{told[: _LONGEST - 3]}...").rstrip(".:")
