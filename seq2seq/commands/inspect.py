"""`seq2seq inspect`: description of a corpus, a run or an exported model."""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TextIO

from seq2seq.commands.destination import check_destination
from seq2seq.commands.options import CommandParser, named_path
from seq2seq.config.data_schema import AudioSettings, CorpusFiles, DataSettings
from seq2seq.config.schema import (
    BatchingSettings,
    Settings,
    settings_from_mapping,
    settings_to_mapping,
)
from seq2seq.data.corpus import PreparedCorpus, prepare_corpus
from seq2seq.data.corpus_report import CorpusReport
from seq2seq.data.inspection import Facts, corpus_facts, corpus_text
from seq2seq.data.readers.recognition import recognise
from seq2seq.data.sequences.inspection import sequence_facts, sequence_text
from seq2seq.data.store import CorpusStore
from seq2seq.errors import ModelError, SettingsError
from seq2seq.export.exported_label_model import read_label_model
from seq2seq.export.exported_model import read_exported_model, read_inference_model, task_of
from seq2seq.export.manifest import MANIFEST, OLD_MANIFEST, read_manifest
from seq2seq.storage.working_directory import with_local_paths
from seq2seq.training.reporting.metrics_file import read_metrics
from seq2seq.training.reporting.runs import compare, comparison_text, find_runs
from seq2seq.training.run_directory import RESULT, read_settings, run_corpus

_LOG = logging.getLogger("seq2seq")
_LONGEST = 5000  # longest sequence in steps or tokens; longer ones are reported, not counted


def main(argv: Sequence[str]) -> int:
    """Run the command and return the exit status; `argv` is what follows `seq2seq inspect`."""
    options = _parser().read(argv)
    if options.picture is not None:
        inputs = [Path(name) for name in options.what]
        check_destination(options.picture, inputs=inputs, option="--picture")
    facts = _inspect(options.what, config_dir=options.config_dir, picture=options.picture)
    if options.json:
        print(json.dumps(facts, indent=2, ensure_ascii=not _is_unicode(sys.stdout)))
    else:
        show = _TEXTS[facts["kind"]]
        print("\n".join(show(facts)))
    return 0


def _is_unicode(stream: TextIO) -> bool:
    """Return whether a stream can encode any text."""
    return (stream.encoding or "").lower().startswith("utf")


def _inspect(what: list[str], *, config_dir: str | None, picture: Path | None) -> Facts:
    """Return the description of the corpus, run or exported model that the arguments name.

    Args:
        what: arguments of the command.
        config_dir: directory of more recipes.
        picture: PNG file in which sounds are drawn, or None.

    Raises:
        SettingsError: the arguments name nothing that can be described, or no sounds although a
            picture is requested.
    """
    paths = [Path(name) for name in what]
    if len(paths) in (1, 2) and all(path.is_file() for path in paths):
        return _file_facts(paths, picture)
    if paths and picture is not None and all(path.exists() for path in paths):
        raise _no_sounds(picture)
    if len(paths) == 1 and paths[0].is_dir():
        return _directory_facts(paths[0])
    if paths and all(path.exists() for path in paths):
        return _comparison(paths)
    for name in what:
        if "=" not in name and not name.startswith("~"):
            raise SettingsError(
                f"{name!r} is no file or directory here, and no KEY=VALUE; give a run, an "
                "exported model, corpus files, or settings such as experiment=multi30k."
            )
    from seq2seq.config.recipe import load_settings

    return _recipe_facts(load_settings(what, config_dir=config_dir), picture)


def _no_sounds(picture: Path) -> SettingsError:
    return SettingsError(
        f"--picture {picture} received without sounds; it draws those of a corpus of "
        "data.format=audio: give its manifest or its settings"
    )


def _recipe_facts(settings: Settings, picture: Path | None) -> Facts:
    """Return the description of the corpus of these settings, prepared as in a run."""
    settings = with_local_paths(settings)
    _check_picture(picture, settings)
    corpus = run_corpus(settings, progress=_stages())
    _draw(corpus.train, settings.data.audio, picture)
    return _corpus_facts(corpus, settings.batching, seed=settings.seed)


