"""Whatever a model thinks likely, what is written is text, and otherwise as without the rule."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from seq2seq.search.beam_search import BeamSettings, beam_search
from seq2seq.search.constraints.forbidden import NoRepeatedNgrams
from seq2seq.search.constraints.written_text import WrittenText
from seq2seq.search.hypotheses import IMPOSSIBLE, Hypothesis, OpenHypotheses
from seq2seq.search.sampling import Sampling, sample
from seq2seq.search.step_model import Step
from seq2seq.text.output_tokens import OutputTokens, may_be_written
from seq2seq.text.tokenizer import EOS, Tokenizer

NAMES = ["\u27e83\u27e9", "\u27e85\u27e9"]


class BabblingModel:
    """Log-probabilities that the last token and the source decide; bytes are likely.

    With `shortlist` the likeliest tokens are among a few, as with a model that has one.
    """

    has_attention = False

    def __init__(self, tokenizer: Tokenizer, seed: int) -> None:
        self.vocab_size = tokenizer.vocab_size
        random = np.random.default_rng(seed)
        logits = random.normal(size=(13, self.vocab_size, self.vocab_size)) * 2
        for token, surface in enumerate(tokenizer.surfaces):
            reserved = surface.startswith("\u27e8".encode())
            logits[..., token] += 3.0 if reserved else float(len(surface) == 1)
        logits[..., EOS] += 1.0
        self.table = (logits - np.log(np.exp(logits).sum(axis=-1, keepdims=True))).astype("f4")
        self.listed = np.sort(random.choice(np.arange(4, self.vocab_size), 90, replace=False))
        self.listed = np.concatenate([[0, 1, 2, 3], self.listed])

    def encode(self, source_ids: Any, *, shortlist: bool = False) -> tuple[Any, Any]:
        rows = source_ids.sum(axis=1) % 13
        return np.stack([rows, np.full(len(rows), int(shortlist))], axis=1), np.zeros(len(rows))

    def step(
        self, memory: Any, state: Any, tokens: Any, origins: Any, *, top: int | None, **_: Any
    ) -> Step:
        log_probs = self.table[memory[:, :1], tokens]
        listed = np.arange(self.vocab_size)
        if top is not None and memory[0, 1]:
            listed = self.listed
        some = log_probs[:, :, listed]
        order = np.argsort(-some, axis=2, kind="stable")[:, :, :top]
        return Step(
            state=tokens.reshape(-1),
            end_log_probs=log_probs[:, :, EOS],
            top_log_probs=None if top is None else np.take_along_axis(some, order, axis=2),
            top_ids=None if top is None else listed[order],
            log_probs=None if top is not None else log_probs,
            attention=None,
        )

    def keep(self, memory: Any, rows: Any) -> Any:
        return memory[rows]


def nothing(log_probs: Any, hypotheses: OpenHypotheses) -> None:
    """A rule that forbids nothing; with it a search looks at the whole vocabulary."""


@pytest.fixture(scope="module")
def model(tokenizer: Tokenizer) -> BabblingModel:
    return BabblingModel(tokenizer, seed=1)


LIMITS = np.array([1, 2, 3, 4, 5, 14, 30, 30, 30], np.int32)
SOURCES = np.array([[4 + row, 7, EOS] for row in range(len(LIMITS))], np.int32)
HELD = [Counter({NAMES[0]: 1}) if row % 2 else Counter() for row in range(len(LIMITS))]


def written_by(tokenizer: Tokenizer, *, held: Any = (), limits: Any = LIMITS) -> WrittenText:
    return WrittenText(OutputTokens.of(tokenizer), limits, held)


def check(tokenizer: Tokenizer, found: list[list[Hypothesis]], held: Any = ()) -> None:
    for row, outputs in enumerate(found):
        assert outputs
        for one in outputs:
            text = b"".join(tokenizer.surfaces[i] for i in one.ids).decode()  # raises if broken
            assert may_be_written(text) and "  " not in text and not text.endswith(" ")
            assert len(one.ids) < LIMITS[row]
            placeholders = Counter(n for n in tokenizer.placeholders for _ in range(text.count(n)))
            assert placeholders <= (held[row] if held else Counter())


@pytest.mark.parametrize("beam_size", [1, 2, 5, 40])
@pytest.mark.parametrize("shortlist", [False, True])
def test_searches_write_text(
    tokenizer: Tokenizer, model: BabblingModel, beam_size: int, shortlist: bool
) -> None:
    settings = BeamSettings(beam_size, shortlist=shortlist)
    written = written_by(tokenizer)
    found = beam_search(model, SOURCES, LIMITS, settings=settings, written=written)
    check(tokenizer, found)
    assert any(
        len(surface) == 1 and surface[0] >= 0x80
        for outputs in found
        for one in outputs
        for surface in map(tokenizer.surfaces.__getitem__, one.ids)
    )
    for row in (0, 5, 8):
        (alone,) = beam_search(
            model,
            np.pad(SOURCES[row : row + 1], [(0, 0), (0, 3)]),
            LIMITS[row : row + 1],
            settings=settings,
            written=written_by(tokenizer, limits=LIMITS[row : row + 1]),
        )
        assert alone == found[row]


@pytest.mark.parametrize("beam_size", [1, 2, 5, 40])
def test_the_likeliest_tokens_are_as_good_as_all(
    tokenizer: Tokenizer, model: BabblingModel, beam_size: int
) -> None:
    written, settings = written_by(tokenizer), BeamSettings(beam_size, shortlist=False)
    found = beam_search(model, SOURCES, LIMITS, settings=settings, written=written)
    options: Any = {"settings": settings, "written": written, "rules": [nothing]}
    assert beam_search(model, SOURCES, LIMITS, **options) == found


@pytest.mark.parametrize(
    "sampling",
    [Sampling(), Sampling(temperature=30.0), Sampling(top_k=3), Sampling(top_p=0.5, seed=7)],
)
def test_drawings_are_text(tokenizer: Tokenizer, model: BabblingModel, sampling: Sampling) -> None:
    written = written_by(tokenizer, held=HELD)
    found = sample(model, SOURCES, LIMITS, sampling=sampling, drawings=6, written=written)
    check(tokenizer, found, HELD)


@pytest.mark.parametrize("rules", [[nothing], [NoRepeatedNgrams(1)], [NoRepeatedNgrams(2)]])
def test_placeholders_are_those_of_the_source(
    tokenizer: Tokenizer, model: BabblingModel, rules: Any
) -> None:
    found = beam_search(
        model,
        SOURCES,
        LIMITS,
        settings=BeamSettings(20),
        written=written_by(tokenizer, held=HELD),
        rules=rules,
    )
    check(tokenizer, found, HELD)
    texts = [tokenizer.decode([one.ids for one in outputs]) for outputs in found]
    assert any(NAMES[0] in text for outputs in texts for text in outputs)


def test_a_drawing_that_was_text_stays_as_it_is(tokenizer: Tokenizer, model: BabblingModel) -> None:
    settings: Any = {"sampling": Sampling(seed=2), "drawings": 40}
    free = sample(model, SOURCES, LIMITS, **settings)
    written = sample(model, SOURCES, LIMITS, **settings, written=written_by(tokenizer))
    unchanged = 0
    for row, outputs in enumerate(free):
        for one in outputs:
            try:
                check(tokenizer, [[one]] * (row + 1))
            except (AssertionError, UnicodeDecodeError):
                continue
            assert one in written[row]
            unchanged += 1
    assert unchanged > 20


def test_a_character_is_completed_whatever_other_rules_say(tokenizer: Tokenizer) -> None:
    written = written_by(tokenizer)
    begun = tokenizer.surfaces.index(b"\xf0")
    open_ = OpenHypotheses(
        np.array([8]), np.array([[[begun], [EOS + 90]]], np.int32), np.zeros([1, 2], np.float32)
    )
    before = np.full([1, 2, tokenizer.vocab_size], -5.0, np.float32)
    log_probs = before.copy()
    written(log_probs, open_)
    log_probs[:] = IMPOSSIBLE
    written.complete(log_probs, before, open_)
    possible = np.flatnonzero(log_probs[0, 0] == -5.0)
    spelled = {tokenizer.surfaces[index] for index in possible}
    assert spelled == {bytes([byte]) for byte in range(0x90, 0xC0)}
    assert (log_probs[0, 1] == IMPOSSIBLE).all()
