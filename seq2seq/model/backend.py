"""TensorFlow made quiet, and told on which device to compute and how.

TensorFlow reads some of its wishes from the environment at import, so this module imports it
only inside functions: call `quiet_tensorflow` before anything else imports it.
"""

from __future__ import annotations

import os

from seq2seq.errors import TrainingError


def quiet_tensorflow() -> None:
    """Keep TensorFlow's start-up chatter off stderr and Keras on TensorFlow.

    What the user has set in the environment wins.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")


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
    if device == "cpu":
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