def _file_facts(paths: list[Path], picture: Path | None) -> Facts:
    """Return the description of files without a recipe, as pairs or as sequences."""
    files = dict(zip(("source", "target"), (str(path.resolve()) for path in paths), strict=False))
    found = recognise(CorpusFiles(**files), DataSettings())
    # A preparation needs a validation split too: the same files, removed from the result.
    mapping: dict[str, Any] = {"data": {"train": files, "valid": files, "format": found.format}}
    if not found.text_pairs:
        options = {"per_step": found.per_step, "several_labels": found.several_labels}
        mapping |= {"task": {"name": found.task, **options}, "loss": {"label_smoothing": 0.0}}
        mapping["data"]["max_length"] = _LONGEST
    settings = settings_from_mapping(mapping)
    _check_picture(picture, settings)
    with tempfile.TemporaryDirectory(prefix="seq2seq-inspect-") as directory:
        corpus = prepare_corpus(settings, directory=Path(directory), progress=_stages())
        _draw(corpus.train, settings.data.audio, picture)
        facts = _corpus_facts(corpus, settings.batching, seed=settings.seed)
    del facts["report"]["splits"]["valid"], facts["path"], facts["fingerprint"]
    return facts


def _check_picture(picture: Path | None, settings: Settings) -> None:
    """Raise `SettingsError` if there are no sounds for a picture."""
    if picture is not None and settings.data.format != "audio":
        raise _no_sounds(picture)


def _corpus_facts(corpus: PreparedCorpus, batching: BatchingSettings, *, seed: int) -> Facts:
    """Return the description of a corpus, of pairs of texts or of sequences."""
    describe = corpus_facts if isinstance(corpus.report, CorpusReport) else sequence_facts
    return describe(corpus, batching, seed=seed)


def _draw(store: CorpusStore, audio: AudioSettings, picture: Path | None) -> None:
    """Draw a few sounds of a corpus, from the first to the last one, if a picture is requested.

    Raises:
        SettingsError: the picture cannot be written.
    """
    if picture is None:
        return
    from seq2seq.evaluation.spectrograms import MOST_SPECTROGRAMS, Spectrogram, draw_spectrograms

    count = min(MOST_SPECTROGRAMS, len(store))
    rows = [number * (len(store) - 1) // max(1, count - 1) for number in range(count)]
    sounds = [Spectrogram(store.source[row], f"line {store.lines[row]:,}") for row in rows]
    try:
        draw_spectrograms(sounds, audio, picture)
    except OSError as error:
        raise SettingsError(
            f"--picture {picture} cannot be written: {error.strerror or error}; give another file"
        ) from error


def _stages() -> Callable[[str, int, int | None], None]:
    """Return a function that logs each stage of a preparation once, on stderr."""
    seen: set[str] = set()

    def tell(stage: str, done: int, total: int | None) -> None:
        if stage not in seen and stage != "files":
            seen.add(stage)
            _LOG.info("preparing the corpus: %s", stage)

    return tell


def _directory_facts(path: Path) -> Facts:
    if any((path / name).exists() for name in (MANIFEST, OLD_MANIFEST)):
        return _exported_model_facts(path)
    if (path / "settings.yaml").exists():
        return _run_facts(path)
    if (path / "fingerprint.json").exists():
        return _corpus_facts(PreparedCorpus.open(path), BatchingSettings(), seed=1)
    if find_runs([path]):  # directory of a multirun or a sweep
        return _comparison([path])
    raise ModelError(
        f"{path} is neither a run (settings.yaml), an exported model (manifest.json) nor a "
        "prepared corpus (fingerprint.json)."
    )


def _comparison(paths: list[Path]) -> Facts:
    """Return a comparison of several runs; files and directories without runs are skipped.

    Raises:
        ModelError: none of `paths` holds a run.
    """
    runs = find_runs(path for path in paths if path.is_dir())
    if not runs:
        raise ModelError(f"{paths[0]} and the others hold no run (settings.yaml).")
    return compare(runs)


def _exported_model_facts(path: Path) -> Facts:
    # Each of these readers rejects damaged files and other versions.
    if task_of(path).has_labels:
        read_label_model(path)
    else:
        exact = read_manifest(path).precision == "float32"
        (read_exported_model if exact else read_inference_model)(path)
    return {
        "kind": "exported model",
        "path": str(path),
        "about": _read_json(path / MANIFEST),
        "settings": _read_json(path / "settings.json"),
        "metrics": _read_json(path / "metrics.json"),
        "bytes": _sizes(path),
    }


def _run_facts(path: Path) -> Facts:
    settings = settings_to_mapping(read_settings(path))
    records = read_metrics(path)
    return {
        "kind": "run",
        "path": str(path),
        "finished": (path / RESULT).exists(),
        "settings": settings,
        "validations": [record for record in records if record.get("kind") == "valid"],
        "last": {record.get("kind", ""): record for record in records},
        "checkpoints": sorted(entry.name for entry in path.glob("checkpoints/*")),
        "bytes": _sizes(path),
    }


def _read_json(path: Path) -> Facts:
    try:
        facts: Facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} is missing or damaged: {error}.") from error
    return facts


