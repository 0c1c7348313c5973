"""Greedy translation as docs/artefact.md tells it, by: python independent_reader.py DIR < LINES"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import sentencepiece

PAD, UNK, BOS, EOS = range(4)
BREAKS = str.maketrans(dict.fromkeys("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))


def run(session, values):
    found = session.run(None, {each.name: values[each.name] for each in session.get_inputs()})
    return {each.name: value for each, value in zip(session.get_outputs(), found, strict=True)}


class Reader:
    def __init__(self, directory):
        self.search = json.loads((directory / "settings.json").read_text())["search"]
        paths = [str(directory / name) for name in ("source.model", "target.model")]
        self.source, self.target = map(sentencepiece.SentencePieceProcessor, paths)
        self.encoder, self.step, self.output = (
            onnxruntime.InferenceSession(directory / name, providers=["CPUExecutionProvider"])
            for name in ("encoder.onnx", "step.onnx", "output.onnx")
        )

    def translate(self, texts):
        rows = [self.source.encode(text) if text.strip() else [] for text in texts]
        found = iter(self.greedy([[*row, EOS] for row in rows if row]))
        return [self.target.decode(next(found)).translate(BREAKS) if row else "" for row in rows]

    def greedy(self, rows):
        lengths = np.array([len(row) for row in rows], int)
        limits = (lengths * self.search["max_length_factor"]).astype(int)
        limits += self.search["max_length_offset"] + 1
        padded = [row + [PAD] * (max(lengths) - len(row)) for row in rows]
        values = run(self.encoder, {"source_ids": np.array(padded, np.int32)}) if rows else {}
        values["tokens"] = np.full([len(rows), 1], BOS, np.int32)
        values |= {"origins": np.arange(len(rows)), "top": np.array([1])}
        open_, written = np.ones(len(rows), bool), [[] for _ in rows]
        while open_.any():
            values |= run(self.step, values)
            values |= run(self.output, values)
            values |= {name[4:]: values[name] for name in values if name.startswith("new_")}
            values["log_probs"][:, [PAD, UNK, BOS]] = -np.inf
            best = values["log_probs"].argmax(axis=1).astype(np.int32)
            values["tokens"] = best[:, np.newaxis]
            open_ &= (best != EOS) & (np.array([len(row) for row in written]) + 1 < limits)
            for row in np.flatnonzero(open_):
                written[row].append(int(best[row]))
        return written


if __name__ == "__main__":
    lines = [line.decode().removesuffix("\n") for line in sys.stdin.buffer]
    print(*Reader(Path(sys.argv[1])).translate(lines), sep="\n")
