"""`training.precision=auto`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq import load_settings
from seq2seq.config.schema import Settings
from seq2seq.training import precision
from seq2seq.training.precision import with_precision
from seq2seq.training.run_directory import check_resumed_settings, write_settings


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(precision, "has_gpu", lambda: False)
    return load_settings(["training.precision=auto"])


def processor(flags: str, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (directory / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: fpu {flags}\n")
    monkeypatch.setattr(precision, "CPU_INFO", directory / "cpuinfo")


@pytest.mark.parametrize(
    ("flags", "chosen"),
    [("avx512f amx_bf16 amx_tile", "bfloat16"), ("avx512f avx512_bf16", "float32")],
)
def test_the_processor_determines_the_precision(
    flags: str, chosen: str, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor(flags, tmp_path, monkeypatch)
    found, notes = with_precision(settings)
    assert found.training.precision == chosen
    assert replace(found, training=settings.training) == settings
    assert notes == [f"training.precision=auto is {chosen} on this processor"]


def test_an_unknown_processor_a_gpu_and_several_processes_compute_in_float32(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precision, "CPU_INFO", tmp_path / "missing")
    assert with_precision(settings)[0].training.precision == "float32"
    processor("amx_bf16", tmp_path, monkeypatch)
    several = replace(settings, training=replace(settings.training, workers="1..4"))
    assert with_precision(several)[0].training.precision == "float32"
    monkeypatch.setattr(precision, "has_gpu", lambda: True)
    assert with_precision(settings)[0].training.precision == "float32"


def test_a_named_precision_stays(settings: Settings) -> None:
    named = replace(settings, training=replace(settings.training, precision="float16"))
    assert with_precision(named) == (named, [])


def test_a_resumed_run_keeps_its_precision(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor("amx_bf16", tmp_path, monkeypatch)
    write_settings(tmp_path, with_precision(settings)[0])
    resumed = check_resumed_settings(tmp_path, settings, begun=True)
    assert resumed.training.precision == "bfloat16"
