"""Translation of TensorFlow functions in a Keras 2 model, such as `x[:, -1]`, to Keras 3.

Keras 2 wrote a function that was called on a tensor as a layer of the class `TFOpLambda`, and an
index as a layer of the class `SlicingOpLambda`; the layer holds the name of the function. If an
operation of Keras 3 computes the same, it replaces that layer. Any other function is rejected; the
error names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from seq2seq.errors import ConversionError

Entry = dict[str, Any]

FUNCTIONS = ("TFOpLambda", "SlicingOpLambda")
CLASSES = (*FUNCTIONS, "ClassMethod", "InstanceMethod", "InstanceProperty")
_CONSTANT = "_CONSTANT_VALUE"  # in place of a layer, if the first argument is not a tensor


def _capitalised(prefix: str, *names: str) -> dict[str, str]:
    return {f"{prefix}.{name}": name.capitalize() for name in names}


# Functions and their operations with one tensor.
_OF_ONE = {
    **_capitalised("math", "exp", "log", "sqrt", "rsqrt", "square", "sin", "cos", "tan", "sign"),
    **_capitalised("math", "floor", "ceil", "erf", "tanh", "sigmoid", "softplus", "negative"),
    **_capitalised("math", "reciprocal", "log1p", "expm1"),
    **_capitalised("nn", "relu", "relu6", "selu", "silu", "softsign"),
    **{"math.abs": "Absolute", "math.is_nan": "Isnan", "math.logical_not": "LogicalNot"},
    **{"stop_gradient": "StopGradient", "zeros_like": "ZerosLike", "ones_like": "OnesLike"},
}
# Functions and their operations with two tensors or numbers.
_OF_TWO = {
    **_capitalised("math", "add", "subtract", "multiply", "maximum", "minimum"),
    **_capitalised("math", "equal", "greater", "less"),
    **{"__operators__.add": "Add", "math.truediv": "TrueDivide", "math.divide": "TrueDivide"},
    **{"math.pow": "Power", "math.floormod": "Mod", "compat.v1.floor_div": "FloorDivide"},
    **{"math.not_equal": "NotEqual", "math.greater_equal": "GreaterEqual"},
    **{"math.less_equal": "LessEqual", "math.divide_no_nan": "DivideNoNan"},
    **{"math.logical_and": "LogicalAnd", "math.logical_or": "LogicalOr", "nn.bias_add": "Add"},
}
# Functions and their operations whose arguments have the same names.
_OF_AXES = {
    **{f"math.reduce_{name}": name.capitalize() for name in ("sum", "mean", "max", "min", "prod")},
    **{"math.reduce_any": "Any", "math.reduce_all": "All", "math.reduce_std": "Std"},
    **{"math.reduce_variance": "Var", "math.reduce_logsumexp": "Logsumexp"},
    **{"nn.softmax": "Softmax", "nn.log_softmax": "LogSoftmax", "expand_dims": "ExpandDims"},
    **{"compat.v1.squeeze": "Squeeze", "squeeze": "Squeeze", "concat": "Concatenate"},
    **{"stack": "Stack", "unstack": "Unstack", "math.argmax": "Argmax", "math.cumsum": "Cumsum"},
    **{"math.cumprod": "Cumprod", "reverse": "Flip", "sort": "Sort", "roll": "Roll"},
    **{"repeat": "Repeat", "math.l2_normalize": "Normalize", "nn.gelu": "Gelu"},
    **{"math.top_k": "TopK", "nn.elu": "Elu"},
}
_SAME_NAMES = {"axis", "keepdims", "k", "sorted", "approximate", "shift", "repeats", "num"}
# Functions, their operations, and the new names of the arguments.
_RENAMED = {
    "cast": ("Cast", {"dtype": "dtype"}),
    "compat.v1.transpose": ("Transpose", {"perm": "axes"}),
    "reshape": ("Reshape", {"shape": "newshape"}),
    "tile": ("Tile", {"multiples": "repeats"}),
    "clip_by_value": ("Clip", {"clip_value_min": "x_min", "clip_value_max": "x_max"}),
    "one_hot": ("OneHot", {"depth": "num_classes"}),
    "split": ("Split", {"num_or_size_splits": "indices_or_sections"}),
    "compat.v1.pad": ("Pad", {"paddings": "pad_width"}),
    "nn.leaky_relu": ("LeakyRelu", {"alpha": "negative_slope"}),
}
# Functions that are a layer of Keras 3.
_LAYERS = {
    **{"identity": "Identity", "convert_to_tensor": "Identity", "ensure_shape": "Identity"},
    **{"math.add_n": "Add", "keras.backend.batch_flatten": "Flatten"},
}
# TensorFlow's default values of arguments, if those of Keras 3 differ.
_DEFAULTS: dict[str, Entry] = {
    "Argmax": {"axis": 0},
    "Cumsum": {"axis": 0},
    "Cumprod": {"axis": 0},
    "Gelu": {"approximate": False},
    "Normalize": {"epsilon": 1e-6},
}
_NEEDED = {"Normalize": "axis", "Repeat": "axis", "Roll": "axis"}
# Arguments that have no effect, with the values for which this is so.
_WITHOUT_EFFECT: dict[str, tuple[Any, ...]] = {
    "conjugate": (False,),
    "mode": ("CONSTANT",),
    "constant_values": (0,),
    "validate_indices": (None,),
    "batch_dims": (0,),
    "data_format": (None, "NHWC"),
    "dtype": (None,),
    "num": (None,),
    "exclusive": (False,),
    "reverse": (False,),
    "direction": ("ASCENDING",),
    "transpose_a": (False,),
    "transpose_b": (False,),
}


def modern_operation(entry: Entry, refer: Callable[[Any], Any], modules: dict[str, str]) -> Entry:
    """Return the entry of an operation of Keras 3 for one of Keras 2.

    Args:
        entry: entry of a layer whose class is in `CLASSES`.
        refer: function that replaces every `[layer, call, output]` in a value by a tensor
            reference.
        modules: module of each operation of Keras 3.

    Raises:
        ConversionError: Keras 3 has no operation of the same meaning.
    """
    settings = entry["config"]
    function = str(settings.get("function") or settings["name"])
    found = None
    if entry["class_name"] in FUNCTIONS and len(entry["inbound_nodes"]) == 1:
        found = _translated(function, *_arguments(entry["inbound_nodes"][0], refer))
    if found is None:
        raise ConversionError(
            f"Operation {settings['name']!r} ({entry['class_name']}) calls tf.{function} with "
            "arguments for which no operation of Keras 3 is known to do the same; build the model "
            "with a layer of keras.layers in its place, and load the weights into it."
        )
    kind, options, arguments = found
    return {
        "module": modules[kind] if function not in _LAYERS else "keras.layers",
        "class_name": kind,
        "config": {"name": settings["name"], **options},
        "registered_name": None,
        "inbound_nodes": [{"args": arguments, "kwargs": {}}],
    }


_Found = tuple[str, Entry, list[Any]]  # class, settings, arguments of the call


def _arguments(call: Any, refer: Callable[[Any], Any]) -> tuple[Any, Entry]:
    """Return the first argument of a call, and the others by their names."""
    if isinstance(call[0], list):  # a list of tensors
        parts = call
        first: Any = [refer(part[:3]) for part in call]
    else:
        parts = [call]
        first = _constant(call[2]) if call[0] == _CONSTANT else refer(call[:3])
    given = {key: refer(value) for key, value in parts[0][3].items() if key != "name"}
    without = {
        key: value
        for key, value in given.items()
        if not (isinstance(value, str | int | None) and value in _WITHOUT_EFFECT.get(key, ()))
    }
    return first, without


def _translated(function: str, first: Any, given: Entry) -> _Found | None:
    for translate in (_index, _of_tensors, _of_axes, _matmul, _gather, _norm, _layer):
        found = translate(function, first, given)
        if found is not None:
            kind, settings, arguments = found
            # An operation cannot have a setting that is only known when the model runs.
            return None if _has_tensor(settings) else (kind, settings, arguments)
    return None


def _index(function: str, first: Any, given: Entry) -> _Found | None:
    if function != "__operators__.getitem" or set(given) != {"slice_spec"}:
        return None
    spec = given["slice_spec"]
    key = [_slice(part) for part in spec] if isinstance(spec, list) else _slice(spec)
    return None if _has_tensor(key) else ("GetItem", {}, [first, key])


def _slice(part: Any) -> Any:
    is_slice = isinstance(part, dict) and set(part) == {"start", "stop", "step"}
    return {"class_name": "__slice__", "config": part} if is_slice else part


def _of_tensors(function: str, first: Any, given: Entry) -> _Found | None:
    if any(isinstance(each, list) and _has_tensor(each) for each in given.values()):
        return None
    if function in _OF_ONE and not given:
        return _OF_ONE[function], {}, [first]
    if function in _OF_TWO and set(given) in ({"y"}, {"bias"}):
        return _OF_TWO[function], {}, [first, *map(_constant, given.values())]
    if function == "where" and set(given) == {"x", "y"}:
        return "Where", {}, [first, _constant(given["x"]), _constant(given["y"])]
    return None


def _of_axes(function: str, first: Any, given: Entry) -> _Found | None:
    names: dict[str, str] = {}
    if function in _RENAMED:
        kind, names = _RENAMED[function]
    elif function in _OF_AXES:
        kind = _OF_AXES[function]
    else:
        return None
    sizes = isinstance(given.get("num_or_size_splits"), list)  # Keras 3 takes positions there
    if sizes or not set(given) <= {*names, *_SAME_NAMES}:
        return None
    if kind in _NEEDED and given.get(_NEEDED[kind]) is None:
        return None
    settings: Entry = dict(_DEFAULTS.get(kind, {}))
    settings.update({names.get(key, key): value for key, value in given.items()})
    return kind, settings, [first]


def _matmul(function: str, first: Any, given: Entry) -> _Found | None:
    if function != "linalg.matmul" or not set(given) <= {"b", "transpose_a", "transpose_b"}:
        return None
    arguments = [first, _constant(given["b"])]
    one = "...ji" if given.get("transpose_a") else "...ij"
    other = "...kj" if given.get("transpose_b") else "...jk"
    if (one, other) == ("...ij", "...jk"):
        return "Matmul", {}, arguments
    subscripts = f"{one},{other}->...ik"
    return "Einsum", {"subscripts": subscripts}, arguments


def _gather(function: str, first: Any, given: Entry) -> _Found | None:
    if function != "compat.v1.gather" or set(given) != {"indices", "axis"}:
        return None
    return "Take", {"axis": given["axis"]}, [first, _constant(given["indices"])]


def _norm(function: str, first: Any, given: Entry) -> _Found | None:
    if function != "compat.v1.norm" or given.get("ord") != "euclidean" or given["axis"] is None:
        return None
    return "Norm", {"axis": given["axis"], "keepdims": bool(given.get("keepdims"))}, [first]


def _layer(function: str, first: Any, given: Entry) -> _Found | None:
    if function not in _LAYERS or not set(given) <= {"shape", "dtype_hint"}:
        return None
    return _LAYERS[function], {}, [first]


def _constant(value: Any) -> Any:
    """Return an argument that is a tensor or a number; an array for nested lists of numbers."""
    if not isinstance(value, list):
        return value
    dtype = "int32" if all(isinstance(each, int) for each in _flat(value)) else "float32"
    return {"class_name": "__numpy__", "config": {"value": value, "dtype": dtype}}


def _flat(value: Any) -> Iterator[Any]:
    if isinstance(value, list):
        for each in value:
            yield from _flat(each)
    else:
        yield value


def _has_tensor(value: Any) -> bool:
    if isinstance(value, dict):
        tensor = value.get("class_name") in ("__keras_tensor__", "__numpy__")
        return tensor or any(map(_has_tensor, value.values()))
    return isinstance(value, list) and any(map(_has_tensor, value))
