"""What the blueprint kubernetes-manifests generates is sound as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from provisionhub.blueprint import Blueprint, Example, Subject
from provisionhub.catalog import load_folder
from provisionhub.errors import InvalidValuesError
from provisionhub.jsontypes import JsonObject, JsonValue
from provisionhub.registry import engine_plugins
from provisionhub.renderer import Renderer
from provisionhub.tree import TreeLimits

ROOT = Path(__file__).resolve().parents[2]
LIMITS = TreeLimits(files=100, file_bytes=100_000, total_bytes=1_000_000)
NEEDED: JsonObject = {"name": "shop", "namespace": "trade", "image": "shop:1"}
LABEL = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")


@cache
def _blueprint() -> Blueprint:
    return load_folder(ROOT / "blueprints/kubernetes-manifests", longest=1_000_000)


def _render(example: Example) -> dict[str, str]:
    """Return the text of each file by its path."""
    blueprint = _blueprint()
    values = blueprint.accept(example.values)
    subject = Subject.of_example(example, blueprint)
    tree = Renderer(engine_plugins(), LIMITS).preview(blueprint, values, subject).tree
    return {entry.path: entry.content.decode() for entry in tree}


class Project:
    """The files of a generated repository, and the objects that they describe.

    Attributes:
        values: What it was generated from, defaults filled in.
        files: Texts by path.
        kustomization: What `kustomization.yaml` says.
        objects: The objects that it lists, by kind.
    """

    def __init__(self, example: Example) -> None:
        self.values: Any = _blueprint().accept(example.values).data
        self.files = _render(example)
        self.kustomization = yaml.safe_load(self.files["manifests/kustomization.yaml"])
        self.objects = {found["kind"]: found for found in self._listed()}

    def _listed(self) -> Iterator[Any]:
        for path in self.kustomization["resources"]:
            yield yaml.safe_load(self.files[f"manifests/{path}"])

    @property
    def pod(self) -> dict[str, Any]:
        """The pod template of the Deployment."""
        template: dict[str, Any] = self.objects["Deployment"]["spec"]["template"]
        return template

    @property
    def container(self) -> dict[str, Any]:
        """The one container of a pod."""
        found: list[dict[str, Any]] = self.pod["spec"]["containers"]
        [container] = found
        return container

    @property
    def config(self) -> dict[str, str]:
        """The settings in `config.env`, as Kustomize reads them."""
        lines = self.files["manifests/config.env"].splitlines()
        pairs = [line.partition("=") for line in lines if not line.startswith("#")]
        return {name: value for name, _, value in pairs}


@pytest.fixture(params=_blueprint().example_names)
def project(request: pytest.FixtureRequest) -> Project:
    """What each example generates, in turn."""
    return Project(_blueprint().example(request.param))


def _with(values: JsonObject) -> Project:
    return Project(Example("inline", "shop-deploy", "trade", NEEDED | values))


def test_every_yaml_file_can_be_read(project: Project) -> None:
    """Each YAML file, those of a pipeline too, is one mapping."""
    paths = [path for path in project.files if path.endswith((".yaml", ".yml"))]

    read = [yaml.safe_load(project.files[path]) for path in paths]

    assert all(isinstance(document, dict) for document in read)


def test_kustomization_lists_every_manifest(project: Project) -> None:
    """What lies in `manifests/` and what is listed are the same."""
    [generator] = project.kustomization["configMapGenerator"]
    listed = [*project.kustomization["resources"], *generator["envs"]]

    expected = {f"manifests/{name}" for name in ["kustomization.yaml", *listed]}

    assert expected == {path for path in project.files if path.startswith("manifests/")}
    assert len(listed) == len(set(listed))


def test_objects_have_the_name_of_the_service(project: Project) -> None:
    """Each object is called as the service is, which is a DNS label."""
    names = {found["metadata"]["name"] for found in project.objects.values()}

    assert {project.values["name"]} == names
    assert all(LABEL.fullmatch(name) for name in names)
    assert project.values["namespace"] == project.kustomization["namespace"]


def test_selectors_match_the_pods(project: Project) -> None:
    """Whatever selects pods by label selects these."""
    labels = project.pod["metadata"]["labels"].items()
    specs = {kind: found.get("spec") for kind, found in project.objects.items()}
    [spread] = project.pod["spec"]["topologySpreadConstraints"]

    selectors = [
        specs["Deployment"]["selector"]["matchLabels"],
        specs["Service"]["selector"],
        specs["NetworkPolicy"]["podSelector"]["matchLabels"],
        spread["labelSelector"]["matchLabels"],
    ]
    if "PodDisruptionBudget" in specs:
        selectors.append(specs["PodDisruptionBudget"]["selector"]["matchLabels"])

    assert all(selector and selector.items() <= labels for selector in selectors)


def test_ports_agree(project: Project) -> None:
    """The port that the container is told is the one that everybody calls."""
    [opened] = project.container["ports"]
    [served] = project.objects["Service"]["spec"]["ports"]
    [let_in] = project.objects["NetworkPolicy"]["spec"]["ingress"]
    probes = ("startupProbe", "livenessProbe", "readinessProbe")

    called = [project.container[probe]["httpGet"]["port"] for probe in probes]
    called += [served["targetPort"], *(port["port"] for port in let_in["ports"])]

    assert project.values["port"] == opened["containerPort"]
    assert str(project.values["port"]) == project.config["PORT"]
    assert {opened["name"]} == set(called)


def test_pods_meet_the_restricted_standard(project: Project) -> None:
    """Pods run without root, rights, a token or a file system that can be written."""
    spec, container = project.pod["spec"], project.container

    assert spec["securityContext"]["runAsNonRoot"]
    assert spec["securityContext"]["runAsUser"] >= 1000
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert spec["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_what_pods_refer_to_is_there(project: Project) -> None:
    """Account, settings and scratch space of the pods are described as well."""
    [settings] = project.container["envFrom"]
    [generator] = project.kustomization["configMapGenerator"]
    account = project.objects["ServiceAccount"]["metadata"]["name"]
    mounted = {mount["name"] for mount in project.container["volumeMounts"]}

    assert account == project.pod["spec"]["serviceAccountName"]
    assert generator["name"] == settings["configMapRef"]["name"]
    assert {volume["name"] for volume in project.pod["spec"]["volumes"]} == mounted


def test_settings_arrive_as_they_are_given(project: Project) -> None:
    """Each setting stands in `config.env` letter by letter, besides PORT."""
    given = {item["name"]: item["value"] for item in project.values["env"]}

    assert given | {"PORT": str(project.values["port"])} == project.config


def test_either_somebody_or_the_autoscaler_counts_pods(project: Project) -> None:
    """The Deployment says how many pods there are unless they are scaled."""
    scaler = project.objects.get("HorizontalPodAutoscaler")
    deployment = project.objects["Deployment"]

    assert ("replicas" in deployment["spec"]) is (scaler is None)
    assert scaler is None or scaler["spec"]["scaleTargetRef"] == {
        "apiVersion": deployment["apiVersion"],
        "kind": deployment["kind"],
        "name": deployment["metadata"]["name"],
    }


@pytest.mark.parametrize(
    "tls", [pytest.param(True, id="with TLS"), pytest.param(False, id="without TLS")]
)
def test_ingress_leads_to_the_service(tls: bool) -> None:
    """The ingress leads from its host to a port of the Service, with TLS if asked."""
    wanted: JsonObject = {"host": "shop.example.com"}
    project = _with({"ingress": wanted | {"tls": {"issuer": "ca"}} if tls else wanted})
    service, ingress = project.objects["Service"], project.objects["Ingress"]

    [rule] = ingress["spec"]["rules"]
    [path] = rule["http"]["paths"]

    assert rule["host"] == "shop.example.com"
    assert path["backend"]["service"] == {
        "name": service["metadata"]["name"],
        "port": {"name": service["spec"]["ports"][0]["name"]},
    }
    assert [rule["host"]] * tls == [
        host for entry in ingress["spec"].get("tls", []) for host in entry["hosts"]
    ]
    assert ("annotations" in ingress["metadata"]) is tls


@pytest.mark.parametrize("version", ["1.30", "1.33"])
def test_objects_satisfy_the_schemas_of_kubernetes(
    project: Project, version: str
) -> None:
    """Each object is valid, and has no member that Kubernetes does not know."""
    validator = pytest.importorskip("kubernetes_validate")

    for found in project.objects.values():
        validator.validate(found, version, strict=True)


@pytest.mark.parametrize(
    ("kind", "port"),
    [
        pytest.param("postgres", 5432, id="PostgreSQL"),
        pytest.param("mysql", 3306, id="MySQL"),
    ],
)
def test_database_is_given_and_within_reach(kind: str, port: int) -> None:
    """A database's Secret becomes DATABASE_URL, and its port is open."""
    project = _with({"database": {kind: {"secret": "db"}}, "egress_ports": []})

    [variable] = project.container["env"]
    _, way = project.objects["NetworkPolicy"]["spec"]["egress"]

    assert variable == {
        "name": "DATABASE_URL",
        "valueFrom": {"secretKeyRef": {"name": "db", "key": "uri"}},
    }
    assert way == {"ports": [{"protocol": "TCP", "port": port}]}


