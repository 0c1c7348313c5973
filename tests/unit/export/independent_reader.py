"""Greedy translation as docs/exported_model.md tells it: independent_reader.py DIR < LINES"""

import codecs
import json
import re
import sys
from pathlib import Path

import numpy as np
import sentencepiece

PAD, UNK, BOS, EOS = range(4)
BREAKS = str.maketrans(dict.fromkeys("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))
NO_TEXT = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ufffd-\uffff]|  ")
PLACEHOLDER = re.compile("\u27e8[0-9]+\u27e9")
SIDES = ("forward", "backward")


def softmax(scores):
    shares = np.exp(scores - scores.max())
    return shares / shares.sum()


class Model:
    def __init__(self, directory, settings):
        self.numbers = dict(np.load(directory / "weights.npz", allow_pickle=False))
        self.settings, self.sides = settings, SIDES[: 1 + settings["bidirectional"]]
        for n in range(settings["encoder_layers"] * ("encoder/0/kernel" in self.numbers)):
            for d, side in enumerate(self.sides):  # float32: gates are input, output, forget, cell
                for part, name in (("kernel", "input"), ("recurrent", "state")):
                    gates = np.split(self.numbers[f"encoder/{n}/{part}"][d].T, 4, axis=1)
                    kernel = np.concatenate([gates[i] for i in (0, 2, 3, 1)], axis=1)
                    self.numbers[f"encoder/{n}/{side}/{name}/kernel"] = kernel
                gates = np.split(self.numbers[f"encoder/{n}/bias"][d], 8)
                bias = np.concatenate([gates[i] for i in (0, 2, 3, 1)])
                self.numbers[f"encoder/{n}/{side}/input/bias"] = bias

    def embed(self, side, ids):
        side = side if f"{side}/table" in self.numbers else "target_embedding"
        rows = self.numbers[f"{side}/table"][ids].astype(np.float32)
        steps = self.numbers.get(f"{side}/steps")
        return rows if steps is None else (rows - 128) * steps[ids]

    def dense(self, name, value, bound=None):
        kernel, steps = self.numbers[f"{name}/kernel"], self.numbers.get(f"{name}/steps")
        if steps is not None:
            most = np.abs(value).max(axis=-1, keepdims=True) if bound is None else bound
            step = np.float32(np.maximum(most, 1e-30) / 127)
            value, kernel = np.clip(np.rint(value / step), -128, 127) * step, kernel * steps
        return value @ kernel + self.numbers.get(f"{name}/bias", np.float32(0))

    def residual(self, number, value, bound, output):
        if self.settings["residual"] and number and bound is not None:
            return value + output, bound + 1
        return output, 1

    def cell(self, mixed, cell):
        take, keep, new, show = np.split(mixed, 4)
        take, keep, show = (1 / (1 + np.exp(-gate)) for gate in (take, keep, show))
        cell = keep * cell + take * np.tanh(new)
        return show * np.tanh(cell), cell

    def encode(self, ids):
        value, bound, self.states = self.embed("source_embedding", ids), None, []
        for n in range(self.settings["encoder_layers"]):
            outputs, ends = [], []
            for d, side in enumerate(self.sides):
                name, order = f"encoder/{n}/{side}", slice(None, None, 1 - 2 * d)
                inputs = self.dense(f"{name}/input", value, bound)[order]
                state, found = (np.zeros(inputs.shape[1] // 4, np.float32),) * 2, []
                for mixed in inputs:
                    state = self.cell(mixed + self.dense(f"{name}/state", state[0], 1), state[1])
                    found.append(state[0])
                outputs.append(np.array(found)[order])
                ends.append(state)
            value, bound = self.residual(n, value, bound, np.concatenate(outputs, axis=1))
            self.states.append(tuple(map(np.concatenate, zip(*ends, strict=True))))
        self.states += [self.states[-1]] * self.settings["decoder_layers"]
        self.attention = self.settings["attention"]
        if self.attention != "none":
            self.keys, self.values = (self.dense(x, value, bound) for x in ("keys", "values"))

    def log_probs(self, token):
        value, bound = self.embed("target_embedding", [token])[0], None
        for n in range(self.settings["decoder_layers"]):
            name, (hidden, cell) = f"decoder/{n}", self.states[n]
            if f"{name}/kernel" in self.numbers:
                mixed = self.dense(name, np.concatenate([value, hidden]), bound)
            else:
                mixed = self.dense(f"{name}/input", value, bound)
                mixed = mixed + self.dense(f"{name}/state", hidden, 1)
            hidden, _ = self.states[n] = self.cell(mixed, cell)
            value, bound = self.residual(n, value, bound, hidden)
            if n == 0 and self.attention != "none":
                value = self.attend(hidden)
        scores = self.dense("output", self.dense("narrow", value, bound))
        return np.log(softmax(scores))

    def attend(self, query):
        scores = self.keys @ query
        if self.attention == "bahdanau":
            mixed = np.tanh(self.dense("query", query, 1) + self.keys)
            scores = (mixed @ self.numbers["score/kernel"])[:, 0]
        return np.tanh(self.dense("combine", query, 1) + softmax(scores) @ self.values)


class Reader:
    def __init__(self, directory):
        settings = json.loads((directory / "settings.json").read_text())
        paths = [str(directory / name) for name in ("source.model", "target.model")]
        self.source, self.target = map(sentencepiece.SentencePieceProcessor, paths)
        self.search, self.model = settings["search"], Model(directory, settings["model"])

    def translate(self, text):
        row = self.source.encode(text) if text.strip() else []
        return self.target.decode(self.greedy([*row, EOS], text)).translate(BREAKS) if row else ""

    def spelled(self, ids):
        tokens = [self.target.id_to_piece(index) for index in ids if index > EOS]
        bytes_of = [(one[:3] == "<0x", one[3:5], one.replace("\u2581", " ")) for one in tokens]
        return b"".join(bytes.fromhex(x) if is_byte else s.encode() for is_byte, x, s in bytes_of)

    def is_text(self, ids, room, source):
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            text = decoder.decode(self.spelled(ids))
        except UnicodeDecodeError:
            return False
        begun = decoder.getstate()[0]
        missing = 0 if not begun else 2 + (begun[0] >= 0xE0) + (begun[0] >= 0xF0) - len(begun)
        missing += text.endswith(" ") and not begun
        held = all(text.count(name) <= source.count(name) for name in PLACEHOLDER.findall(text))
        space = self.target.id_to_piece(ids[-1]) == "<0x20>"
        return held and not space and not NO_TEXT.search(text) and missing <= room

    def best(self, log_probs, ids, limit, source):
        room = limit - len(ids) - 2
        for token in np.argsort(-log_probs, kind="stable").tolist() if room >= 0 else []:
            if token > BOS and self.is_text([*ids, token], room * (token != EOS), source):
                return token
        return EOS

    def greedy(self, row, source):
        limit = int(len(row) * self.search["max_length_factor"])
        limit += self.search["max_length_offset"] + 1
        self.model.encode(row)
        written, token = [], BOS
        while len(written) + 1 < limit:
            log_probs = self.model.log_probs(token)[: self.target.vocab_size()]
            token = self.best(log_probs, written, limit, source)
            if token == EOS:
                break
            written.append(token)
        return written


if __name__ == "__main__":
    lines = [line.decode().removesuffix("\n") for line in sys.stdin.buffer]
    reader = Reader(Path(sys.argv[1]))
    print(*map(reader.translate, lines), sep="\n")
