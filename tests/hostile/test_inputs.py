"""Hostile manifests, schemas, values, paths and job messages: refused, or harmless."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from provisionhub.blueprint import BlueprintFile
from provisionhub.errors import (
    InvalidBlueprintError,
    InvalidJobError,
    InvalidValuesError,
    LimitExceededError,
    PermanentError,
    UnsafePathError,
)
from provisionhub.job import read_job
from provisionhub.sandbox import Sandbox
from provisionhub.tree import Mode
from provisionhub.values import Values
from support.blueprints import MANIFEST, blueprint_files
from support.sandboxes import LIMITS, outcome, render, sandbox

SECONDS: Final = LIMITS.wall_seconds + 3


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """Return a sandbox that does a sound job when all is over."""
    made = sandbox()
    yield made
    assert len(render(made, blueprint_files({"template/a": ""})).tree) == 1
    made.close()


@pytest.mark.parametrize(
    "manifest",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\0", id="a null byte"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b"- a\n", id="a list"),
        pytest.param(b"a: &a [*a]\n", id="an alias in itself"),
        pytest.param(b"a: &a {x: 1}\nb: {<<: *a}\n", id="a merge key"),
        pytest.param(
            b"a: &a [x,x]\n"
            + b"".join(b"b%d: &b%d [*a,*a]\n" % (i, i) for i in range(9)),
            id="a billion laughs",
        ),
        pytest.param(b"a: !!python/object/apply:os.system [id]\n", id="a Python tag"),
        pytest.param(b"a: !!python/name:os.system\n", id="a Python name"),
        pytest.param(b"a: !!binary aGk=\n", id="a binary tag"),
        pytest.param(b"a: " + b"[" * 20_000, id="deep lists"),
        pytest.param(b"a: " + b"{a: " * 20_000, id="deep mappings"),
        pytest.param(b"? " * 20_000, id="deep keys"),
        pytest.param(b"- " * 20_000, id="deep items"),
        pytest.param(b"a: '" + b"x" * 3_000_000 + b"'", id="three megabytes"),
        pytest.param(b"a: 1\n" * 100_000, id="duplicate keys"),
        pytest.param(
            b"".join(b"k%d: 1\n" % i for i in range(90_000)), id="many unknown keys"
        ),
        pytest.param(b"%YAML 9.9\n---\na: 1\n", id="a version of the future"),
        pytest.param(b"--- a\n--- b\n", id="two documents"),
        pytest.param(b"a: " + b"9" * 100_000, id="a huge number"),
        pytest.param(b"a: 1e999999999", id="a huge exponent"),
        pytest.param(b"\t\ta: 1", id="tabs"),
        pytest.param(b'"\\ud800": 1', id="half a pair"),
    ],
)
def test_hostile_manifest_is_refused(manifest: bytes, box: Sandbox) -> None:
    """A manifest made to harm its reader is refused, in time."""
    began = time.monotonic()

    with pytest.raises((InvalidBlueprintError, LimitExceededError)) as told:
        box.load({"blueprint.yaml": BlueprintFile(manifest)}, label="evil")

    assert len(told.value.explain()) < 100_000
    assert time.monotonic() - began < SECONDS


def _deep(depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(depth):
        value = {"properties": {"a": value}}
    return value


def _branching(width: int) -> dict[str, Any]:
    """Return a schema whose references double with each step."""
    steps: dict[str, Any] = {"s0": {"type": "integer"}}
    for i in range(1, width):
        step = {"$ref": f"#/$defs/s{i - 1}"}
        steps[f"s{i}"] = {"allOf": [step, step], "anyOf": [step, step]}
    return {"$defs": steps, "properties": {"a": {"$ref": f"#/$defs/s{width - 1}"}}}


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        pytest.param(
            {"properties": {"a": {"pattern": "^(a+)+$"}}},
            {"a": "a" * 40 + "!"},
            id="pattern that explodes",
        ),
        pytest.param(
            {"properties": {"a": {"pattern": "^(a|a)*$"}}},
            {"a": "a" * 40 + "!"},
            id="alternatives that explode",
        ),
        pytest.param(
            {"properties": {"a": {"pattern": "^(.*,)*x$"}}},
            {"a": ",a" * 4000},
            id="commas that explode",
        ),
        pytest.param(
            {"patternProperties": {"^(a+)+$": {"type": "string"}}},
            {"a" * 40 + "!": 1},
            id="name that explodes",
        ),
        pytest.param(
            {"properties": {"a": {"pattern": "(a{1,1000}){1,1000}"}}},
            {"a": "a" * 50},
            id="counted repeats",
        ),
        pytest.param(
            {"properties": {"a": {"pattern": "(" * 400 + ")" * 400}}},
            {"a": "a"},
            id="deep pattern",
        ),
        pytest.param(
            {"properties": {"a": {"pattern": "^(a+)+$", "default": "a" * 40 + "!"}}},
            {},
            id="default that explodes",
        ),
        pytest.param({"$ref": "#"}, {"a": 1}, id="reference to itself"),
        pytest.param(
            {"properties": {"a": {"$ref": "#/properties/a"}}},
            {"a": 1},
            id="property that is itself",
        ),
        pytest.param(
            {"allOf": [{"$ref": "#"}, {"$ref": "#"}]}, {"a": 1}, id="both itself"
        ),
        pytest.param(_branching(40), {"a": "x"}, id="references that double"),
        pytest.param(_deep(400), {"a": 1}, id="deep schema"),
        pytest.param(_deep(30), {"a": _deep(30)}, id="deep schema, deep values"),
        pytest.param({}, _deep(100_000), id="deep values"),
        pytest.param({"$ref": "http://127.0.0.1:9/x"}, {"a": 1}, id="remote reference"),
        pytest.param({"$ref": "file:///etc/passwd"}, {"a": 1}, id="file reference"),
        pytest.param(
            {"$schema": "http://127.0.0.1:9/x"}, {"a": 1}, id="remote dialect"
        ),
        pytest.param(
            {"$dynamicRef": "#x", "$defs": {"x": {"$dynamicAnchor": "x"}}},
            {"a": 1},
            id="dynamic reference",
        ),
        pytest.param(
            {"properties": {"a": {"uniqueItems": True}}},
            {"a": [[i] for i in range(3_000)]},
            id="unique items, many",
        ),
        pytest.param(
            {"properties": {"a": {"multipleOf": 1e-300}}},
            {"a": 1e300},
            id="tiny multiple",
        ),
        pytest.param(
            {"properties": {"a": {"default": {"b": 1}, "$ref": "#"}}},
            {},
            id="default in itself",
        ),
        pytest.param(
            {"properties": {f"p{i}": {"default": "x" * 1000} for i in range(900)}},
            {},
            id="many defaults",
        ),
        pytest.param(
            {"anyOf": [{"required": [f"r{i}"]} for i in range(5_000)]},
            {},
            id="many alternatives",
        ),
        pytest.param({"type": "nothing"}, {}, id="unknown type"),
        pytest.param({"properties": {"a": {"pattern": "("}}}, {}, id="broken pattern"),
        pytest.param(
            {"properties": {"a": {"format": "idn-hostname"}}},
            {"a": "a\u0300" * 2_000},
            id="slow format",
        ),
        pytest.param(
            {"properties": {"a": {"format": "uri-template"}}},
            {"a": "{" * 4_000},
            id="braces in a template",
        ),
    ],
)
def test_hostile_schema_ends(
    schema: dict[str, Any], values: dict[str, Any], box: Sandbox
) -> None:
    """A schema made to harm its validator is refused, limited or harmless."""
    files = blueprint_files(
        {"values.json": json.dumps(schema)}, MANIFEST + "schema: values.json\n"
    )
    began = time.monotonic()

    ended = outcome(lambda: box.load(files, label="evil").accept(values))

    assert isinstance(
        ended, Values | InvalidBlueprintError | InvalidValuesError | LimitExceededError
    )
    if isinstance(ended, PermanentError):
        assert len(ended.explain()) < 200_000
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"a": _nested_list}, id=name)
        for name, _nested_list in {
            "long text": "x" * 900_000,
            "template": "{{ ''.__class__ }}{% for x in range(10**9) %}{% endfor %}",
            "mustache": "{{#a}}{{> /etc/passwd}}{{/a}}",
            "go": '{{ template "x" . }}{{ range . }}',
            "control characters": "\x00\x1b[2J\x07\r\n\u202e\u2028",
            "path": "../../../../etc/passwd",
            "shell": "$(id); `id` | id && id",
            "huge whole number": 10**4000,
            "negative zero": -0.0,
            "largest number": 1.7976931348623157e308,
            "many items": list(range(100_000)),
            "many members": {str(i): i for i in range(50_000)},
            "empty name": {"": {"": {"": ""}}},
            "names of attributes": {"__class__": 1, "__init__": 2, "items": 3},
            "proto": {"__proto__": {"polluted": True}, "constructor": 1},
        }.items()
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("engine", "text"),
    [
        pytest.param("jinja2", "{{ Values.a is defined }}{{ Name }}", id="jinja2"),
        pytest.param("mustache", "{{#Values}}{{Name}}{{/Values}}", id="mustache"),
    ],
)
def test_hostile_value_is_only_data(
    values: dict[str, Any], engine: str, text: str, box: Sandbox
) -> None:
    """A value is never taken for a template, a path or anything but data."""
    suffix = {"jinja2": ".j2", "mustache": ".mustache"}[engine]
    files = blueprint_files(
        {f"template/a{suffix}": text}, MANIFEST.replace("jinja2", engine)
    )

    try:
        made = render(box, files, values)
    except (InvalidValuesError, LimitExceededError):
        return
    assert next(iter(made.tree)).content.endswith(b"my-service")


@pytest.mark.parametrize(
    "path",
    ["../x", "/etc/passwd", ".git/config", ".GIT/hooks/pre-commit", "git~1/config",
     "a/../../x", "a//b", "./a", "a/.", "con", "nul.txt", "a:b", "a\\b", "a\x00b",
     "a\nb", "\u202ea", ".g\u200cit/config", "a ", "a.", "x" * 300, "/".join("a" * 60),
     ".gitmodules", "\ufeffa", "aux/x", "a\u2028b", "~", "a*", "a?", "<a>"],
)  # fmt: skip
def test_hostile_path_is_refused(path: str, box: Sandbox) -> None:
    """A name that a value makes unsafe is refused, or is a harmless name."""
    files = blueprint_files({"template/{{ Values.p }}": "x"})

    ended = outcome(lambda: render(box, files, {"p": path}))

    if isinstance(ended, PermanentError):
        assert isinstance(ended, UnsafePathError)
        assert ended.explain().replace("\n", "").isprintable()
    else:
        assert path == "~", [entry.path for entry in ended.tree]


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "../../x", "a/../../../x", "", "\0", "{{ Values.t }}"]
)
def test_hostile_link_is_refused(target: str, box: Sandbox) -> None:
    """A symbolic link that leads out of the tree is refused, rendered or not."""
    link = BlueprintFile(target.encode(), Mode.SYMLINK)

    with pytest.raises(PermanentError):
        render(box, blueprint_files({"template/l": link}), {"t": "/etc/passwd"})


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({f"template/{i}": "" for i in range(200)}, id="too many files"),
        pytest.param({"template/a": "x" * 1_000_001}, id="a file too large"),
        pytest.param(
            {f"template/{i}": "x" * 900_000 for i in range(6)}, id="too much in all"
        ),
        pytest.param({"template/a": "", "template/A": ""}, id="two names of one file"),
        pytest.param({"template/a": "", "template/a/b": ""}, id="a file and folder"),
        pytest.param({"template/a.j2": b"\xff"}, id="a template that is no text"),
        pytest.param({"partials/p.j2": b"\xff", "template/a": ""}, id="a partial"),
        pytest.param(
            {"template/l": BlueprintFile(b"m", Mode.SYMLINK),
             "template/m": BlueprintFile(b"l", Mode.SYMLINK)},
            id="links in a circle",
        ),
        pytest.param({"template/" + "{{" * 100: ""}, id="a name that is no template"),
        pytest.param({"template/" + "{% if %}/" * 200 + "a": ""}, id="broken tags"),
        pytest.param({"template/.provisionhub.lock.yaml": ""}, id="the lock file"),
    ],
)  # fmt: skip
def test_hostile_tree_is_refused(
    files: dict[str, str | bytes | BlueprintFile], box: Sandbox
) -> None:
    """A tree made to harm whoever writes or clones it is refused, in time."""
    began = time.monotonic()

    with pytest.raises(PermanentError):
        render(box, blueprint_files(files))

    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{", id="cut short"),
        pytest.param(b"\xff", id="not UTF-8"),
        pytest.param(b"\xef\xbb\xbf{}", id="a byte order mark"),
        pytest.param(b"[" * 100_000, id="deep"),
        pytest.param(b'{"a":' * 5_000, id="deep objects"),
        pytest.param(b'{"a": NaN}', id="not a number"),
        pytest.param(b'{"run_id": "x", "run_id": "y"}', id="duplicate keys"),
        pytest.param(b'{"run_id": "\\ud800"}', id="half a pair"),
        pytest.param(b'{"a": ' + b"1" * 10_000 + b"}", id="a huge number"),
        pytest.param(b" " * 2_000_000, id="blanks"),
        pytest.param(b'{"run_id": "../../x", "type": "component"}', id="too little"),
        pytest.param(
            json.dumps(
                {
                    "run_id": "../../etc",
                    "type": "component",
                    "blueprint": {
                        "template": "../../etc",
                        "name": "..",
                        "namespace": "/",
                    },
                    "git_config": {"provider": "local"},
                }
            ).encode(),
            id="paths for names",
        ),
        pytest.param(b"\x80\x04K\x01.", id="a pickle"),
    ],
)
def test_hostile_job_message_is_refused(message: bytes) -> None:
    """A message that is no job is refused with a clean error."""
    with pytest.raises(InvalidJobError):
        read_job(message, received_at=datetime(2026, 1, 1, tzinfo=UTC))
