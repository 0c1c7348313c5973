"""Greedy translation as docs/exported_model.md tells it: independent_reader.py DIR < LINES"""

import codecs
import json
import re
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import sentencepiece

PAD, UNK, BOS, EOS = range(4)
BREAKS = str.maketrans(dict.fromkeys("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))
NO_TEXT = re.compile("[\0-\x1f\x7f-\x9f\u2028\u2029\ufffd-\uffff]|  ")
PLACEHOLDER = re.compile("\u27e8[0-9]+\u27e9")


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
        sources = [text for text, row in zip(texts, rows, strict=True) if row]
        found = iter(self.greedy([[*row, EOS] for row in rows if row], sources))
        return [self.target.decode(next(found)).translate(BREAKS) if row else "" for row in rows]

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

    def greedy(self, rows, sources):
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
            rows = zip(values["log_probs"], written, limits, sources, strict=True)
            best = np.array([self.best(*row) for row in rows], np.int32)
            values["tokens"] = best[:, np.newaxis]
            open_ &= (best != EOS) & (np.array([len(row) for row in written]) + 1 < limits)
            for row in np.flatnonzero(open_):
                written[row].append(int(best[row]))
        return written


if __name__ == "__main__":
    lines = [line.decode().removesuffix("\n") for line in sys.stdin.buffer]
    print(*Reader(Path(sys.argv[1])).translate(lines), sep="\n")
