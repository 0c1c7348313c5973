"""`seq2seq translate` in a process of its own, with a translator that takes as long as it is told.

    python translate_with_stand_in.py SECONDS [OPTION ...]

SECONDS is how long each call takes. The stand-in says a text in capitals; at `sleep` it takes a
minute, at `raise` it raises what a user can put right, at `crash` a defect.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import Any

from seq2seq.commands import main, translate
from seq2seq.errors import DataError
from seq2seq.inference.translation import Translation


class StandIn:
    """Says texts in capitals, and does not know how surely."""

    calibration = None

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds

    def hypotheses(self, texts: Sequence[str], options: Any) -> list[list[Translation]]:
        if texts:
            time.sleep(self.seconds)
        if "sleep" in texts:
            time.sleep(60)
        if "raise" in texts:
            raise DataError("this cannot be said; leave it out")
        if "crash" in texts:
            raise RuntimeError("a defect")
        return [[Translation(" ".join(text.upper().split()))] for text in texts]


if __name__ == "__main__":
    stand_in = StandIn(float(sys.argv.pop(1)))
    translate.load_translator = lambda options: stand_in  # type: ignore[assignment, return-value]
    translate.model_fingerprint = lambda paths: list(map(str, paths))
    sys.argv[1:1] = ["translate", "--model", "stand-in"]
    sys.exit(main.main())
