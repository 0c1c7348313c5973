"""Reads exported models that were damaged, one after the other, in a process that may die of it.

    python reader.py MODELS FIRST LAST

MODELS is a directory of whole ones. Writes a line before each seed and one after it: what was
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

import numpy as np
from mutations import MANIFEST, damage

from seq2seq.errors import UserError
from seq2seq.export.exported_label_model import SCHEMA
from seq2seq.export.exported_model import read_exported_model
from seq2seq.export.manifest import read_manifest
from seq2seq.inference.predictor import Predictor
from seq2seq.inference.translator import Translator

MEMORY = 4 * 2**30
WHOLE = 25  # one of so many damaged models translates whole texts
SEQUENCES = [[[0.5, -1.0], [3.0, 1e9]], [[1.0, 2.0]]]
TEXTS = ["the train is late", "", "未知の文字 \U0001f600 ﬁ ½", "⟨1⟩ " * 3]


def use(directory: Path, *, whole: bool) -> None:
    """Read an exported model and predict with it; translate a step, or `whole` texts."""
    if (directory / SCHEMA).exists():
        predictor = Predictor.load(directory)
        predictor.predict(SEQUENCES if predictor.inputs.features else TEXTS)
        if not predictor.settings.model.bidirectional and predictor.inputs.features:
            predictor.stream().push(SEQUENCES[0][0])
        return
    if read_manifest(directory).precision == "float32":
        read_exported_model(directory)
    translator = Translator.load(directory)
    if whole:
        for shortlist in (True, False):
            translator.translate(TEXTS, shortlist=shortlist)
        return
    model, ids = translator.model, np.array([[7, 8, 3], [5, 3, 0]], np.int32)
    for top in (None, 3):
        memory, state = model.encode(ids, shortlist=True)
        tokens, origins = np.full([2, 1], 2, np.int32), np.arange(2)
        model.step(memory, state, tokens, origins, top=top, attention=False)


def attempt(whole: Path, directory: Path, seed: int) -> None:
    """Damage `directory`, a copy of `whole`; use it; and mend it."""
    print(seed, "begun", flush=True)
    name, how = damage(directory, seed)
    print(seed, "damaged", f"{whole.name}/{name}: {how}".encode("unicode_escape").decode())
    try:
        use(directory, whole=seed % WHOLE == 0)
    except UserError as error:
        lines = len(str(error).splitlines())
        outcome = f"refused {error}" if lines == 1 else f"failed: {lines} lines for a message"
    except BaseException:
        outcome = f"failed {traceback.format_exc()}"
    else:
        outcome = "read"
    for each in {name, MANIFEST}:
        shutil.copyfile(whole / each, directory / each)
    print(seed, outcome.encode("unicode_escape").decode(), flush=True)


def main() -> None:
    exported_models = sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(prefix="seq2seq-hostile-") as place:
        copies = [Path(shutil.copytree(each, Path(place) / each.name)) for each in exported_models]
        for seed in range(int(sys.argv[2]), int(sys.argv[3])):
            number = seed % len(copies)
            attempt(exported_models[number], copies[number], seed)


if __name__ == "__main__":
    main()
