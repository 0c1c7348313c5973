"""What ships: the stream of `seq2seq translate`, and the translator of the Python API."""

from __future__ import annotations

import io
from collections.abc import Sequence

from seq2seq.bench.forms import Loading, Search
from seq2seq.inference.lines_in import InputLines, read_groups
from seq2seq.inference.options import SearchOptions
from seq2seq.inference.output import StreamOutput
from seq2seq.inference.stream import StreamOptions, translate_stream
from seq2seq.inference.translator import Translator


class LightForm:
    """An artefact's graphs, run by ONNX Runtime."""

    def __init__(self, translator: Translator, *, threads: int) -> None:
        """Translate on so many threads where there is more than a sentence at a time."""
        self._translator, self._threads = translator, threads

    def translate(self, sentences: Sequence[str], search: Search) -> list[str]:
        """As `Form.translate`."""
        options = SearchOptions(
            beam_size=search.beam_size,
            shrink_batches=search.shrink_batches,
            placeholders=(),  # which no other form knows
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


def load(loading: Loading) -> LightForm:
    """The translator of the artefact."""
    return LightForm(Translator.load(loading.directory), threads=loading.threads)
