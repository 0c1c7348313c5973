"""A model of the exported model's size in PyTorch, with random weights and a fixed step count.

It shows how long such a translation takes; its outputs have no meaning. It makes batches as the
translator does; its layers are PyTorch's own, and its search uses plain tensors.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from seq2seq.bench.forms import Loading, Search
from seq2seq.config.schema import ModelSettings
from seq2seq.data.batch_building import Ids
from seq2seq.export.exported_model import TranslationInferenceModel, read_inference_model
from seq2seq.inference.batches import map_by_length
from seq2seq.text.tokenizer import BOS, PAD

_MASKED = -1e9

State = list[tuple[Tensor, Tensor]]


class Model(nn.Module):
    """Encoder, decoder and output layer; attention of any kind becomes dot-product attention."""

    def __init__(self, model: ModelSettings, *, source_vocab: int, target_vocab: int) -> None:
        """Initialise random weights."""
        super().__init__()
        units, dim = model.units, model.embedding_dim
        self.settings = model
        self.source = nn.Embedding(source_vocab, dim)
        self.target = nn.Embedding(target_vocab, dim)
        self.encoder = nn.LSTM(
            dim,
            units // 2 if model.bidirectional else units,
            num_layers=model.encoder_layers,
            bidirectional=model.bidirectional,
            batch_first=True,
        )
        self.cells = nn.ModuleList(
            nn.LSTMCell(units if number else dim, units) for number in range(model.decoder_layers)
        )
        self.keys = nn.Linear(units, units, bias=False)
        self.combine = nn.Linear(2 * units, units)
        self.narrow = nn.Linear(units, dim)

    def encode(self, ids: Tensor) -> tuple[tuple[Tensor, Tensor, Tensor], State]:
        """Return keys, values and mask for attention, and the decoder's first state.

        `ids` are `[rows, source_len]`.
        """
        values, _ = self.encoder(self.source(ids))
        mask = (ids == PAD).float()[:, None, :] * _MASKED
        state = (values[:, -1], values[:, -1])
        return (self.keys(values).transpose(1, 2), values, mask), [state] * len(self.cells)

    def step(
        self, tokens: Tensor, memory: tuple[Tensor, Tensor, Tensor], state: State
    ) -> tuple[Tensor, State]:
        """Return log-probabilities `[rows * open, vocab]`, and the state, after `tokens`.

        `tokens` are `[rows, open]`.
        """
        sequence, states = self.target(tokens.reshape(-1)), []
        for number, cell in enumerate(self.cells):
            hidden, kept = cell(sequence, state[number])
            states.append((hidden, kept))
            if number == 0:
                sequence = self._attend(hidden, tokens.shape, memory)
            else:
                sequence = sequence + hidden if self.settings.residual else hidden
        logits = self.narrow(sequence) @ self.target.weight.T
        return torch.log_softmax(logits, dim=-1), states

    def _attend(
        self, hidden: Tensor, shape: torch.Size, memory: tuple[Tensor, Tensor, Tensor]
    ) -> Tensor:
        if self.settings.attention == "none":
            return hidden
        keys, values, mask = memory
        scores = hidden.reshape(*shape, -1) @ keys + mask
        context = (torch.softmax(scores, dim=-1) @ values).reshape(len(hidden), -1)
        return torch.tanh(self.combine(torch.cat([hidden, context], dim=-1)))


class TorchForm:
    """Greedy and beam search in PyTorch; each output has exactly `steps` tokens."""

    def __init__(self, exported_model: TranslationInferenceModel, *, steps: int) -> None:
        """Create a model of the exported model's size."""
        self._source = exported_model.source_tokenizer
        self._budget, self._steps = exported_model.settings.search.batch_tokens, steps
        self._model = Model(
            exported_model.settings.model,
            source_vocab=exported_model.source_tokenizer.vocab_size,
            target_vocab=exported_model.target_tokenizer.vocab_size,
        ).eval()

    def translate(self, sentences: Sequence[str], search: Search) -> list[str]:
        """Translate as `Form.translate` does, but return no translations."""

        def run(batch: Ids, numbers: list[int]) -> list[None]:
            with torch.inference_mode():
                self._search(torch.from_numpy(batch).long(), search.beam_size)
            return [None] * len(numbers)

        budget = self._budget if search.batched else 1
        map_by_length(run, self._source.encode(sentences), max_tokens=budget)
        return []

    def _search(self, ids: Tensor, beam: int) -> Tensor:
        """Return the tokens of the best hypothesis of each row, `[rows, steps]`."""
        memory, state = self._model.encode(ids)
        rows = len(ids)
        tokens = torch.full((rows, 1), BOS)
        totals, written = torch.zeros(rows, 1), torch.zeros(rows, 1, 0, dtype=torch.long)
        for _ in range(self._steps):
            log_probs, state = self._model.step(tokens, memory, state)
            vocab, open_ = log_probs.shape[1], tokens.shape[1]
            sums = (totals[:, :, None] + log_probs.reshape(rows, open_, vocab)).reshape(rows, -1)
            totals, flat = sums.topk(beam, dim=1)
            origins, tokens = flat // vocab, flat % vocab
            positions = (torch.arange(rows)[:, None] * open_ + origins).reshape(-1)
            state = [(hidden[positions], cell[positions]) for hidden, cell in state]
            kept = written.reshape(rows * open_, -1)[positions].reshape(rows, beam, -1)
            written = torch.cat([kept, tokens[:, :, None]], dim=2)
        return written[:, 0]


def load(loading: Loading) -> TorchForm:
    """Load a model of the exported model's size, with the requested threads."""
    torch.set_num_threads(loading.threads)
    torch.manual_seed(1)
    return TorchForm(read_inference_model(loading.directory), steps=loading.steps)
