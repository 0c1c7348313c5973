"""Predictions for words as CoNLL lines, which scripts such as `conlleval` read."""

from __future__ import annotations

from collections.abc import Iterator

from seq2seq.data.readers.conll import Sentence
from seq2seq.data.sequences.item import Item
from seq2seq.inference.predictor import Prediction, Predictor
from seq2seq.inference.stream.prediction_lines import word_text

UNKNOWN = "_"  # entry in the column of predictions for a line without a prediction


def conll_lines(item: Item, prediction: Prediction, error: str | None, predictor: Predictor) -> str:
    """Return the lines of a sentence with one more column, the predicted class.

    In a CoNLL file, the old columns stay as they are; comments and blank lines get no new column.
    The new column is `_` in lines that are not words and in words of a sentence with an error; a
    document line repeats its own tag there. For a plain text, each line holds a word, a tab and the
    class of the word, and a blank line follows the last word.
    """
    classes = [word_text(one, predictor) for one in prediction.answers]
    if isinstance(item, Sentence):
        return "\n".join(_continued(item, iter(classes)))
    if error is not None or not isinstance(item.content, str):
        return ""
    pairs = zip(item.content.split(), classes, strict=True)
    return "".join(f"{word}\t{name}\n" for word, name in pairs)


def _continued(sentence: Sentence, classes: Iterator[str]) -> Iterator[str]:
    for line in sentence.lines:
        if line.kind in ("blank", "comment"):
            yield line.text
            continue
        shown = UNKNOWN
        if line.kind == "word":
            shown = next(classes, UNKNOWN)
        elif line.kind == "document" and line.tag is not None:
            shown = line.tag
        yield f"{line.text}{sentence.separator}{shown}"
