"""Files of models: from Keras 2 with its answers, from Keras 3, and from people who mean harm."""

from __future__ import annotations

import functools
import io
import json
import re
import shutil
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras import layers

from seq2seq import convert
from seq2seq.errors import ConversionError
from seq2seq.keras_conversion import keras2_operations
from seq2seq.keras_conversion.keras_names import operation_modules
from seq2seq.keras_conversion.model_file import load_model

OLD = (
    *("tagger", "classifier", "stateful", "translator", "siamese", "stacked", "interpreter"),
    *("old_gates", "last_step", "attention"),
)
Config = dict[str, Any]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Keras warns of its own legacy format."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def small() -> keras.Model:
    return keras.Sequential([keras.Input((6, 3)), layers.LSTM(2, name="lstm"), layers.Dense(1)])


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "saved.keras"
    small().save(path)
    return path


def rewrite(path: Path, change: Callable[[Config], Any], name: str = "changed.keras") -> Path:
    """The same file with its configuration changed in place, or replaced by what is returned."""
    target = path.with_name(name)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        config = json.loads(old.read("config.json"))
        replaced = change(config)
        new.writestr("config.json", json.dumps(config if replaced is None else replaced))
        new.writestr("metadata.json", old.read("metadata.json"))
        new.writestr("model.weights.h5", old.read("model.weights.h5"))
    return target


def answers_to(model: keras.Model, arrays: list[Any]) -> list[Any]:
    given = arrays[0] if len(arrays) == 1 else arrays
    outputs = keras.tree.flatten(model(given, training=False))
    return [keras.ops.convert_to_numpy(each) for each in outputs]


def kept(folder: Path, start: str) -> list[Any]:
    with np.load(folder / "answers.npz") as answers:
        names = [name for name in answers.files if re.fullmatch(rf"{start}\d+", name)]
        return [answers[name] for name in sorted(names, key=lambda name: (len(name), name))]


@pytest.fixture(scope="module")
def variable(keras2_files: Path) -> Callable[[str], keras.Model]:
    """Converts the file of a name, once; no test changes a weight."""

    @functools.cache
    def made(name: str) -> keras.Model:
        (path,) = (each for each in keras2_files.iterdir() if each.stem == name)
        return convert(path)

    return made


@pytest.mark.parametrize("name", OLD)
def test_keras_3_gives_the_answers_of_keras_2(
    keras2_files: Path, variable: Callable[[str], keras.Model], name: str
) -> None:
    (path,) = (each for each in keras2_files.iterdir() if each.stem == name)
    for model in (load_model(path), variable(name)):
        for given, expected in (("in", "out"), ("short_in", "short_out")):
            inputs = kept(keras2_files, f"{name}/{given}")
            outputs = kept(keras2_files, f"{name}/{expected}")
            assert outputs or given == "short_in"
            if inputs:
                for one, other in zip(answers_to(model, inputs), outputs, strict=True):
                    np.testing.assert_allclose(one, other, atol=2e-6)
            for layer in model.layers:
                if getattr(layer, "stateful", False):
                    layer.reset_state()


def test_functions_of_keras_2_give_the_same_answers(keras2_files: Path) -> None:
    model = load_model(keras2_files / "functions.h5")
    answers = answers_to(model, kept(keras2_files, "functions/in"))
    expected = kept(keras2_files, "functions/out")
    assert len(answers) == len(expected) > 100
    for number, (one, other) in enumerate(zip(answers, expected, strict=True)):
        assert one.shape == other.shape, number
        np.testing.assert_allclose(one, other, atol=2e-6, err_msg=str(number))


def test_every_operation_for_a_function_of_keras_2_exists() -> None:
    tables = (
        *(keras2_operations._OF_ONE, keras2_operations._OF_TWO, keras2_operations._OF_AXES),
        {name: kind for name, (kind, _) in keras2_operations._RENAMED.items()},
    )
    kinds = {kind for table in tables for kind in table.values()}
    assert kinds <= set(operation_modules())


