"""A process with one form of a model loaded, which translates and measures the time."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from seq2seq.bench.forms import Loading, Search, load_form
from seq2seq.bench.worker_process import Handler, Worker, serve


class Timed(NamedTuple):
    """Outputs of a form, and the seconds that the translation took."""

    outputs: list[str]
    seconds: float


class TranslationWorker(Worker):
    """Handle of a translating process."""

    def __init__(self, form: str, loading: Loading) -> None:
        """Start the process; raise `UserError` if the form cannot be loaded."""
        given = {**asdict(loading), "directory": str(loading.directory.resolve())}
        command = [sys.executable, "-m", "seq2seq.bench.translation_worker", form]
        super().__init__(form, [*command, json.dumps(given)], threads=loading.threads)

    def translate(self, sentences: Sequence[str], search: Search) -> Timed:
        """Return the translations of `sentences`; raise `UserError` if the process has ended."""
        return Timed(**self.ask({"sentences": list(sentences), "search": asdict(search)}))


def main(argv: Sequence[str]) -> None:
    """Run as a worker process until standard input ends."""

    def start() -> tuple[Any, Handler]:
        loading = json.loads(argv[1])
        form = load_form(argv[0], Loading(**{**loading, "directory": Path(loading["directory"])}))

        def translate(task: Any) -> Any:
            search = Search(**task["search"])
            started = time.perf_counter()
            outputs = form.translate(task["sentences"], search)
            return {"outputs": outputs, "seconds": time.perf_counter() - started}

        return "ready", translate

    serve(start)


if __name__ == "__main__":
    main(sys.argv[1:])
