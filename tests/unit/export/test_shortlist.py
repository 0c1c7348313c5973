"""A shortlist is read as it was written; one that fits no model is refused in one sentence."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seq2seq.errors import ModelError
from seq2seq.export.exported_model import read_inference_model

Arrays = dict[str, Any]


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_what_is_written_is_read(
    write_small_exported_model: Callable[..., Path], tmp_path: Path, precision: str
) -> None:
    directory = write_small_exported_model(tmp_path / "exported model", precision=precision)
    exported_model = read_inference_model(directory)
    assert exported_model.lexicon is not None
    assert (
        exported_model.lexicon.translations.shape[0] == exported_model.source_tokenizer.vocab_size
    )
    assert exported_model.lexicon.always.tolist() == [*range(9)]


def test_an_exported_model_without_one(
    copy: Path, edit_manifest: Callable[[Callable[[Any], object]], None]
) -> None:
    (copy / "shortlist.npz").unlink()
    edit_manifest(lambda m: m["files"].pop("shortlist.npz"))
    assert read_inference_model(copy).lexicon is None


def beyond(arrays: Arrays) -> None:
    arrays["translations"][3, 2] = 2**20


def below(arrays: Arrays) -> None:
    arrays["always"][0] = -1


def no_rows(arrays: Arrays) -> None:
    arrays["translations"] = arrays["translations"][:-1]


def flat(arrays: Arrays) -> None:
    arrays["translations"] = arrays["translations"].reshape(-1)


def no_translations(arrays: Arrays) -> None:
    arrays["translations"] = arrays["translations"][:, :0]


def not_sorted(arrays: Arrays) -> None:
    arrays["always"] = arrays["always"][[0, 1, 2, 3, 5, 4, 6, 7, 8]]


def twice(arrays: Arrays) -> None:
    arrays["always"] = np.array([0, 1, 2, 3, 4, 4], np.int32)


def no_end(arrays: Arrays) -> None:
    arrays["always"] = np.array([0, 1, 2, 4, 5], np.int32)


def none_always(arrays: Arrays) -> None:
    arrays["always"] = arrays["always"][:0]


def too_many_always(arrays: Arrays) -> None:
    arrays["always"] = np.arange(10**5, dtype=np.int32)


def too_many_translations(arrays: Arrays) -> None:
    arrays["translations"] = np.tile(arrays["translations"], [1, 100])


def other_type(arrays: Arrays) -> None:
    arrays["translations"] = arrays["translations"].astype(np.float32)


def unknown_type(arrays: Arrays) -> None:
    arrays["translations"] = arrays["translations"].astype(np.int64)


def table(arrays: Arrays) -> None:
    arrays["table"] = arrays["always"]


def nothing(arrays: Arrays) -> None:
    arrays.clear()


def a_number(arrays: Arrays) -> None:
    arrays["always"] = np.array(3, np.int32)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (beyond, "'translations' holds numbers that are no tokens of"),
        (below, "'always' holds numbers that are no tokens of"),
        (no_rows, "'translations' has the shape"),
        (flat, "'translations' has the shape"),
        (no_translations, "'translations' has the shape"),
        (not_sorted, "'always' does not ascend"),
        (twice, "'always' does not ascend"),
        (no_end, "'always' does not ascend"),
        (none_always, "'always' has the shape"),
        (too_many_always, "'always' has the shape"),
        (too_many_translations, "'translations' has the shape"),
        (other_type, "not an array of int32"),
        (unknown_type, "not an array of int32"),
        (table, "it has .* and must have"),
        (nothing, "it has .* and must have"),
        (a_number, "'always' has the shape"),
    ],
)
def test_a_shortlist_that_is_none(
    copy: Path,
    replace_file: Callable[[str, bytes], None],
    change: Callable[[Arrays], None],
    message: str,
) -> None:
    with np.load(copy / "shortlist.npz") as file:
        arrays = {name: file[name] for name in file.files}
    change(arrays)
    content = io.BytesIO()
    np.savez(content, **arrays)
    replace_file("shortlist.npz", content.getvalue())
    with pytest.raises(ModelError, match=message) as caught:
        read_inference_model(copy)
    assert len(str(caught.value)) < 400
    assert "shortlist.npz" in str(caught.value)
    assert str(caught.value).endswith("export the model again")
