"""A process with one form loaded, that translates and takes the time when told to.

Each form has its own, so that threads and memory do not mix. It reads a line of JSON for each
task from its standard input and writes one for each result.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from seq2seq.bench.forms import Loading, Search, load_form
from seq2seq.errors import UserError


class Timed(NamedTuple):
    """What a form gave and how many seconds it took."""

    outputs: list[str]
    seconds: float


class Worker:
    """The handle of such a process."""

    def __init__(self, form: str, loading: Loading) -> None:
        """Start it. Raises `UserError` if the form cannot be loaded."""
        self._form = form
        threads = str(loading.threads)
        given = {**asdict(loading), "directory": str(loading.directory.resolve())}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "seq2seq.bench.worker", form, json.dumps(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # NumPy's products ask their environment, once.
            env={**os.environ, "OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
            text=True,
        )
        try:
            self._read()
        except BaseException:
            self.close()
            raise

    def translate(self, sentences: Sequence[str], search: Search) -> Timed:
        """Have `sentences` translated. Raises `UserError` if the process has died."""
        if self._process.stdin is None:
            raise ValueError("the process has no input")
        task = {"sentences": list(sentences), "search": asdict(search)}
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        found = self._read()
        return Timed(found["outputs"], found["seconds"])

    def close(self) -> None:
        """End the process."""
        with self._process:
            self._process.kill()

    def _read(self) -> Any:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise UserError(
                f"the process that was to measure {self._form} ended (status "
                f"{self._process.wait()}); what it said stands above"
            )
        return json.loads(line)


def main(argv: Sequence[str]) -> None:
    """Be such a process, until standard input ends."""
    form_name, loading = argv[0], json.loads(argv[1])
    # What libraries print must not come between the results.
    results = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    form = load_form(form_name, Loading(**{**loading, "directory": Path(loading["directory"])}))
    print(json.dumps("ready"), file=results)
    for line in sys.stdin:
        task = json.loads(line)
        search = Search(**task["search"])
        start = time.perf_counter()
        outputs = form.translate(task["sentences"], search)
        seconds = time.perf_counter() - start
        print(json.dumps({"outputs": outputs, "seconds": seconds}), file=results)


if __name__ == "__main__":
    main(sys.argv[1:])