def test_a_function_of_keras_2_without_an_operation_is_refused_by_its_name(
    keras2_files: Path,
) -> None:
    reason = r"Operation 'tf\.math\.round' \(TFOpLambda\) calls tf\.math\.round with arguments"
    with pytest.raises(ConversionError, match=reason):
        load_model(keras2_files / "rounded.h5")


def test_one_input_and_one_answer_of_keras_2_are_no_lists(
    keras2_files: Path, variable: Callable[[str], keras.Model]
) -> None:
    (given,) = kept(keras2_files, "last_step/in")
    for model in (load_model(keras2_files / "last_step.h5"), variable("last_step")):
        with warnings.catch_warnings(action="error"):
            assert model(given).shape == (3, 1)


def test_a_mask_of_keras_2_stands_for_no_steps(
    keras2_files: Path, variable: Callable[[str], keras.Model]
) -> None:
    heard, said = kept(keras2_files, "interpreter/short_in")
    expected = kept(keras2_files, "interpreter/short_out")
    alone = answers_to(variable("interpreter"), [heard[:, 2:], said[:, 2:]])
    np.testing.assert_allclose(alone[0], expected[0][:, 2:], atol=2e-6)
    np.testing.assert_allclose(alone[1], expected[1], atol=2e-6)


def test_scaled_gates_are_told(keras2_files: Path, caplog: pytest.LogCaptureFixture) -> None:
    load_model(keras2_files / "old_gates.h5")
    assert caplog.text.count("hard_sigmoid of Keras 2 in its gates") == 4


def test_code_in_a_file_runs_only_when_trusted(keras2_files: Path) -> None:
    path = keras2_files / "code.h5"
    with pytest.raises(ConversionError, match=r"'double' \(Lambda\) is Python code.*--trust"):
        convert(path)
    (answer,) = answers_to(convert(path, trust=True), kept(keras2_files, "code/in"))
    np.testing.assert_allclose(answer, kept(keras2_files, "code/out")[0], atol=2e-6)


def test_a_lambda_of_keras_3_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQ2SEQ_MARK", str(tmp_path / "mark"))
    mark = "SEQ2SEQ_MARK"
    harm = layers.Lambda(lambda x: (__import__("os").mkdir(__import__("os").environ[mark]), x)[1])
    model = keras.Sequential([keras.Input((6, 3)), harm])
    (tmp_path / "mark").rmdir()
    for name in ("code.keras", "code.h5"):
        model.save(tmp_path / name)
        with pytest.raises(ConversionError, match=r"\(Lambda\) is Python code inside"):
            load_model(tmp_path / name)
        assert not (tmp_path / "mark").exists()
    load_model(tmp_path / "code.keras", trust=True)
    assert (tmp_path / "mark").exists()


def test_custom_layers_are_imported_only_when_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own_layers.py").write_text(
        "import keras\n"
        "class Half(keras.layers.Layer):\n"
        "    def call(self, inputs):\n"
        "        return inputs / 2\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "own.keras"

    def own(config: Config) -> None:
        config["config"]["layers"].insert(
            1,
            {
                "module": "own_layers",
                "class_name": "Half",
                "config": {"name": "half"},
                "registered_name": "Half",
            },
        )

    model = small()
    model.save(path)
    own_path = rewrite(path, own, "own_layer.keras")
    with pytest.raises(ConversionError, match=r"'half' \(Half\) is not a plain layer.*--trust"):
        load_model(own_path)
    given = [np.ones((1, 6, 3), np.float32)]
    (trusted,) = answers_to(load_model(own_path, trust=True), given)
    np.testing.assert_allclose(trusted, answers_to(model, [given[0] / 2])[0], atol=1e-6)
    (tmp_path / "own_layers.py").unlink()
    monkeypatch.delitem(__import__("sys").modules, "own_layers")
    with pytest.raises(ConversionError, match="module 'own_layers', which cannot be imported"):
        load_model(own_path, trust=True)


