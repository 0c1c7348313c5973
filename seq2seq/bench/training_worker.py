"""Process that makes and times training steps of seq2seq."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from seq2seq.bench.worker_process import serve
from seq2seq.model.backend import quiet_tensorflow


def main(argv: Sequence[str]) -> None:
    """Run as a worker process until standard input ends."""
    quiet_tensorflow()
    from seq2seq.bench.training_steps import start

    serve(lambda: start(**json.loads(argv[0])))


if __name__ == "__main__":
    main(sys.argv[1:])
