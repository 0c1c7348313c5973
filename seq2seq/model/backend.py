"""TensorFlow made quiet, and told on which device to compute and how.

Call `quiet_tensorflow` before anything else imports TensorFlow; this module imports it only
inside functions.
"""

from __future__ import annotations

import importlib
import os
import sys

from seq2seq.errors import TrainingError


def quiet_tensorflow() -> None:
    """Import TensorFlow without its start-up chatter on stderr, and keep Keras on TensorFlow.

    Part of the chatter comes before any of its switches is read, so stderr itself is closed to
    it for the time of the import. With `TF_CPP_MIN_LOG_LEVEL=0` in the environment everything
    is shown.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    level = os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if level == "0" or "tensorflow" in sys.modules:
        return
    sys.stderr.flush()
    stderr = os.dup(2)
    silence = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(silence, 2)
        importlib.import_module("tensorflow")
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(silence)


def choose_device(device: str, *, deterministic: bool) -> str:
    """Make TensorFlow use `device`; returns a description of it.

    Must come before the first operation of the process.

    Args:
        device: `auto`, `cpu` or `gpu`.
        deterministic: only operations that give the same bits every time.

    Raises:
        TrainingError: `gpu`, and TensorFlow sees none.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if device == "gpu" and not gpus:
        built = tf.sysconfig.get_build_info().get("cuda_version", "none: a build without CUDA")
        raise TrainingError(
            "training.device received gpu, but TensorFlow sees no GPU (CUDA it was built for: "
            f"{built}); install 'seq2seq-lstm[gpu]' and a driver, or set training.device=cpu"
        )
    if device == "cpu" and gpus:
        tf.config.set_visible_devices([], "GPU")
    if deterministic:
        tf.config.experimental.enable_op_determinism()
    if device == "cpu" or not gpus:
        return f"CPU, {os.cpu_count()} cores"
    for gpu in gpus:
        tf.config.experimental.set_memory_growth(gpu, True)
    details = tf.config.experimental.get_device_details(gpus[0])
    cudnn = tf.sysconfig.get_build_info().get("cudnn_version", "unknown")
    return f"GPU {details.get('device_name', 'unknown')}, cuDNN {cudnn}"
