"""The manifests against the fields that KubeRay and Kubernetes require and know."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from seq2seq.config.recipe import load_settings

# Source: KubeRay's reference of ray.io/v1, and Kubernetes' of PodSpec and Container.
CLUSTER = {"rayVersion", "authOptions", "headGroupSpec", "workerGroupSpecs"}
HEAD = {"serviceType", "rayStartParams", "template"}
WORKERS = {"groupName", "replicas", "minReplicas", "maxReplicas", "rayStartParams", "template"}
JOB = {
    *("entrypoint", "entrypointNumGpus", "submissionMode", "shutdownAfterJobFinishes"),
    *("ttlSecondsAfterFinished", "backoffLimit", "runtimeEnvYAML", "rayClusterSpec"),
}
POD = {"automountServiceAccountToken", "securityContext", "containers", "volumes"}
CONTAINER = {
    *("name", "image", "securityContext", "ports", "env", "envFrom", "resources", "volumeMounts"),
}
QUANTITY = re.compile(r"\d+(\.\d+)?(m|Ki|Mi|Gi)?")


def read(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text())
    return loaded


@pytest.fixture(params=["raycluster", "rayjob"])
def manifest(request: pytest.FixtureRequest, repository: Path) -> dict[str, Any]:
    return read(repository / "docker" / "kubernetes" / f"{request.param}.yaml")


def cluster(manifest: dict[str, Any]) -> dict[str, Any]:
    spec = manifest["spec"]
    found: dict[str, Any] = spec["rayClusterSpec"] if manifest["kind"] == "RayJob" else spec
    return found


def pods(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    spec = cluster(manifest)
    for group in (spec["headGroupSpec"], *spec["workerGroupSpecs"]):
        yield group["template"]["spec"]


def test_the_structure_is_kuberay_s(manifest: dict[str, Any]) -> None:
    assert manifest.keys() == {"apiVersion", "kind", "metadata", "spec"}
    assert manifest["apiVersion"] == "ray.io/v1"
    assert re.fullmatch(r"[a-z]([-a-z0-9]*[a-z0-9])?", manifest["metadata"]["name"])
    if manifest["kind"] == "RayJob":
        assert manifest["spec"].keys() <= JOB
    spec = cluster(manifest)
    assert spec.keys() <= CLUSTER
    assert {"rayStartParams", "template"} <= spec["headGroupSpec"].keys() <= HEAD
    for group in spec["workerGroupSpecs"]:
        assert group.keys() == WORKERS
        assert 0 <= group["minReplicas"] <= group["replicas"] <= group["maxReplicas"]
    for group in (spec["headGroupSpec"], *spec["workerGroupSpecs"]):
        for key, value in group["rayStartParams"].items():
            assert isinstance(value, str), f"{key}: KubeRay takes text alone"


def test_pods_are_whole_and_have_little_power(
    manifest: dict[str, Any], read_dockerfile: Callable[[Path], Any], repository: Path
) -> None:
    dockerfile = read_dockerfile(repository / "docker" / "train.Dockerfile")
    [user] = [each.text.split(":")[0] for each in dockerfile if each.name == "USER"]
    for pod in pods(manifest):
        assert pod.keys() <= POD
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] == int(user)
        [container] = pod["containers"]
        assert {"name", "image", "resources"} <= container.keys() <= CONTAINER
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }
        for amounts in container["resources"].values():
            assert all(QUANTITY.fullmatch(amount) for amount in amounts.values())
        mounted = {each["name"] for each in container.get("volumeMounts", [])}
        assert mounted == {each["name"] for each in pod.get("volumes", [])}


def test_every_node_asks_for_the_token(manifest: dict[str, Any]) -> None:
    if "authOptions" in cluster(manifest):
        assert cluster(manifest)["authOptions"] == {"mode": "token"}
        return
    for pod in pods(manifest):
        environment = {each["name"]: each for each in pod["containers"][0]["env"]}
        assert environment["RAY_AUTH_MODE"]["value"] == "token"
        assert environment["RAY_AUTH_TOKEN"]["valueFrom"].keys() == {"secretKeyRef"}


def test_gpus_are_with_the_workers(manifest: dict[str, Any]) -> None:
    head, *workers = pods(manifest)
    assert cluster(manifest)["headGroupSpec"]["rayStartParams"]["num-gpus"] == "0"
    assert "nvidia.com/gpu" not in head["containers"][0]["resources"]["limits"]
    for worker in workers:
        resources = worker["containers"][0]["resources"]
        assert resources["limits"]["nvidia.com/gpu"] == resources["requests"]["nvidia.com/gpu"]


def test_the_job_is_a_run_that_can_be(repository: Path) -> None:
    spec = read(repository / "docker" / "kubernetes" / "rayjob.yaml")["spec"]
    program, command, *overrides = shlex.split(spec["entrypoint"])
    assert (program, command) == ("seq2seq", "train")
    settings = load_settings(overrides)
    assert settings.runs.startswith("s3://")
    assert spec["entrypointNumGpus"] == 1 and settings.training.device == "gpu"
    environment = yaml.safe_load(spec["runtimeEnvYAML"])["env_vars"]
    assert int(environment["RAY_JOB_STOP_WAIT_TIME_S"]) >= 60
