"""`compose.yaml` against the compose specification, as far as it uses it, and against our rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

# Source: the Compose Specification, its top-level elements and the attributes of a service.
TOP = {"name", "services", "secrets", "volumes", "networks", "configs"}
ATTRIBUTES: dict[str, type | tuple[type, ...]] = {
    "image": str,
    "build": dict,
    "entrypoint": list,
    "command": list,
    "environment": dict,
    "secrets": list,
    "volumes": list,
    "ports": list,
    "depends_on": dict,
    "deploy": dict,
    "healthcheck": dict,
    "restart": str,
    "init": bool,
    "cap_drop": list,
    "security_opt": list,
    "shm_size": str,
}
HEALTH = {"test", "interval", "timeout", "retries", "start_period"}
DURATION = re.compile(r"\d+(ms|s|m|h)")


@pytest.fixture(scope="module")
def compose(repository: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((repository / "docker" / "compose.yaml").read_text())
    return loaded


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = compose["services"]
    assert found.keys() == {"head", "worker", "tensorboard"}
    return found


def test_the_structure_is_the_specification_s(
    compose: dict[str, Any], services: dict[str, dict[str, Any]]
) -> None:
    assert {key for key in compose if not key.startswith("x-")} <= TOP
    for name, service in services.items():
        for key, value in service.items():
            assert isinstance(value, ATTRIBUTES[key]), f"{name}.{key}"
        for key in ("entrypoint", "command"):
            assert all(isinstance(word, str) for word in service[key]), f"{name}.{key}"
        for value in service.get("environment", {}).values():
            assert isinstance(value, str), f"{name}: {value!r} is not text"
        for other, condition in service.get("depends_on", {}).items():
            assert other in services
            assert condition == {"condition": "service_healthy"}


def test_every_name_is_declared(
    compose: dict[str, Any], services: dict[str, dict[str, Any]]
) -> None:
    used = {v.split(":")[0] for s in services.values() for v in s["volumes"]}
    assert used == compose["volumes"].keys()
    assert {name for s in services.values() for name in s.get("secrets", [])} == compose[
        "secrets"
    ].keys()


def test_only_loopback_is_published(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        for port in service.get("ports", []):
            assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port), f"{name}: {port}"
    assert "ports" not in services["worker"]


def test_the_token_is_a_secret_and_nowhere_else(
    compose: dict[str, Any], services: dict[str, dict[str, Any]]
) -> None:
    assert compose["secrets"] == {"ray-token": {"file": "./ray-token"}}
    for name in ("head", "worker"):
        environment = services[name]["environment"]
        assert environment["RAY_AUTH_MODE"] == "token"
        assert environment["RAY_AUTH_TOKEN_PATH"] == "/run/secrets/ray-token"
        assert "RAY_AUTH_TOKEN" not in environment
        assert services[name]["secrets"] == ["ray-token"]


def test_every_service_has_little_power_and_a_health_check(
    services: dict[str, dict[str, Any]],
) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["init"] is True, name
        check = service["healthcheck"]
        assert check.keys() == HEALTH, name
        assert check["test"][0] == "CMD" and len(check["test"]) > 1, name
        for key in ("interval", "timeout", "start_period"):
            assert DURATION.fullmatch(check[key]), f"{name}: {key}"


def test_the_worker_has_the_gpus(services: dict[str, dict[str, Any]]) -> None:
    [device] = services["worker"]["deploy"]["resources"]["reservations"]["devices"]
    assert device == {"driver": "nvidia", "count": "all", "capabilities": ["gpu"]}
    assert "--num-gpus=0" in services["head"]["command"]


def test_directories_of_volumes_belong_to_the_user_of_the_image(
    services: dict[str, dict[str, Any]], read_dockerfile: Callable[[Path], Any], repository: Path
) -> None:
    """Docker gives a new volume the owner that its directory has in the image."""
    file = read_dockerfile(repository / "docker" / "train.Dockerfile")
    [made] = [each.text for each in file if each.name == "RUN" and "mkdir" in each.text]
    [user] = [each.text for each in file if each.name == "USER"]
    for service in services.values():
        for volume in service["volumes"]:
            assert volume.split(":")[1] in made.split()
    assert f"chown -R {user} /work" in made
