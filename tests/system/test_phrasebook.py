"""A short phrasebook run through the commands: what it learns, leaves behind, and exports."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from seq2seq.export.exported_model import ExportedModel

BLEU_FLOOR = 15.0

Command = Callable[..., tuple[int, str, str]]


def records(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def run(short_run: Any) -> Path:
    return Path(short_run.directory)


def test_it_learns_german(run: Path) -> None:
    result = json.loads((run / "result.json").read_text())
    assert result["metrics"]["test_bleu"] > BLEU_FLOOR
    assert "tok:13a" in result["metrics"]["bleu_signature"]


def test_the_run_directory_holds_what_the_design_names(run: Path) -> None:
    names = {path.name for path in run.iterdir()}
    assert {
        "settings.yaml",
        "source.model",
        "target.model",
        "checkpoints",
        "metrics.jsonl",
        "tensorboard",
        "curves.png",
        "test_predictions.jsonl",
        "export",
    } <= names
    assert yaml.safe_load((run / "settings.yaml").read_text())["model"]["units"] == 128
    assert (run / "curves.png").read_bytes().startswith(b"\x89PNG")
    predictions = (run / "test_predictions.jsonl").read_text().splitlines()
    assert len(predictions) == 500 and set(json.loads(predictions[0])) == {
        "source",
        "reference",
        "output",
    }


def test_metrics_are_records_by_step(run: Path) -> None:
    kinds: dict[str, list[dict[str, Any]]] = {}
    for record in records(run):
        kinds.setdefault(record["kind"], []).append(record)
    assert {"tensorflow", "processor", "commit", "seq2seq"} <= set(kinds["run"][0])
    assert {"step", "epoch", "loss", "tokens_per_second", "padding"} <= set(kinds["train"][0])
    assert {"valid_loss", "valid_bleu", "valid_chrf"} <= set(kinds["valid"][0])
    losses = [record["valid_loss"] for record in kinds["valid"]]
    assert len(losses) == 5 and losses[-1] < losses[0]
    assert all(0.0 < record["padding"] < 0.3 for record in kinds["epoch"])


def test_stdout_is_the_summary_and_the_rest_goes_to_stderr(short_run: Any) -> None:
    assert "test: BLEU" in short_run.stdout and "model: " in short_run.stdout
    assert "validation at step" in short_run.stderr and "\x1b" not in short_run.stderr
    assert "oneDNN" not in short_run.stderr


def _within_rounding(exported_model: ExportedModel, sentence: str) -> list[tuple[str, float]]:
    """Return what a sentence may become where two hypotheses are as likely but for rounding."""
    from seq2seq.inference.translator import Translator

    rng = np.random.default_rng(1)
    found = []
    for _ in range(8):
        weights = {
            name: (value * (1 + 3e-7 * rng.standard_normal(value.shape))).astype(value.dtype)
            for name, value in exported_model.weights.items()
        }
        translator = Translator.from_exported_model(replace(exported_model, weights=weights))
        (best,) = translator.hypotheses([sentence])[0]
        found.append((best.text, best.score))
    return found


def test_what_is_exported_equals_what_was_trained(run: Path) -> None:
    """Law 4, on 200 sentences: checkpoints in memory, the exported model, and the SavedModel."""
    tf = pytest.importorskip("tensorflow")
    pytest.importorskip("tensorflow_text")  # whose operations are in the SavedModel

    from seq2seq.export.exported_model import read_exported_model
    from seq2seq.inference.translator import Translator
    from seq2seq.training.checkpoint import CheckpointDirectory
    from seq2seq.training.run_directory import read_settings, read_translation_inputs
    from seq2seq.training.run_export import averaged_weights

    lines = (run / "test_predictions.jsonl").read_text().splitlines()[:200]
    sentences = [json.loads(line)["source"] for line in lines]
    steps = json.loads((run / "result.json").read_text())["exported_steps"]
    weights = averaged_weights(CheckpointDirectory(run / "checkpoints"), steps)
    trained = Translator.from_exported_model(
        ExportedModel(read_settings(run), weights, *read_translation_inputs(run))
    )
    wanted = [best[0] for best in trained.hypotheses(sentences)]
    exported = [best[0] for best in Translator.load(run / "export").hypotheses(sentences)]
    assert [one.text for one in exported] == [one.text for one in wanted]
    assert [one.score for one in exported] == pytest.approx([one.score for one in wanted])
    assert [json.loads(line)["output"] for line in lines] == [one.text for one in wanted]
    saved = tf.saved_model.load(str(run / "export" / "saved_model" / "1"))
    served = saved.signatures["serving_default"](text=tf.constant(sentences))
    exported_model = read_exported_model(run / "export")
    found = zip(served["translation"].numpy(), served["score"].numpy(), strict=True)
    for sentence, best, (text, score) in zip(sentences, wanted, found, strict=True):
        likely = [(best.text, best.score)]
        if text.decode() != best.text:
            likely = _within_rounding(exported_model, sentence)
        assert (text.decode(), pytest.approx(float(score), abs=1e-4)) in likely
    assert exported_model.metrics["test_bleu"] > BLEU_FLOOR
    assert (exported_model.settings.runs, exported_model.settings.data.directory) == ("runs", None)


def test_a_line_out_for_each_line_in(run: Path, seq2seq: Command) -> None:
    hard = b"\n".join(
        [
            b"Where is the station?",
            b"",
            b"   ",
            b"x" * 100_000,
            "\U0001f600 emoji \u2028 and a separator".encode(),
            b"a NUL \x00 byte",
            b"broken \xff\xfe UTF-8",
            b"Where is the station?",
        ]
    )
    status, out, err = seq2seq("translate", "--model", str(run), cwd=run, text=hard + b"\n")
    lines = out.split("\n")
    assert status == 0 and len(lines) == 9 and lines[-1] == ""
    assert lines[1] == lines[2] == ""
    assert lines[0] == lines[7] != ""
    assert "line 7" in err and "line 4" in err


def test_evaluate_and_score_the_same_file(run: Path, seq2seq: Command, repository: Path) -> None:
    corpus = repository / "data" / "phrasebook"
    files = ["--source", str(corpus / "test.en"), "--target", str(corpus / "test.de")]
    status, out, err = seq2seq("evaluate", "--model", str(run), *files, "--json", cwd=run)
    assert status == 0, err
    scores = json.loads(out)
    result = json.loads((run / "result.json").read_text())["metrics"]
    assert scores["bleu"] == pytest.approx(result["test_bleu"], abs=0.01)
    assert scores["chrf"] == pytest.approx(result["test_chrf"], abs=0.01)
    status, out, err = seq2seq("score", "--model", str(run), *files, cwd=run)
    assert status == 0, err
    log_probs = [float(line) for line in out.splitlines()]
    assert len(log_probs) == 500 and max(log_probs) < 0.0


def test_export_writes_the_same_again(run: Path, seq2seq: Command, tmp_path: Path) -> None:
    status, _, err = seq2seq("export", str(run), "--output", str(tmp_path / "again"), cwd=tmp_path)
    assert status == 0, err
    for name in ("weights.npz", "settings.json", "source.model"):
        again, first = tmp_path / "again" / name, run / "export" / name
        assert again.read_bytes() == first.read_bytes()


def test_a_changed_key_is_refused_by_name(short_run: Any, seq2seq: Command) -> None:
    home = short_run.directory.parent.parent
    status, out, err = seq2seq("train", *short_run.overrides, "model.units=64", cwd=home)
    assert status == 1 and out == ""
    assert "began with model.units=128; received 64" in err and "name=" in err
    assert "Traceback" not in err and err.count("\n") == 1


def test_the_same_command_again_says_that_it_is_finished(short_run: Any, seq2seq: Command) -> None:
    home = short_run.directory.parent.parent
    status, out, err = seq2seq("train", *short_run.overrides, cwd=home)
    assert status == 0 and out == short_run.stdout
    assert "finished" in err


def test_inspect_shows_run_and_export(run: Path, seq2seq: Command) -> None:
    for path in (run, run / "export"):
        status, out, err = seq2seq("inspect", str(path), cwd=run)
        assert status == 0, err
        assert "bleu" in out.lower()


def test_every_sentence_of_a_line_comes_out(run: Path, seq2seq: Command, tmp_path: Path) -> None:
    sentences = [
        "Please wait for the ferry.",
        "Where is the museum?",
        "My son has already ordered a tea.",
    ]
    lines = [" ".join(sentences), "  ".join(sentences * 7), "Of course, Mr. Schneider."]
    status, out, err = seq2seq("translate", "--model", str(run), *lines, *sentences, cwd=run)
    three, many, _, *alone = out.splitlines()
    assert (status, three, many) == (0, " ".join(alone), "  ".join(alone * 7))
    assert err.splitlines() == [
        "line 1 is translated in 3 parts: more sentences or longer than in training",
        "line 2 is translated in 21 parts: more sentences or longer than in training",
    ]
    (tmp_path / "three.en").write_text(lines[0] + "\n")
    (tmp_path / "three.de").write_text(three + "\n")
    files = ("--source", str(tmp_path / "three.en"), "--target", str(tmp_path / "three.de"))
    status, out, err = seq2seq("evaluate", "--model", str(run), *files, "--json", cwd=run)
    assert (status, json.loads(out)["bleu"]) == (0, pytest.approx(100.0))
    status, out, err = seq2seq("score", "--model", str(run), *files, cwd=run)
    assert status == 0 and len(out.splitlines()) == 1
