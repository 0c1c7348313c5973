"""The life of a model of sound, by the commands a user has."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from forked_process import ForkedProcess

from seq2seq import Predictor, Translator, load_settings, train
from seq2seq.commands.main import main
from seq2seq.data.corpus import prepare_corpus
from seq2seq.data.readers import sound_manifest
from seq2seq.data.sounds import log_mel
from seq2seq.errors import DataError
from seq2seq.training.reporting.terminal import SilentReport

soundfile = pytest.importorskip("soundfile", reason="needs the extra audio")
TONES = {"low": 300.0, "high": 1500.0}
RECIPE = [
    "data=sequences",
    "data.format=audio",
    "data.train.source=tones.tsv",
    "data.valid_share=0.2",
    "data.audio.rate=8000",
    "data.audio.mel_bins=8",
    "data.audio.stack=2",
    "model.units=12",
    "model.embedding_dim=8",
    "batching.max_tokens=300",
    "optimizer.learning_rate=2e-2",
    "optimizer.schedule=constant",
    "training.patience=0",
    "training.max_epochs=8",
    "tokenizer.kind=symbols",
    "tokenizer.vocab_size=10",
    "tokenizer.placeholders=0",
    "loss.label_smoothing=0",
]
AUGMENTED = [
    "data.audio.precision=float16",
    "data.audio.normalise=mean",
    "data.augment.speed=0.2",
    "data.augment.warp=0.05",
    "data.augment.channel=3",
    "data.augment.noise=0.3",
    "data.augment.lowest_snr=20",
    "data.augment.time_masks=1",
    "data.augment.band_masks=1",
]
CONVOLUTION = ["data.audio.stack=1", "model.front_end=convolution", "model.front_end_channels=4"]
DRIVER = Path(__file__).parents[1] / "invariants" / "killed_run.py"
FORMATS = (("a.wav", 8000), ("b.flac", 16000), ("c.ogg", 44100))


def tone(words: list[str], rate: int, random: Any) -> Any:
    """A tone of 0.15 s for each word, in noise."""
    time = np.arange(int(0.15 * rate)) / rate
    parts = [0.3 * np.sin(2 * np.pi * TONES[word] * time) for word in words]
    samples = np.concatenate(parts)
    return samples + random.normal(0, 0.01, len(samples))


def write_sounds(directory: Path, count: int, *, words: int, seed: int) -> list[str]:
    """Write sounds of different formats and `tones.tsv`; return their labels."""
    random = np.random.default_rng(seed)
    (directory / "clips").mkdir(parents=True)
    labels, lines = [], []
    for number in range(count):
        suffix, rate = FORMATS[number % len(FORMATS)]
        said = [str(word) for word in random.choice(list(TONES), random.integers(1, words + 1))]
        samples = tone(said, rate, random)
        if number % 2:  # some are stereo
            samples = np.stack([samples, samples], axis=1)
        name = f"clips/{number}{suffix}"
        soundfile.write(directory / name, samples, rate)
        labels.append(" ".join(said))
        lines.append(f"{name}\t{labels[-1]}\n")
    (directory / "tones.tsv").write_text("".join(lines))
    return labels


def trained(directory: Path, *settings: str, words: int) -> Path:
    write_sounds(directory, 60, words=words, seed=1)
    places = [f"runs={directory}/runs", f"data.directory={directory}", "name=tones"]
    whole = "batching.shares=1"  # each further share takes seconds to trace
    train(load_settings([*RECIPE, *places, whole, *settings]), report=SilentReport())
    return directory / "runs" / "tones"


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("classes")
    return trained(directory, "task=classification", *AUGMENTED, words=1)


@pytest.fixture(scope="module")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("texts")
    epochs = "training.max_epochs=20"
    return trained(directory, "task=translation", epochs, *CONVOLUTION, words=2)


@pytest.fixture
def unseen(tmp_path: Path) -> Path:
    """A directory with three unseen sounds, a broken one, and a list of them in several formats."""
    write_sounds(tmp_path, 3, words=1, seed=2)
    (tmp_path / "clips" / "broken.wav").write_text("no sound")
    names = [line.split("\t")[0] for line in (tmp_path / "tones.tsv").read_text().splitlines()]
    names[1:1] = ["clips/broken.wav"]
    (tmp_path / "list.txt").write_text("".join(f"{name}\n" for name in names))
    (tmp_path / "list.csv").write_text("".join(f"{name}\n" for name in ["source", *names]))
    (tmp_path / "list.jsonl").write_text("".join(f'{{"source": "{name}"}}\n' for name in names))
    return tmp_path


def outcome(capsysbinary: Any, *arguments: str) -> tuple[list[str], str]:
    """The lines that a command wrote, and what it said."""
    assert main(list(arguments)) == 0
    shown = capsysbinary.readouterr()
    return shown.out.decode().split("\n")[:-1], shown.err.decode()


def feed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


@pytest.mark.parametrize("command", ["predict", "translate"])
def test_arguments_lists_and_standard_input_give_the_same_lines(
    command: str,
    request: pytest.FixtureRequest,
    unseen: Path,
    capsysbinary: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = request.getfixturevalue("classifier" if command == "predict" else "writer")
    model = [command, "--model", str(run)]
    names = (unseen / "list.txt").read_text().splitlines()
    monkeypatch.chdir(unseen)
    plain, said = outcome(capsysbinary, *model, *names)
    assert [bool(line) for line in plain] == [True, False, True, True]
    assert "line 2" in said and "clips/broken.wav cannot be decoded" in said
    feed(monkeypatch, (unseen / "list.txt").read_text())
    assert outcome(capsysbinary, *model)[0] == plain
    monkeypatch.chdir("/")
    for name in ("list.txt", "list.csv", "list.jsonl"):
        found, said = outcome(capsysbinary, *model, "--input", str(unseen / name))
        assert found == plain and "clips/broken.wav cannot be decoded" in said
    readable = [str(unseen / name) for name in names if "broken" not in name]
    wanted = [line.split("\t")[0] for line in plain if line]
    if command == "translate":
        assert Translator.load(run).translate(readable) == wanted
        return
    predictor = Predictor.load(run)
    found = predictor.predict(readable)
    assert [one.answers[0].label for one in found] == wanted
    with pytest.raises(DataError, match=r"sequence 2: none\.wav does not exist"):
        predictor.predict([readable[0], "none.wav"])


def test_unseen_sounds_of_other_formats_are_recognised(
    classifier: Path, writer: Path, tmp_path: Path, capsysbinary: Any
) -> None:
    write_sounds(tmp_path / "one", 30, words=1, seed=3)
    given = ["--source", str(tmp_path / "one" / "tones.tsv"), "--json"]
    (line,), _ = outcome(capsysbinary, "evaluate", "--model", str(classifier), *given)
    assert json.loads(line)["accuracy"] > 0.9
    labels = write_sounds(tmp_path / "two", 30, words=2, seed=4)
    given = ["--input", str(tmp_path / "two" / "tones.tsv")]
    found, _ = outcome(capsysbinary, "translate", "--model", str(writer), *given)
    assert sum(one == other for one, other in zip(found, labels, strict=True)) > 20


def test_features_in_use_are_those_of_training(classifier: Path) -> None:
    directory = classifier.parent.parent
    places = [f"data.directory={directory}", f"runs={directory}/runs"]
    settings = load_settings([*RECIPE, "task=classification", *AUGMENTED, *places])
    corpus = prepare_corpus(settings, directory=directory / "runs" / "corpora")
    lines = (directory / "tones.tsv").read_text().splitlines()
    predictor = Predictor.load(classifier)
    for row, line in enumerate(corpus.train.lines.tolist()):
        stored, _ = corpus.train.source.gather(np.array([row]))
        path = directory / lines[line - 1].split("\t")[0]
        (used,) = predictor.inputs.encode(predictor.contents([str(path)]))
        assert used.dtype == stored.dtype == np.float16 and (used == stored).all()
    assert predictor.inputs == corpus.inputs


def test_a_changed_sound_is_prepared_again(tmp_path: Path) -> None:
    write_sounds(tmp_path, 12, words=1, seed=5)
    places = [f"runs={tmp_path}/runs", f"data.directory={tmp_path}"]
    settings = load_settings([*RECIPE, "task=classification", *places])

    def fingerprint() -> str:
        return prepare_corpus(settings, directory=tmp_path / "corpora").fingerprint

    first = fingerprint()
    assert fingerprint() == first
    soundfile.write(tmp_path / "clips" / "0a.wav", np.zeros(4000), 8000)
    second = fingerprint()
    (tmp_path / "clips" / "1b.flac").unlink()
    assert len({first, second, fingerprint()}) == 3


@pytest.mark.parametrize("task", ["classification", "translation"])
def test_each_sound_is_decoded_once(
    task: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_sounds(tmp_path, 12, words=1, seed=7)
    (tmp_path / "clips" / "4b.flac").write_text("no sound")
    places = [f"runs={tmp_path}/runs", f"data.directory={tmp_path}", "data.test.source=tones.tsv"]
    settings = load_settings([*RECIPE, f"task={task}", *places])
    decoded = []

    def counted(path: Path, audio: Any) -> Any:
        decoded.append(path)
        return log_mel(path, audio)

    monkeypatch.setattr(sound_manifest, "log_mel", counted)
    corpus = prepare_corpus(settings, directory=tmp_path / "corpora")
    assert len(decoded) == len(set(decoded)) == 12
    assert len(corpus.train) + len(corpus.valid) == 11 and corpus.test is not None
    for row, line in enumerate(corpus.test.lines.tolist()):
        stored, _ = corpus.test.source.gather(np.array([row]))
        (path,) = (tmp_path / "clips").glob(f"{line - 1}[abc].*")
        assert (stored == log_mel(path, settings.data.audio)[0]).all()


def test_inspect_shows_durations_rates_and_levels(tmp_path: Path, capsysbinary: Any) -> None:
    write_sounds(tmp_path, 12, words=1, seed=6)
    soundfile.write(tmp_path / "clips" / "0a.wav", np.zeros(16000), 8000)
    soundfile.write(tmp_path / "clips" / "1b.flac", np.sign(np.ones(16000)), 16000)
    (tmp_path / "clips" / "2c.ogg").unlink()
    shown, _ = outcome(capsysbinary, "inspect", str(tmp_path / "tones.tsv"))
    text = "\n".join(shown)
    assert "train: 11 sequences of 12, 1 dropped" in text
    assert "4 s of sound, 0.15 to 2.00 s" in text and "longest in line 1" in text
    assert "dBFS" in text and "8,000 Hz 4, 16,000 Hz 4, 44,100 Hz 3; 5 mixed to one channel" in text
    assert "1 silent (line 1)" in text and "1 clipped (line 2)" in text
    assert "(line 3) dropped: " in text and "clips/2c.ogg does not exist" in text
    (whole,) = ["".join(outcome(capsysbinary, "inspect", "--json", str(tmp_path / "tones.tsv"))[0])]
    sounds = json.loads(whole)["report"]["splits"]["train"]["sounds"]
    assert sounds["files"] == 11 and sounds["rates"] == {"8000": 4, "16000": 4, "44100": 3}


def test_inspect_draws_a_few_sounds(tmp_path: Path, capsysbinary: Any) -> None:
    write_sounds(tmp_path, 12, words=1, seed=6)
    picture, manifest = tmp_path / "sounds.png", str(tmp_path / "tones.tsv")
    outcome(capsysbinary, "inspect", manifest, "--picture", str(picture))
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 10_000
    places = [f"runs={tmp_path}/runs", f"data.directory={tmp_path}", "task=classification"]
    given = ["inspect", *RECIPE, *places, "--picture", str(picture)]
    outcome(capsysbinary, *given)
    texts = tmp_path / "texts.tsv"
    texts.write_text("a text\tyes\nanother\tno\n" * 9)
    for arguments, words in (
        ((str(texts), "--picture", str(picture)), "received without sounds"),
        ((str(tmp_path), "--picture", str(picture)), "received without sounds"),
        ((manifest, "--picture", str(tmp_path / "no" / "a.png")), "make it first"),
        ((manifest, "--picture", manifest), "is the same file as"),
    ):
        assert main(["inspect", *arguments]) in (1, 2)
        shown = capsysbinary.readouterr()
        assert shown.out == b"" and words in shown.err.decode().strip().split("\n")[-1]


@pytest.mark.parametrize("task", ["classification", "translation"])
def test_a_killed_run_with_augmentation_ends_the_same(task: str, tmp_path: Path) -> None:
    write_sounds(tmp_path, 60, words=1, seed=9)
    settings = [f"task={task}", f"data.directory={tmp_path}", "training.max_epochs=3"]
    checkpoints = ["training.checkpoint_steps=3", "training.log_steps=2"]
    overrides = [*RECIPE, *AUGMENTED, *CONVOLUTION, *settings, *checkpoints]
    (tmp_path / "overrides.json").write_text(json.dumps(overrides))

    def run(name: str, *kill: str) -> int:
        command = [str(DRIVER), str(tmp_path), "cpu", name, *kill]
        errors = tmp_path / f"{name}.log"
        return ForkedProcess(command, output=Path(os.devnull), errors=errors).wait(300)

    assert run("whole") == 0, (tmp_path / "whole.log").read_text()
    assert run("killed", "step", "8") == -signal.SIGKILL
    assert run("killed") == 0
    assert "going on from step" in (tmp_path / "killed.log").read_text()
    whole, killed = (tmp_path / name / "checkpoints" for name in ("whole", "killed"))
    weights = sorted(whole.glob("*/weights.npz"))
    assert weights
    for path in weights:
        with np.load(path) as one, np.load(killed / path.relative_to(whole)) as two:
            assert all(one[name].tobytes() == two[name].tobytes() for name in one.files)


def test_sounds_are_translated_without_tensorflow(writer: Path, unseen: Path) -> None:
    sound = str(unseen / "clips" / "0a.wav")
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['tensorflow', 'keras', 'onnx', 'ray']))\n"
        "from seq2seq.commands.main import main\n"
        f"sys.exit(main(['translate', '--model', {str(writer)!r}, {sound!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.strip() in TONES, done.stderr


def test_samples_are_answered_as_they_arrive(
    tmp_path: Path, capsysbinary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = trained(
        tmp_path, "task=classification", "model.bidirectional=false", "name=stream", words=1
    ).with_name("stream")
    samples = (tone(["high"], 8000, np.random.default_rng(8)) * 32767).astype("<i2")
    path = tmp_path / "said.wav"
    soundfile.write(path, samples, 8000)
    model = ["predict", "--model", str(run), "--format", "jsonl"]
    (line,), _ = outcome(capsysbinary, *model, str(path))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(samples.tobytes() + b"x")))
    found, said = outcome(capsysbinary, *model, "--stream")
    assert len(found) == 8 and "half a sample" in said  # of 15 frames
    wanted = json.loads(line)["probabilities"]
    assert json.loads(found[-1])["probabilities"] == pytest.approx(wanted, abs=1e-4)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    assert main([*model, "--stream"]) == 1
    assert (
        "received a sound file; --stream reads raw samples"
        in capsysbinary.readouterr().err.decode()
    )


def test_a_model_that_needs_whole_recordings_refuses_to_stream(
    classifier: Path, tmp_path: Path, capsysbinary: Any
) -> None:
    directory = classifier.parent.parent
    write_sounds(tmp_path, 12, words=1, seed=1)
    places = [f"runs={directory}/runs", f"data.directory={tmp_path}", "name=one-way"]
    more = ["task=classification", "model.bidirectional=false", "training.max_epochs=1"]
    more.append("batching.shares=1")
    train(load_settings([*RECIPE, *AUGMENTED, *places, *more]), report=SilentReport())
    assert main(["predict", "--model", str(directory / "runs" / "one-way"), "--stream"]) == 2
    shown = capsysbinary.readouterr().err.decode()
    assert "data.audio.normalise=mean needs a whole recording" in shown


def test_wrong_usage_is_one_sentence(
    classifier: Path, writer: Path, unseen: Path, capsysbinary: Any
) -> None:
    sound = str(unseen / "clips" / "0a.wav")
    predict, translate = (
        ["predict", "--model", str(classifier)],
        ["translate", "--model", str(writer)],
    )
    for arguments, words in (
        ([*predict, "--input", sound], "is a sound file; give a list of sound files"),
        ([*translate, "--input", sound], "is a sound file; give a list of sound files"),
        ([*predict, sound, "--input", sound], "give one of the two"),
        ([*predict, sound, "--padding-value", "0"], "this model reads sounds"),
        ([*translate, sound, "--padding-value", "0"], "this model reads sounds"),
        ([*predict, sound, "--input-format", "npz"], "--input-format npz is for a file"),
    ):
        assert main(arguments) in (1, 2)
        shown = capsysbinary.readouterr()
        assert shown.out == b"" and words in shown.err.decode().strip().split("\n")[-1]


def test_the_package_is_named_when_it_is_missing(
    classifier: Path, writer: Path, unseen: Path, capsysbinary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "soxr", None)
    sound = str(unseen / "clips" / "0a.wav")
    for command, run in (("predict", classifier), ("translate", writer)):
        assert main([command, "--model", str(run), sound]) == 2
        assert b"pip install 'seq2seq-lstm[audio]'" in capsysbinary.readouterr().err