def _sizes(path: Path) -> dict[str, int]:
    """Return the size in bytes of each entry of a directory, including all files below it."""
    sizes = {}
    for entry in sorted(path.iterdir()):
        files = entry.rglob("*") if entry.is_dir() else [entry]
        sizes[entry.name] = sum(file.stat().st_size for file in files if file.is_file())
    return sizes


def _exported_model_text(facts: Facts) -> list[str]:
    about = {key: value for key, value in facts["about"].items() if not isinstance(value, dict)}
    return [
        f"exported model {facts['path']}",
        *(f"  {key}: {value}" for key, value in about.items()),
        "metrics",
        *_indented(facts["metrics"]),
        *_common_text(facts),
    ]


def _run_text(facts: Facts) -> list[str]:
    return [
        f"run {facts['path']}, {'finished' if facts['finished'] else 'not finished'}",
        f"validations: {len(facts['validations'])}",
        *(f"  {_flat_record(record)}" for record in facts["validations"][-5:]),
        *(
            f"last {kind}: {_flat_record(record)}"
            for kind, record in facts["last"].items()
            if kind != "valid"
        ),
        f"checkpoints: {', '.join(facts['checkpoints']) or 'none'}",
        *_common_text(facts),
    ]


def _flat_record(record: Facts) -> str:
    """Return the numbers and words of a record as text: `step=500 valid_bleu=20.5`."""
    plain = {
        key: value
        for key, value in record.items()
        if key != "kind" and not isinstance(value, dict | list)
    }
    return " ".join(
        f"{key}={value:.5g}" if isinstance(value, float) else f"{key}={value}"
        for key, value in plain.items()
    )


def _common_text(facts: Facts) -> list[str]:
    return [
        "settings",
        *_indented(facts["settings"]),
        "size",
        *(f"  {name:<24}{size / 1e6:>9.2f} MB" for name, size in facts["bytes"].items()),
    ]


def _indented(facts: Facts, *, prefix: str = "") -> list[str]:
    """Return `key: value` lines; nested keys are joined with dots."""
    lines: list[str] = []
    for key, value in facts.items():
        if isinstance(value, dict):
            lines += _indented(value, prefix=f"{prefix}{key}.")
        else:
            shown = json.dumps(value, ensure_ascii=False)
            lines.append(f"  {prefix}{key}: {shown}")
    return lines


_TEXTS: dict[str, Callable[[Facts], list[str]]] = {
    "corpus": corpus_text,
    "sequences": sequence_text,
    "run": _run_text,
    "runs": comparison_text,
    "exported model": _exported_model_text,
}


def _parser() -> CommandParser:
    parser = CommandParser(
        prog="seq2seq inspect",
        description="Show a corpus (sizes, lengths, buckets, padding, longest and broken lines), "
        "a run, or an exported model (settings, metrics, sizes); of several runs a table.",
    )
    parser.add_argument(
        "what",
        nargs="*",
        metavar="PATH|KEY=VALUE",
        help="a run or several, an exported model, a prepared corpus, one or two corpus files, or "
        "settings as `seq2seq train` takes them; nothing: the default corpus",
    )
    parser.add_argument(
        "--picture",
        type=named_path,
        metavar="FILE.png",
        help="of a corpus of sounds: also draw the features of a few of them",
    )
    parser.add_argument("--config-dir", metavar="DIR", help="more recipes, for settings")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser
