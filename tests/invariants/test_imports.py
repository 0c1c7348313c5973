"""Imports point one way, and what must be light is light."""

from __future__ import annotations

import ast
import subprocess
import sys
import time
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

# Each layer may import itself and those before it. A file not named belongs to its folder.
LAYERS = [
    ("disk", "errors", "__init__"),
    ("config",),
    ("storage",),
    ("text",),
    ("data",),
    ("keras_conversion",),
    ("model",),
    ("export",),
    ("search",),
    ("inference",),
    ("evaluation",),
    ("training",),
    ("estimators",),
    ("distributed", "jobs", "tuning"),
    ("bench",),
    ("commands", "__main__"),
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
HEAVY = {
    "tensorflow",
    "tensorflow_text",
    "keras",
    "hydra",
    "omegaconf",
    "ray",
    "optuna",
    "matplotlib",
}
LIGHT = [
    "seq2seq",
    "seq2seq.errors",
    "seq2seq.config.schema",
    "seq2seq.config.recipe",
    "seq2seq.text.tokenizer",
    "seq2seq.text.sentences",
    "seq2seq.data.batching",
    "seq2seq.data.corpus",
    "seq2seq.data.readers.pairs",
    "seq2seq.data.store",
    "seq2seq.commands.convert",
    "seq2seq.commands.main",
    "seq2seq.commands.train",
    "seq2seq.commands.init",
    "seq2seq.commands.inspect",
    "seq2seq.commands.submit",
    "seq2seq.commands.jobs",
    "seq2seq.commands.translate",
    "seq2seq.commands.tune",
    "seq2seq.tuning.driver",
    "seq2seq.tuning.results",
    "seq2seq.tuning.trial",
    "seq2seq.commands.bench_batching",
    "seq2seq.commands.bench_training",
    "seq2seq.commands.bench_translate",
]


def modules(package: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(package.rglob("*.py")):
        yield path.relative_to(package).with_suffix("").parts[0], path


def imported(tree: ast.AST) -> Iterator[str]:
    """Dotted names of this package that a file imports, wherever it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports name their module in full"
            yield str(node.module)
            if node.module == "seq2seq":
                yield from (f"seq2seq.{alias.name}" for alias in node.names)


def test_every_part_of_the_package_has_a_layer(repository: Path) -> None:
    parts = {part for part, _ in modules(repository / "seq2seq")}
    assert parts == RANK.keys()


def test_imports_point_one_way(repository: Path) -> None:
    wrong = []
    for part, path in modules(repository / "seq2seq"):
        if part == "__init__":
            continue  # it only names where the public names live
        for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
            package, _, rest = name.partition(".")
            other = rest.partition(".")[0]
            if package == "seq2seq" and RANK.get(other, 0) > RANK[part]:
                wrong.append(f"{path.relative_to(repository)} imports {name}")
    assert wrong == []


def test_keras_is_imported_under_its_own_name(repository: Path) -> None:
    wrong = [
        str(path)
        for _, path in modules(repository / "seq2seq")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr == "keras"
        and isinstance(node.value, ast.Name)
        and node.value.id in ("tf", "tensorflow")
    ]
    assert wrong == []


@pytest.mark.parametrize("module", LIGHT)
def test_a_light_module_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert set(result.stdout.split()) & HEAVY == set()


def test_help_and_settings_need_no_optional_package() -> None:
    blocked = sorted(HEAVY | {"yaml", "sacrebleu", "rich", "zstandard", "tensorboard"})
    code = (
        f"import sys; sys.modules.update(dict.fromkeys({blocked!r}))\n"
        "from seq2seq.commands.main import COMMANDS, main\n"
        "from seq2seq.config.schema import settings_from_mapping\n"
        "settings_from_mapping({})\n"
        "sys.exit(sum(main([name, '--help']) for name in COMMANDS if name != 'train'))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.stderr == ""
    assert result.returncode == 0


def test_a_missing_extra_is_named() -> None:
    code = (
        "import sys; sys.modules['hydra'] = None\n"
        "from seq2seq.commands.main import main\n"
        "sys.exit(main(['train']))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert result.stderr.startswith("seq2seq: error: This command needs the package hydra")
    assert result.stderr.endswith("pip install 'seq2seq-lstm[train]'.\n")


def test_help_is_instant() -> None:
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "seq2seq", "--help"], capture_output=True, check=True)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.3


def test_no_module_imports_itself_through_others(repository: Path) -> None:
    imports: dict[str, set[str]] = {}
    for _, path in modules(repository / "seq2seq"):
        parts = path.relative_to(repository).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = ast.Module([each for each in tree.body if not isinstance(each, ast.If)], [])
        imports[name] = {
            alias
            for node in top.body
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in imported(ast.Module([node], []))
        }
    order = TopologicalSorter(
        {name: [each for each in found if each in imports] for name, found in imports.items()}
    )
    # An error names the circle, if there is one.
    assert set(order.static_order()) == set(imports)
