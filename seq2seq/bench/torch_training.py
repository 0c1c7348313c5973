"""The same models and training steps in PyTorch, as a program that does not import seq2seq.

It is started by its path, with a Python that has PyTorch and NumPy; seq2seq need not be installed.
It reads and writes lines of JSON as `seq2seq.bench.worker_process` describes.

Forms of the encoder, which reads rows in both directions:

* `packed`: PyTorch's bidirectional LSTM over packed sequences, exact.
* `reversed`: an LSTM for each direction; the second reads rows whose tokens were reversed by a
  gather. In this form PyTorch does not return the cell after the last token of a row. Therefore the
  decoder starts from a cell of zeros, which is a little less work.
* `compiled`: `reversed` through `torch.compile`, which leaves the LSTMs unchanged.

PyTorch's LSTMs have two biases per gate, those of seq2seq have one.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import platform
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

_PAD, _START = 0, 2
_EMBEDDING, _SMOOTHING = 256, 0.1
_LEARNING_RATE, _CLIP_NORM = 1e-3, 1.0

State = tuple[Tensor, Tensor]


class Unusable(Exception):
    """An error with a sentence for the user: PyTorch cannot do what is requested."""


class Rows(NamedTuple):
    """Positions of the real steps of a batch.

    Attributes:
        lengths: number of steps of each row, `[rows]`, in CPU memory.
        mask: true for each real step, `[rows, width] bool`.
        backward: index of the step at each position when rows are read from their end, `[rows,
            width, 1]`.
        last: index of each row's last step, `[rows, 1, 1]`.
    """

    lengths: Tensor
    mask: Tensor
    backward: Tensor
    last: Tensor


class Pairs(NamedTuple):
    """A batch of a translation; `real` holds the flat positions of its target tokens."""

    source: Tensor
    rows: Rows
    shifted: Tensor
    labels: Tensor
    real: Tensor


class Sequences(NamedTuple):
    """Batch of a classification task."""

    values: Tensor
    rows: Rows
    labels: Tensor


def rows_of(lengths: Any, width: int, device: str) -> Rows:
    """Describe rows of `lengths` `[rows]` steps that are padded on the right."""
    positions, ends = np.arange(width), lengths[:, None].astype(np.int64)
    mask = positions < ends
    backward = np.where(mask, ends - 1 - positions, positions)
    moved = [torch.from_numpy(each).to(device) for each in (mask, backward, ends - 1)]
    return Rows(torch.from_numpy(ends[:, 0]), moved[0], moved[1][..., None], moved[2][..., None])


def pairs_of(batch: Sequence[Any], device: str) -> Pairs:
    """Move ids of the source and of the target, `[rows, width]`, to the device."""
    source, target = (ids.astype(np.int64) for ids in batch)
    shifted = np.concatenate([np.full_like(target[:, :1], _START), target[:, :-1]], axis=1)
    real = np.flatnonzero(target != _PAD)
    moved = [
        torch.from_numpy(each).to(device)
        for each in (source, shifted, target.reshape(-1)[real], real)
    ]
    rows = rows_of((source != _PAD).sum(axis=1), source.shape[1], device)
    return Pairs(moved[0], rows, *moved[1:])


def sequences_of(batch: Sequence[Any], device: str) -> Sequences:
    """Move features `[rows, width, features]`, lengths and classes `[rows]` to the device."""
    values, lengths, classes = batch
    rows = rows_of(lengths, values.shape[1], device)
    labels = torch.from_numpy(classes.astype(np.int64)).to(device)
    return Sequences(torch.from_numpy(values).to(device), rows, labels)


class PackedLayer(nn.Module):
    """Layer with both directions in one LSTM over packed sequences."""

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(features, units // 2, batch_first=True, bidirectional=True)

    def forward(self, inputs: Tensor, rows: Rows) -> tuple[Tensor, State]:
        """Return outputs `[rows, width, units]` and the state after each row's last step."""
        packed = nn.utils.rnn.pack_padded_sequence(
            inputs, rows.lengths, batch_first=True, enforce_sorted=False
        )
        outputs, (hidden, cell) = self.lstm(packed)
        outputs, _ = nn.utils.rnn.pad_packed_sequence(
            outputs, batch_first=True, total_length=inputs.shape[1]
        )
        return outputs, (torch.cat([*hidden], -1), torch.cat([*cell], -1))


