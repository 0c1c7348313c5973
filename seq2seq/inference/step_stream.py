"""Step-by-step prediction for sequences that arrive one step at a time."""

from __future__ import annotations

import json
import logging
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seq2seq.data.sequences.cleaning import LARGEST, number_of
from seq2seq.data.sequences.item import Item
from seq2seq.data.sounds import LogMel
from seq2seq.errors import DataError, SettingsError
from seq2seq.export.onnx.encoder_nodes import encoder_nodes
from seq2seq.inference.linear_chain import ChainStream
from seq2seq.inference.onnx_label_model import OnnxLabelStep
from seq2seq.inference.predictor import Prediction, Predictor, SinglePrediction, finished
from seq2seq.inference.stream.prediction_lines import json_line, stream_line, text_line
from seq2seq.text.lines import byte_chunks, iter_lines

log = logging.getLogger("seq2seq")

_SOUND_FILES = (b"RIFF", b"fLaC", b"OggS")


class StepStream:
    """Reader of the steps of one sequence as they arrive.

    The prediction after the last step equals that for the whole sequence, except for rounding. With
    a CRF, the prediction after each step is that of the last step of the sequence so far.
    """

    def __init__(self, predictor: Predictor) -> None:
        """Begin a sequence.

        Raises:
            SettingsError: the model needs the whole sequence first, because it is bidirectional,
                has a front end, has an encoder without states, normalises recordings, reads text,
                or reads a limited number of steps at once.
        """
        settings = predictor.settings.model
        if not encoder_nodes(settings).has_states:
            raise SettingsError(
                f"a model of model.encoder={settings.encoder} reads whole sequences, so it cannot "
                "answer step by step; train one with model.encoder=lstm and "
                "model.bidirectional=false"
            )
        if settings.bidirectional:
            raise SettingsError(
                "a bidirectional model reads a sequence from its end too, so it cannot answer "
                "step by step; train one with model.bidirectional=false"
            )
        if settings.front_end != "none":
            raise SettingsError(
                f"a model with model.front_end={settings.front_end} reads several steps at once, "
                "so it cannot answer step by step; train one with model.front_end=none"
            )
        audio = predictor.settings.data.audio
        if audio.normalise != "none":
            raise SettingsError(
                f"a model with data.audio.normalise={audio.normalise} needs a whole recording, so "
                "it cannot answer while the recording arrives; give it as a file, or train a model "
                "with data.audio.normalise=none"
            )
        if predictor.inputs.scale is None:
            raise SettingsError(
                "a model of texts reads whole texts, whose tokens are not known before their "
                "end; step by step is for sequences of numbers"
            )
        if predictor.length_limit.rule != "drop":
            raise SettingsError(
                f"a model of data.long={predictor.length_limit.rule} reads at most "
                f"{predictor.length_limit.longest} steps at once, so it cannot answer step by "
                "step; train one with data.long=drop"
            )
        self._predictor, self._scale = predictor, predictor.inputs.scale
        self._step = OnnxLabelStep(predictor.exported_model)
        self.restart()

    def restart(self) -> None:
        """Begin another sequence."""
        self._step.restart()
        chain = self._predictor.chain
        self._chain = None if chain is None else ChainStream(chain)

    def push(self, values: ArrayLike) -> SinglePrediction:
        """Read one step, `[features]`, and return the prediction so far.

        Raises:
            DataError: the step is not the expected number of finite numbers.
        """
        row, features = np.asarray(values, np.float64).reshape(-1), len(self._scale.mean)
        if len(row) != features or not (np.abs(row) <= LARGEST).all():
            raise DataError(
                f"a step received {len(row)} values; it must be {features} finite numbers"
            )
        predictor, scores = self._predictor, self._step.push(self._scale.apply(row))
        if self._chain is not None:
            return predictor.single(*self._chain.push(scores))
        return predictor.single(finished(scores, predictor.schema))


def predict_steps(
    predictor: Predictor,
    source: BinaryIO,
    output: BinaryIO,
    *,
    as_json: bool,
    encoding: str = "utf-8",
) -> None:
    """Write the prediction so far after each line of numbers; a blank line ends a sequence.

    An invalid line is reported in a warning with its number. Its output line is blank, or in JSON
    an object with `fault`. The sequence continues without the invalid line.

    Raises:
        SettingsError: as for `StepStream`.
    """
    stream = StepStream(predictor)
    show = json_line if as_json else text_line
    for number, raw in enumerate(iter_lines(source), start=1):
        text, broken = stream_line(raw, number, encoding)
        if not text.strip():
            stream.restart()
            output.write(b"\n")
        else:
            prediction, message = Prediction(()), None
            try:
                prediction = Prediction((stream.push(_step(text, broken=broken)),))
            except DataError as error:
                message = str(error)
                log.warning("line %d: %s; no prediction", number, message)
            line = show(Item(number), prediction, message, predictor)
            output.write(line.encode() + b"\n")
        output.flush()


def predict_sound(
    predictor: Predictor, source: BinaryIO, output: BinaryIO, *, as_json: bool
) -> None:
    """Write the prediction so far after each step of a sound that arrives as raw samples.

    Samples are little-endian integers of 16 bits in one channel, at the rate of the model.

    Raises:
        DataError: the stream begins as a sound file does.
        SettingsError: as for `StepStream`, or a package is missing.
    """
    stream, audio = StepStream(predictor), predictor.settings.data.audio
    features = LogMel(audio)
    show = json_line if as_json else text_line
    number = 0

    def write(steps: NDArray[np.float32]) -> None:
        nonlocal number
        for step in steps:
            number += 1
            line = show(Item(number), Prediction((stream.push(step),)), None, predictor)
            output.write(line.encode() + b"\n")
        output.flush()

    rest = b""
    for chunk in byte_chunks(source):
        if not number and (rest + chunk).startswith(_SOUND_FILES):
            raise DataError(
                f"received a sound file; --stream reads raw samples (16 bits, one channel, "
                f"{audio.rate:,} Hz): give the file as an argument"
            )
        rest += chunk
        whole = len(rest) - len(rest) % 2
        features.add(np.frombuffer(rest[:whole], "<i2").astype(np.float32) / np.float32(32768))
        rest = rest[whole:]
        write(features.complete_steps())
    if rest:
        log.warning("the last byte is half a sample; left out")
    if features.samples:
        write(features.last_steps())


def _step(text: str, *, broken: bool) -> list[float]:
    """Return the numbers of a line.

    Raises:
        DataError: the line holds something other than numbers.
    """
    try:
        if broken:
            raise ValueError(text)
        if text.lstrip().startswith("["):
            return [float(value) for value in json.loads(text)]
        return [number_of(value) for value in text.replace(",", " ").split()]
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise DataError(f"{text[:40]!r} is not a step of numbers") from error