@pytest.mark.parametrize(
    ("ci", "path"),
    [
        pytest.param({"gitlab": {"agent": "a/b:c"}}, ".gitlab-ci.yml", id="GitLab"),
        pytest.param(
            {"github": {"environment": "live"}},
            ".github/workflows/deploy.yml",
            id="GitHub",
        ),
    ],
)
def test_pipeline_shows_and_applies(ci: JsonObject, path: str) -> None:
    """The pipeline that is asked for, and no other, shows a change and applies it."""
    project = _with({"ci": ci})

    pipelines = [name for name in project.files if name.startswith(".git")]

    assert sorted([".gitignore", path]) == sorted(pipelines)
    assert "make diff" in project.files[path]
    assert "make apply" in project.files[path]


def test_names_are_text_whatever_yaml_would_take_them_for() -> None:
    """Names such as `on` and `123` are text in every manifest."""
    project = _with(
        {
            "name": "on",
            "namespace": "123",
            "callers": ["1e3", "0777"],
            "resources": {"cpu": "2"},
            "ingress": {"host": "1.2", "class": "1", "tls": {"issuer": "2"}},
        }
    )

    [let_in] = project.objects["NetworkPolicy"]["spec"]["ingress"]
    callers = [
        source["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
        for source in let_in["from"][1:]
    ]

    assert project.kustomization["namespace"] == "123"
    assert project.objects["Service"]["metadata"]["name"] == "on"
    assert project.objects["Ingress"]["spec"]["tls"][0]["hosts"] == ["1.2"]
    assert project.objects["Ingress"]["spec"]["ingressClassName"] == "1"
    assert project.container["resources"]["requests"]["cpu"] == "2"
    assert callers == ["ingress-nginx", "1e3", "0777"]


@pytest.mark.parametrize(
    ("name", "value", "pointer"),
    [
        pytest.param("image", "shop", "/image", id="image without a tag"),
        pytest.param("image", "shop:latest", "/image", id="image that moves"),
        pytest.param("image", "host:5000/shop", "/image", id="registry's port, no tag"),
        pytest.param("name", "Shop", "/name", id="name in capitals"),
        pytest.param("name", "2nd", "/name", id="name that begins with a digit"),
        pytest.param("port", 80, "/port", id="port that needs rights"),
        pytest.param("user", 0, "/user", id="root"),
        pytest.param(
            "env", [{"name": "A", "value": "1\nB=2"}], "/env/0/value", id="two lines"
        ),
        pytest.param(
            "env", [{"name": "PORT", "value": "1"}], "/env/0/name", id="port twice"
        ),
        pytest.param(
            "database",
            {"postgres": {"secret": "a"}, "mysql": {"secret": "b"}},
            "/database",
            id="two databases",
        ),
    ],
)
def test_values_that_would_do_harm_are_refused(
    name: str, value: JsonValue, pointer: str
) -> None:
    """The schema refuses what the cluster would, or should."""
    with pytest.raises(InvalidValuesError) as caught:
        _blueprint().accept(NEEDED | {name: value})

    assert [pointer] == [violation.pointer for violation in caught.value.violations]