class ReversedLayer(nn.Module):
    """Layer with an LSTM for each direction, over padded rows."""

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.forwards = nn.LSTM(features, units // 2, batch_first=True)
        self.backwards = nn.LSTM(features, units // 2, batch_first=True)

    def forward(self, inputs: Tensor, rows: Rows) -> tuple[Tensor, State]:
        """Compute as `PackedLayer.forward` does, but return a cell of zeros."""
        forwards, _ = self.forwards(inputs)
        turned = inputs.gather(1, rows.backward.expand(-1, -1, inputs.shape[2]))
        backwards, _ = self.backwards(turned)
        last = rows.last.expand(-1, 1, forwards.shape[2])
        ends = [each.gather(1, last)[:, 0] for each in (forwards, backwards)]
        back = backwards.gather(1, rows.backward.expand(-1, -1, backwards.shape[2]))
        hidden = torch.cat(ends, -1)
        return torch.cat([forwards, back], -1), (hidden, torch.zeros_like(hidden))


class Encoder(nn.Module):
    """Bidirectional layers with dropout before each and residual connections from the second on."""

    def __init__(self, case: Any, form: str, features: int) -> None:
        super().__init__()
        layer = PackedLayer if form == "packed" else ReversedLayer
        units = case["units"]
        self.dropout = case["dropout"]
        self.layers = nn.ModuleList(
            layer(units if number else features, units) for number in range(case["layers"])
        )

    def forward(self, inputs: Tensor, rows: Rows) -> tuple[Tensor, list[State]]:
        """Return the outputs of the top layer and the state of each layer."""
        states = []
        for number, layer in enumerate(self.layers):
            outputs, state = layer(functional.dropout(inputs, self.dropout), rows)
            inputs = inputs + outputs if number else outputs
            states.append(state)
        return inputs, states


class Translation(nn.Module):
    """An encoder and a decoder with attention after its first layer; embeddings are tied."""

    def __init__(self, case: Any, form: str) -> None:
        super().__init__()
        units, vocab = case["units"], case["vocab_size"]
        self.dropout = case["dropout"]
        self.embedding = nn.Embedding(vocab, _EMBEDDING)
        nn.init.normal_(self.embedding.weight, std=_EMBEDDING**-0.5)
        self.encoder = Encoder(case, form, _EMBEDDING)
        self.decoder = nn.ModuleList(
            nn.LSTM(units if number else _EMBEDDING, units, batch_first=True)
            for number in range(case["layers"])
        )
        self.keys = nn.Linear(units, units, bias=False)
        self.combine = nn.Linear(2 * units, units)
        self.narrow = nn.Linear(units, _EMBEDDING)
        self.bias = nn.Parameter(torch.zeros(vocab))

    def forward(self, batch: Pairs) -> Tensor:
        """Return the mean loss per target token."""
        values, states = self.encoder(self.embedding(batch.source), batch.rows)
        outputs = self.embedding(batch.shifted)
        for number, (layer, state) in enumerate(zip(self.decoder, states, strict=True)):
            dropped = functional.dropout(outputs, self.dropout)
            new, _ = layer(dropped, tuple(each[None].contiguous() for each in state))
            outputs = outputs + new if number else self._attend(new, values, batch.rows.mask)
        features = functional.dropout(outputs, self.dropout).flatten(0, 1)[batch.real]
        logits = functional.linear(self.narrow(features), self.embedding.weight, self.bias)
        return functional.cross_entropy(logits.float(), batch.labels, label_smoothing=_SMOOTHING)

    def _attend(self, queries: Tensor, values: Tensor, mask: Tensor) -> Tensor:
        scores = (queries @ self.keys(values).transpose(1, 2)).float()
        weights = torch.softmax(scores.masked_fill(~mask[:, None, :], -1e9), -1)
        context = weights.to(values.dtype) @ values
        return torch.tanh(self.combine(torch.cat([queries, context], -1)))


class Classification(nn.Module):
    """An encoder with a linear layer over its last state."""

    def __init__(self, case: Any, form: str) -> None:
        super().__init__()
        self.encoder = Encoder(case, form, case["features"])
        self.output = nn.Linear(case["units"], case["classes"])

    def forward(self, batch: Sequences) -> Tensor:
        """Return the mean loss per sequence."""
        _, states = self.encoder(batch.values, batch.rows)
        logits = self.output(states[-1][0]).float()
        return functional.cross_entropy(logits, batch.labels, label_smoothing=_SMOOTHING)


class Training:
    """Training of a case; each call trains on the next batches, in an endless cycle."""

    def __init__(self, case: Any, form: str, batches: Sequence[Any], device: str) -> None:
        torch.manual_seed(1)
        make: Callable[..., nn.Module] = Translation
        self._prepare: Callable[..., Any] = pairs_of
        if case["task"] == "classification":
            make, self._prepare = Classification, sequences_of
        self._device = device
        self._model = make(case, form).to(device)
        self._loss: Callable[..., Tensor] = self._model
        if form == "compiled":
            self._loss = torch.compile(self._model, dynamic=True)
        self._optimizer = torch.optim.Adam(
            self._model.parameters(), lr=_LEARNING_RATE, eps=1e-8, fused=True
        )
        self._narrow = case["precision"] == "bfloat16"
        self._batches = itertools.cycle(batches)
        self.about = {"parameters": sum(each.numel() for each in self._model.parameters())}

    def steps(self, count: int) -> dict[str, Any]:
        """Make `count` updates; return the seconds of each, and the last loss."""
        seconds, loss = [], 0.0
        for _ in range(count):
            batch = next(self._batches)
            started = time.perf_counter()
            loss = self._update(batch)
            seconds.append(time.perf_counter() - started)
        used = torch.cuda.max_memory_allocated() if self._device == "cuda" else None
        return {"seconds": seconds, "loss": loss, "device_bytes": used}

    def _update(self, batch: Any) -> float:
        self._optimizer.zero_grad(set_to_none=True)
        precision: Any = contextlib.nullcontext()
        if self._narrow:
            precision = torch.autocast(self._device, dtype=torch.bfloat16)
        with precision:
            loss = self._loss(self._prepare(batch, self._device))
        loss.backward()
        nn.utils.clip_grad_norm_(self._model.parameters(), _CLIP_NORM)
        self._optimizer.step()
        return float(loss.detach())  # waits for the device


def products_per_second(device: str, precision: str, *, size: int, seconds: float) -> float:
    """Return the multiplications and additions per second of square matrix products."""
    together = 10 if device == "cuda" else 1
    kind = getattr(torch, precision)
    left, right = (torch.randn(size, size).to(device, kind) for _ in range(2))

    def multiply() -> None:
        products = [torch.mm(left, right) for _ in range(together)]
        float(products[-1][0, 0])  # waits for the device

    multiply()  # wakes threads and fills caches
    count, started = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - started) < seconds:
        multiply()
        count += together
    return count * 2 * size**3 / elapsed


def read_batches(path: str) -> list[Any]:
    """Read the arrays `number/part` of an `.npz` file as one tuple for each number."""
    batches: dict[int, list[Any]] = {}
    with np.load(path, allow_pickle=False) as file:
        for name in file.files:
            batches.setdefault(int(name.partition("/")[0]), []).append(file[name])
    return [tuple(batches[number]) for number in sorted(batches)]


def start(*, device: str) -> tuple[Any, Callable[[Any], Any]]:
    """Prepare PyTorch; return its description, and the handler of tasks."""
    kind = "cuda" if device == "gpu" else "cpu"
    if kind == "cuda":
        if not torch.cuda.is_available():
            raise Unusable("it sees no GPU; name a Python whose PyTorch does by --torch-python")
        torch.set_float32_matmul_precision("high")  # TF32, as in TensorFlow and in cuDNN
    about = {
        "device": torch.cuda.get_device_name() if kind == "cuda" else "CPU",
        "versions": {"Python": platform.python_version(), "PyTorch": torch.__version__},
    }
    training: list[Training] = []

    def train(case: Any, form: str, batches: str) -> Any:
        training[:] = [Training(case, form, read_batches(batches), kind)]
        return training[0].about

    def products(precision: str, **options: Any) -> float:
        return products_per_second(kind, precision, **options)

    handlers: dict[str, Callable[..., Any]] = {
        "products": products,
        "train": train,
        "steps": lambda count: training[0].steps(count),
    }
    return about, lambda task: handlers[task.pop("do")](**task)


def main(argv: Sequence[str]) -> None:
    """Run as a worker process until standard input ends."""
    results = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # output of libraries must not mix with the results
    handle: Callable[[Any], Any] | None = None
    for task in itertools.chain([json.loads(argv[0])], map(json.loads, sys.stdin)):
        try:
            if handle is None:
                result, handle = start(**task)
            else:
                result = handle(task)
        except Unusable as error:
            result = {"error": str(error)}
        except Exception as error:
            traceback.print_exc()
            result = {"error": traceback.format_exception_only(error)[0].strip()}
        print(json.dumps(result), file=results)
        if handle is None:
            return


if __name__ == "__main__":
    main(sys.argv[1:])