OF_OS = "uses 'system', which is not of Keras 3 but of the module 'os'.*add --trust"
NOT_MADE = [
    ({"module": "os", "class_name": "function", "config": "system"}, OF_OS),
    (
        {"module": "builtins", "class_name": "function", "config": "eval"},
        "uses 'eval', which is not of Keras 3, and the file says neither its code nor its module",
    ),
    (
        {"module": "keras.utils", "class_name": "function", "config": "get_file"},
        r"which is not among what Keras 3\S+ makes models of \(keras.utils.get_file\)",
    ),
    (
        {"module": "keras.layers", "class_name": "TFSMLayer", "config": {"filepath": "/tmp/x"}},
        "may read files or run code that the model names.*add --trust",
    ),
    (
        {
            "module": "keras.layers",
            "class_name": "TextVectorization",
            "config": {"vocabulary": "/etc/passwd"},
        },
        "may read files or run code that the model names.*add --trust",
    ),
    (
        {"module": "keras.models", "class_name": "load_model", "config": {"filepath": "/tmp/x"}},
        r"makes models of \(keras.models.load_model\)",
    ),
    (
        {"module": "subprocess", "class_name": "Popen", "config": {"args": "true"}},
        "uses 'Popen', which is not of Keras 3 but of the module 'subprocess'",
    ),
    (
        {"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": "a>b"},
        "uses 'a>b', which is not of Keras 3",
    ),
    (
        {"class_name": "CuDNNLSTM", "config": {"name": "fast"}},
        r"'fast' \(CuDNNLSTM\) is a layer of Keras 2 that Keras 3 does not have; put LSTM in its",
    ),
    ("own", "uses 'own', which is not of Keras 3"),
    ({"value": ["code", None, None]}, "has a lambda as its activation, which Keras saves and does"),
]


@pytest.mark.parametrize(("entry", "reason"), NOT_MADE)
def test_what_is_not_of_keras_is_not_made(saved: Path, entry: Any, reason: str) -> None:
    def add(config: Config) -> None:
        config["config"]["layers"][1]["config"]["activation"] = entry

    with pytest.raises(ConversionError, match=f"^Layer .*{reason}"):
        load_model(rewrite(saved, add))


def damaged(config: Config) -> None:
    config["config"]["layers"][1]["config"]["units"] = 5


def nonsense(config: Config) -> None:
    config["config"]["layers"][1] = {"class_name": ["LSTM"], "config": 3}


def enormous(config: Config) -> None:
    config["config"]["layers"][1]["config"]["units"] = 10**6


@pytest.mark.parametrize(
    "change",
    [
        damaged,
        nonsense,
        lambda config: [],
        lambda config: {},
        lambda config: 7,
        lambda config: {"class_name": "Sequential", "config": {"name": "s", "layers": 3}},
    ],
)
def test_a_wrong_configuration_is_one_sentence(
    saved: Path, change: Callable[[Config], Any]
) -> None:
    with pytest.raises(ConversionError, match=r"changed\.keras cannot be read") as caught:
        load_model(rewrite(saved, change))
    assert len(str(caught.value)) < 400 and "\n" not in str(caught.value)


