"""The shipped implementation: the stream of `seq2seq translate`, and the Python API."""

from __future__ import annotations

import io
from collections.abc import Sequence

from seq2seq.bench.forms import Loading, Search
from seq2seq.inference.stream.input import InputLines, read_groups
from seq2seq.inference.stream.output import StreamOutput
from seq2seq.inference.stream.pipeline import StreamOptions, translate_stream
from seq2seq.inference.translation_options import SearchOptions
from seq2seq.inference.translator import Translator


class OnnxForm:
    """The graphs of an exported model, run by ONNX Runtime."""

    def __init__(self, translator: Translator, *, threads: int) -> None:
        """Translate with this number of threads if there are several sentences at a time."""
        self._translator, self._threads = translator, threads

    def translate(self, sentences: Sequence[str], search: Search) -> list[str]:
        """Translate as `Form.translate` does."""
        options = SearchOptions(
            beam_size=search.beam_size,
            shrink_batches=search.shrink_batches,
            placeholders=(),  # no other form has them
        )
        if not search.batched:
            return [self._translator.translate([each], options)[0] for each in sentences]
        source = io.BytesIO("".join(f"{each}\n" for each in sentences).encode())
        output = io.BytesIO()
        translate_stream(
            self._translator,
            InputLines(read_groups(source)),
            StreamOutput(output),
            StreamOptions(search=options, threads=self._threads),
        )
        return output.getvalue().decode().removesuffix("\n").split("\n")


def load(loading: Loading) -> OnnxForm:
    """Return a form with the translator of the exported model."""
    return OnnxForm(Translator.load(loading.directory), threads=loading.threads)
