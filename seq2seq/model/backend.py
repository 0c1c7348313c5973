"""Start-up of TensorFlow without log output, and its choice of device.

Call `quiet_tensorflow` before anything else imports TensorFlow; this module imports it only inside
functions.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from seq2seq.config.choices import Device
from seq2seq.errors import TrainingError

_DRIVER = Path("/proc/driver/nvidia/version")


def quiet_tensorflow() -> None:
    """Import TensorFlow without its start-up messages, and set it as Keras' backend.

    Some messages come before TensorFlow reads its log level, so stderr is redirected during the
    import. With `TF_CPP_MIN_LOG_LEVEL=0` in the environment everything is shown.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    level = os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if level == "0" or "tensorflow" in sys.modules:
        return
    with silent_stderr():
        importlib.import_module("tensorflow")


@contextmanager
def silent_stderr() -> Iterator[None]:
    """Discard TensorFlow's output to stderr inside the context; errors are still raised.

    With `TF_CPP_MIN_LOG_LEVEL=0` in the environment everything is shown.
    """
    if os.environ.get("TF_CPP_MIN_LOG_LEVEL") == "0":
        yield
        return
    with discarded_stderr():
        yield


@contextmanager
def discarded_stderr() -> Iterator[None]:
    """Discard this process's output to stderr inside the context, including that of native code."""
    sys.stderr.flush()
    stderr = os.dup(2)
    silence = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(silence, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(silence)


def has_gpu() -> bool:
    """Return whether TensorFlow may compute on a GPU."""
    import tensorflow as tf

    return bool(tf.config.list_logical_devices("GPU"))


def cpu_threads() -> int:
    """Return the number of compute threads: one per core, or `TF_NUM_INTRAOP_THREADS` if lower."""
    cores = len(os.sched_getaffinity(0))  # cores that this process may use
    asked = os.environ.get("TF_NUM_INTRAOP_THREADS", "")
    return min(cores, int(asked)) if asked.isdigit() and int(asked) else cores


def choose_device(device: Device, *, deterministic: bool, threads: int | None = None) -> str:
    """Make TensorFlow use `device`; return a description of it.

    Call it before the first TensorFlow operation of the process.

    Args:
        device: name of the device, `auto`, `cpu` or `gpu`.
        deterministic: true to use only operations with bit-exact reproducible results.
        threads: number of threads of one operation on a CPU, so that operations run side by side;
            None to leave TensorFlow's threads as they are. Without effect if TensorFlow has
            computed something in this process.

    Raises:
        TrainingError: `device` is `gpu`, and TensorFlow finds no GPU.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if device == "gpu" and not gpus:
        raise TrainingError(
            f"training.device received gpu, but TensorFlow sees none; looked for {_searched()}; "
            "install a driver and 'seq2seq-lstm[gpu]', or set training.device=cpu"
        )
    if device == "cpu" and gpus:
        tf.config.set_visible_devices([], "GPU")
    if deterministic:
        tf.config.experimental.enable_op_determinism()
    if device == "cpu" or not gpus:
        cores = len(os.sched_getaffinity(0))
        if threads is not None:
            _limit_threads(threads)
        return f"CPU, {cores} core{'' if cores == 1 else 's'}"
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    details = tf.config.experimental.get_device_details(gpus[0])
    build = tf.sysconfig.get_build_info()
    versions = {
        "driver": _driver(),
        "CUDA": build.get("cuda_version"),
        "cuDNN": build.get("cudnn_version"),
    }
    parts = [f"{name} {version or 'unknown'}" for name, version in versions.items()]
    return ", ".join([f"GPU {details.get('device_name', 'unknown')}", *parts])


def operation_threads() -> int:
    """Return the number of threads of one operation on the CPU in this process."""
    import tensorflow as tf

    return tf.config.threading.get_intra_op_parallelism_threads() or cpu_threads()


def _limit_threads(threads: int) -> None:
    import tensorflow as tf

    # Threads cannot be changed once TensorFlow has computed something in this process.
    with suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(cpu_threads())


def _driver() -> str | None:
    """Return the version of NVIDIA's driver, or None if it is not loaded."""
    try:
        text = _DRIVER.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    version = re.search(r"\d+\.\d+(\.\d+)*", text)
    return version[0] if version else "unknown"


def _searched() -> str:
    """Return a description of the requirements of a GPU and of their state on this machine."""
    import tensorflow as tf

    devices = [str(path) for path in sorted(Path("/dev").glob("nvidia[0-9]*"))]
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    build = tf.sysconfig.get_build_info()
    found = {
        f"NVIDIA's driver ({_DRIVER})": _driver() or "absent",
        "its devices (/dev/nvidia*)": ", ".join(devices) or "none",
        "CUDA_VISIBLE_DEVICES": "not set" if visible is None else repr(visible),
        "CUDA and cuDNN that this TensorFlow was built for": (
            f"{build.get('cuda_version', 'none')} and {build.get('cudnn_version', 'none')}"
        ),
    }
    return "; ".join(f"{what}: {state}" for what, state in found.items())
