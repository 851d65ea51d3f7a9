"""Compose file and Kubernetes manifests: valid, and of one mind with the image."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisionhub.settings import Settings
from support.dockerfile import environment, stages

ROOT = Path(__file__).parents[2]
COMPOSE = ROOT / "deploy" / "compose.yaml"
KUBERNETES = sorted((ROOT / "deploy" / "kubernetes").glob("*.yaml"))
DEMANDS = {
    "runAsNonRoot": True,
    "runAsUser": 10001,
    "runAsGroup": 10001,
    "fsGroup": 10001,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def objects(kind: str | None = None) -> list[Any]:
    """Return the Kubernetes objects, of one kind or of all."""
    found = [
        each
        for path in KUBERNETES
        for each in yaml.safe_load_all(path.read_text(encoding="utf-8"))
    ]
    return [each for each in found if kind in {None, each["kind"]}]


def pods() -> list[Any]:
    """Return the pods' templates."""
    return [each["spec"]["template"]["spec"] for each in objects() if _has_pod(each)]


def _has_pod(thing: Any) -> bool:  # noqa: ANN401 - any Kubernetes object
    return "template" in thing.get("spec", {})


def test_compose_file_is_valid() -> None:
    """The compose file keeps to the Compose Specification's schema."""
    if find_spec("check_jsonschema") is None:
        pytest.skip("check-jsonschema is not installed")

    done = subprocess.run(
        [
            *(sys.executable, "-m", "check_jsonschema"),
            *("--builtin-schema", "vendor.compose-spec", COMPOSE),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_workers_can_be_scaled() -> None:
    """Nothing of a worker's is there only once: no name, no port, no shared volume."""
    worker = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]["worker"]

    assert not {"container_name", "hostname", "ports"} & worker.keys()
    assert all(":" not in volume for volume in worker["volumes"])


def test_example_names_every_variable_of_the_compose_file() -> None:
    """Whoever fills in the example has set all that compose asks for."""
    example = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text(encoding="utf-8")))

    named = {line.partition("=")[0] for line in example.splitlines() if "=" in line}

    assert named == asked


def test_read_only_workers_get_their_secrets_from_files() -> None:
    """Each secret is a file that the README has made, and that git leaves alone."""
    document = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    worker = document["services"]["worker"]
    readme = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
    files = [secret.get("file") for secret in document["secrets"].values()]

    assert worker["read_only"]
    assert worker["secrets"] == list(document["secrets"])
    assert [file for file in files if f"> deploy/{file} " not in readme] == []
    assert "/deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8")
    assert {f"/run/secrets/{name}" for name in document["secrets"]} == {
        value for name, value in worker["environment"].items() if name.endswith("_FILE")
    }


def test_every_variable_is_a_setting() -> None:
    """What compose, Kubernetes and the image set is read by the worker."""
    document = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
    (config,) = objects("ConfigMap")
    *_, final = stages(ROOT / "Dockerfile")
    own = {
        name
        for name in environment(final)
        if name == "PATH" or name.startswith("PYTHON")
    }
    told = [
        *document["services"]["worker"]["environment"],
        *config["data"],
        *(environment(final).keys() - own),
        *(
            each["name"]
            for pod in pods()
            for container in pod["containers"]
            for each in container.get("env", [])
        ),
    ]

    settings = {name.upper() for name in Settings.model_fields}

    assert [n for n in told if n.removesuffix("_FILE") not in settings] == []


@pytest.mark.parametrize(
    "thing",
    # KEDA's kinds are not Kubernetes' own: no schema of theirs is at hand.
    [each for each in objects() if not each["apiVersion"].startswith("keda.sh/")],
    ids=lambda thing: str(thing["kind"]),
)
def test_kubernetes_objects_are_valid(thing: Any) -> None:  # noqa: ANN401 - any object
    """Each object is valid, and has no member that Kubernetes does not know."""
    validator = pytest.importorskip("kubernetes_validate")

    validator.validate(thing, "1.31", strict=True)


@pytest.mark.parametrize("pod", pods(), ids=["deployment", "job"])
def test_pods_are_locked_down_and_fit_the_image(pod: Any) -> None:  # noqa: ANN401 - as above
    """A pod runs as the image's user, with nothing that it does not need."""
    *_, final = stages(ROOT / "Dockerfile")
    said = {each.word: each.text for each in final}
    (container,) = pod["containers"]

    assert pod["securityContext"] == DEMANDS
    assert said["USER"] == f"{DEMANDS['runAsUser']}:{DEMANDS['runAsGroup']}"
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert {said["VOLUME"], "/tmp"} <= mounted  # noqa: S108 - where it is mounted
    assert not pod["automountServiceAccountToken"]


def test_probes_ask_what_they_mean() -> None:
    """A worker that can't take jobs is not restarted; one that hangs is."""
    (deployment,) = objects("Deployment")
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    (port,) = container["ports"]
    *_, final = stages(ROOT / "Dockerfile")

    assert container["livenessProbe"]["httpGet"]["path"] == "/health"
    assert container["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    address = environment(final)["HEALTH_ADDRESS"]
    assert address == f"0.0.0.0:{port['containerPort']}"


def test_mounted_secrets_are_those_that_there_are() -> None:
    """Every ``NAME_FILE`` leads to a key of the secret, where the secret is mounted."""
    (config,) = objects("ConfigMap")
    (secret,) = objects("Secret")
    (trigger,) = objects("TriggerAuthentication")
    files = {name: v for name, v in config["data"].items() if name.endswith("_FILE")}

    assert {Path(path).name for path in files.values()} | {
        trigger["spec"]["secretTargetRef"][0]["key"]
    } == secret["stringData"].keys()
    assert {str(Path(path).parent) for path in files.values()} == {
        mount["mountPath"]
        for pod in pods()
        for mount in pod["containers"][0]["volumeMounts"]
        if mount["name"] == "secrets"
    }


def test_scaling_counts_running_jobs_too() -> None:
    """Workers are scaled on ready and unacknowledged messages, by their concurrency."""
    (scaled,) = objects("ScaledObject")
    (deployment,) = objects("Deployment")
    (config,) = objects("ConfigMap")
    (trigger,) = scaled["spec"]["triggers"]

    assert scaled["spec"]["scaleTargetRef"]["name"] == deployment["metadata"]["name"]
    assert trigger["metadata"]["protocol"] == "http"
    assert trigger["metadata"]["excludeUnacknowledged"] == "false"
    assert trigger["metadata"]["value"] == config["data"]["WORKER_CONCURRENCY"]
