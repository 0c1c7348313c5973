"""The table of the multi30k run, made from the `metrics.jsonl` beside this file.

python docs/multi30k/figures.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def table(path: Path = HERE / "metrics.jsonl") -> str:
    """The run's figures as Markdown."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    run, result = _last("run", records), _last("result", records)
    metrics = result["metrics"]
    epochs = [record for record in records if record["kind"] == "epoch"]
    padding = sum(record["padding"] for record in epochs) / len(epochs)
    rows = [
        ("test2016 BLEU, beam 5", f"{metrics['test_bleu']:.2f}", metrics["bleu_signature"]),
        ("test2016 chrF, beam 5", f"{metrics['test_chrf']:.2f}", metrics["chrf_signature"]),
        ("validation BLEU, greedy", f"{metrics['valid_bleu']:.2f}", _exported(result)),
        ("time, validation included", f"{result['seconds'] / 60:.0f} min", result["ended"]),
        (
            "target tokens/s, whole run",
            f"{result['tokens'] / result['seconds']:,.0f}",
            f"{result['epochs']} epochs, {result['steps']:,} steps",
        ),
        ("padding, mean of epochs", f"{padding:.1%}", "of all positions, both sides"),
        ("parameters", f"{run['parameters'] / 1e6:.1f} M", f"TensorFlow {run['tensorflow']}"),
        ("machine", f"{run['cores']} cores", run["processor"]),
        ("commit", run["commit"][:10], f"seq2seq {run['seq2seq']}"),
    ]
    # A bar inside a cell would end it.
    rows = [tuple(cell.replace("|", r"\|") for cell in row) for row in rows]
    lines = [" | ".join(row) for row in [("what", "figure", "how"), ("---",) * 3, *rows]]
    return "\n".join(f"| {line} |" for line in lines)


def _last(kind: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    return [record for record in records if record["kind"] == kind][-1]


def _exported(result: dict[str, Any]) -> str:
    count = len(result["exported_steps"])
    return f"average of the best {count} checkpoints" if count > 1 else "best checkpoint"


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
