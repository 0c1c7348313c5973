"""Reads exported models that were damaged, one after the other, in a process that may die of it.

    python reader.py ARTEFACTS FIRST LAST

ARTEFACTS is a directory of whole ones. Writes a line before each seed and one after it: what was
done and how it ended, `read`, `refused` or `failed`. Memory is limited; the clock is for the
parent to watch.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from mutations import damage

from seq2seq.errors import UserError
from seq2seq.export.exported_model import WEIGHTS, read_exported_model
from seq2seq.inference.translator import Translator

MEMORY = 4 * 2**30
TEXTS = ["the train is late", "", "未知の文字 \U0001f600 ﬁ ½", "⟨1⟩ " * 3]


def use(directory: Path) -> None:
    """Read an exported model in both forms and translate with it."""
    if (directory / WEIGHTS).exists():
        read_exported_model(directory)
    translator = Translator.load(directory)
    for shortlist in (True, False):
        translator.translate(TEXTS, shortlist=shortlist)


def attempt(exported_models: list[Path], seed: int) -> None:
    """Damage a copy of one of them, and use it."""
    with tempfile.TemporaryDirectory(prefix="seq2seq-hostile-") as place:
        directory = Path(
            shutil.copytree(exported_models[seed % len(exported_models)], Path(place) / "copy")
        )
        print(seed, "begun", flush=True)
        try:
            how = damage(directory, seed)
            print(
                seed,
                "damaged",
                f"{exported_models[seed % len(exported_models)].name}/{how}",
                flush=True,
            )
            use(directory)
        except UserError as error:
            lines = len(str(error).splitlines())
            outcome = f"refused {error}" if lines == 1 else f"failed: {lines} lines for a message"
        except BaseException:
            outcome = f"failed {traceback.format_exc()}"
        else:
            outcome = "read"
        print(seed, outcome.encode("unicode_escape").decode(), flush=True)


def main() -> None:
    exported_models = sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for seed in range(int(sys.argv[2]), int(sys.argv[3])):
        attempt(exported_models, seed)


if __name__ == "__main__":
    main()