def test_every_cut_of_a_file_is_refused(saved: Path, tmp_path: Path) -> None:
    legacy = tmp_path / "saved.h5"
    small().save(legacy)
    for path in (saved, legacy):
        content = path.read_bytes()
        for size in range(0, len(content) - 1, len(content) // 12):
            cut = path.with_name(f"cut{path.suffix}")
            cut.write_bytes(content[:size])
            with pytest.raises(ConversionError, match="cut"):
                load_model(cut)


def test_every_wrong_byte_is_survived(saved: Path) -> None:
    content = bytearray(saved.read_bytes())
    random = np.random.default_rng(0)
    for place in random.integers(0, len(content), 40):
        changed = bytearray(content)
        changed[place] ^= 0xFF
        path = saved.with_name("flipped.keras")
        path.write_bytes(changed)
        try:
            load_model(path)
        except ConversionError as error:
            assert "\n" not in str(error)


def test_things_that_are_no_models(tmp_path: Path, saved: Path) -> None:
    (tmp_path / "empty.keras").touch()
    (tmp_path / "text.h5").write_text("hello")
    with zipfile.ZipFile(tmp_path / "other.keras", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with zipfile.ZipFile(tmp_path / "pickled.keras", "w") as archive:
        archive.writestr("config.json", "{}")
        weights = io.BytesIO()
        np.savez(weights, a=np.array([{}], dtype=object))
        archive.writestr("model.weights.npz", weights.getvalue())
    small().save_weights(tmp_path / "only.weights.h5")
    for name, reason in (
        ("empty.keras", "neither a .keras file"),
        ("text.h5", "neither a .keras file"),
        ("none.keras", "no such file"),
        ("other.keras", "holds no config.json"),
        ("pickled.keras", "holds no model.weights.h5"),
        ("only.weights.h5", "without a model in it"),
        ("", "is a directory"),
    ):
        with pytest.raises(ConversionError, match=reason):
            load_model(tmp_path / name)


def test_floods_are_not_let_out(tmp_path: Path, saved: Path) -> None:
    for member in ("config.json", "model.weights.h5"):
        path = tmp_path / "flood.keras"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in ("config.json", "model.weights.h5"):
                with archive.open(name, "w") as stream:
                    for _ in range(70 if name == member else 1):
                        stream.write(bytes(2**20))
        with pytest.raises(ConversionError, match=f"holds '{member}', which would unpack to 73,4"):
            load_model(path)


def legacy_with(path: Path, change: Callable[[h5py.File], None]) -> Path:
    small().save(path)
    with h5py.File(path, "a") as file:
        change(file)
    return path


def test_weights_that_are_elsewhere_or_boundless(tmp_path: Path) -> None:
    def link(file: h5py.File) -> None:
        file["more"] = h5py.ExternalLink("/etc/passwd", "/")

    def soft(file: h5py.File) -> None:
        file["more"] = h5py.SoftLink("/model_weights")

    def external(file: h5py.File) -> None:
        file.create_dataset("more", (4,), "u1", external=[("/etc/hostname", 0, 4)])

    def boundless(file: h5py.File) -> None:
        file.create_dataset("more", (2**50,), "f4", chunks=(2**20,))

    def objects(file: h5py.File) -> None:
        file.create_dataset("more", (1,), h5py.special_dtype(vlen=str))

    for change, reason in (
        (link, "refers to something elsewhere as 'more'"),
        (soft, "refers to something elsewhere as 'more'"),
        (external, "keeps 'more' in another file"),
        (boundless, "declares 4,503,599,627,370,"),
        (objects, "holds objects as 'more'"),
    ):
        path = legacy_with(tmp_path / "legacy.h5", change)
        with pytest.raises(ConversionError, match=reason):
            load_model(path)


def test_the_content_tells_the_kind_and_not_the_name(saved: Path, tmp_path: Path) -> None:
    legacy = tmp_path / "legacy.h5"
    small().save(legacy)
    for path, name in ((saved, "renamed.h5"), (legacy, "renamed.keras")):
        shutil.copy(path, tmp_path / name)
        assert load_model(tmp_path / name).count_params() == small().count_params()


def test_a_layer_in_two_nested_models_comes_by_h5(tmp_path: Path) -> None:
    gru = layers.GRU(2, name="gru")
    parts = []
    for _ in range(2):
        steps = keras.Input((6, 3))
        parts.append(keras.Model(steps, layers.Dense(2)(gru(steps))))
    ends = [keras.Input((6, 3)), keras.Input((6, 3))]
    model = keras.Model(ends, layers.Add()([parts[0](ends[0]), parts[1](ends[1])]))
    model.save(tmp_path / "shared.h5")
    given = [np.full((1, 6, 3), value, np.float32) for value in (0.5, -0.5)]
    np.testing.assert_allclose(
        answers_to(convert(tmp_path / "shared.h5"), given)[0],
        answers_to(model, given)[0],
        atol=1e-6,
    )
