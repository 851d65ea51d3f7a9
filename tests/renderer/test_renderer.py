"""From a blueprint and values to a tree, with both built-in engines."""

from __future__ import annotations

import pytest

from provisionhub.blueprint import Blueprint, BlueprintFile, Example, Subject
from provisionhub.errors import (
    InvalidBlueprintError,
    LimitExceededError,
    SecretExposedError,
    TemplateError,
    TemplateRuntimeError,
    TemplateSyntaxError,
    UnknownEngineError,
    UnsafePathError,
)
from provisionhub.jsontypes import JsonObject
from provisionhub.registry import engine_plugins
from provisionhub.renderer import Rendered, Renderer
from provisionhub.tree import Mode, TreeLimits
from support.blueprints import MANIFEST, Files, blueprint

LIMITS = TreeLimits(files=50, file_bytes=10_000, total_bytes=20_000)
MUSTACHE = MANIFEST.replace("jinja2", "mustache")


def render(found: Blueprint, values: JsonObject | None = None) -> Rendered:
    """Return what *found* makes of *values*."""
    example = Example("x", "my-service", "my-team", values or {})
    accepted = found.accept(example.values)
    subject = Subject.of_example(example, found)
    return Renderer(engine_plugins(), LIMITS).preview(found, accepted, subject)


def contents(
    files: Files, values: JsonObject | None = None, *, manifest: str = MANIFEST
) -> dict[str, bytes]:
    """Return the rendered files by path."""
    rendered = render(blueprint(files, manifest=manifest), values)
    return {entry.path: entry.content for entry in rendered.tree}


def test_templates_are_rendered_and_the_rest_copied() -> None:
    """Files with the engine's suffix are rendered and lose it; others are copied."""
    made = contents(
        {
            "template/a.txt.j2": "{{ Name }}\r\n\n",
            "template/b.txt": "{{ Name }}",
            "template/c.bin": b"\xff\x00{{",
        }
    )

    assert made == {
        "a.txt": b"my-service\r\n\n",
        "b.txt": b"{{ Name }}",
        "c.bin": b"\xff\x00{{",
    }


def test_context_has_the_same_names_in_each_engine() -> None:
    """Name, Namespace, Values and Meta are there in each engine."""
    text = (
        "{{Name}} {{Namespace}} {{Values.a}} {{Meta.type}} {{Meta.timestamp}} "
        "{{Meta.blueprint.name}} {{Meta.blueprint.version}}"
    )
    expected = b"my-service my-team 1 component 1970-01-01T00:00:00Z sample 1.2.0"

    jinja = contents({"template/a.j2": text}, {"a": 1})
    mustache = contents({"template/a.mustache": text}, {"a": 1}, manifest=MUSTACHE)

    assert jinja == mustache == {"a": expected}


def test_names_are_rendered() -> None:
    """Tags in file and folder names are rendered; one value may make two folders."""
    made = contents(
        {"template/src/{{ Values.package }}/{{ Name }}.py.j2": "x"},
        {"package": "com/example"},
    )

    assert list(made) == ["src/com/example/my-service.py"]


def test_part_that_renders_to_nothing_drops_the_file() -> None:
    """A file whose name or folder renders to nothing is not made, nor rendered."""
    made = contents(
        {
            "template/{% if Values.ci %}ci{% endif %}/a.j2": "{{ Values.unknown }}",
            "template/{% if Values.ci %}b{% endif %}": "b",
            "template/c": "",
        },
        {"ci": False},
    )

    assert made == {"c": b""}


def test_mustache_section_may_span_folders() -> None:
    """A closing tag with a slash in it does not end a part of the path."""
    path = "template/{{#Values.ci}}ci{{/Values.ci}}/{{Name}}.yml.mustache"

    kept = contents({path: "x"}, {"ci": True}, manifest=MUSTACHE)
    dropped = contents({path: "x"}, {"ci": False}, manifest=MUSTACHE)

    assert (list(kept), list(dropped)) == (["ci/my-service.yml"], [])


@pytest.mark.parametrize(
    ("when", "kept"),
    [
        pytest.param("{{ Values.db != 'none' }}", True, id="true"),
        pytest.param("{{ Values.db == 'none' }}", False, id="false"),
        pytest.param("{% if Values.db == 'none' %}yes{% endif %}", False, id="nothing"),
    ],
)
def test_conditional_files(when: str, kept: bool) -> None:
    """Files whose ``when`` does not hold are not made."""
    manifest = MANIFEST + f'files: [{{path: "db/**", when: "{when}"}}]\n'

    made = contents({"template/db/x": ""}, {"db": "postgres"}, manifest=manifest)

    assert ("db/x" in made) is kept


def test_when_must_be_true_or_false() -> None:
    """A ``when`` that renders to neither is refused where it stands."""
    manifest = MANIFEST + 'files: [{path: "a", when: "Values.db"}]\n'

    with pytest.raises(InvalidBlueprintError, match="neither true nor false") as caught:
        contents({"template/a": ""}, manifest=manifest)

    assert str(caught.value.at) == "sample/blueprint.yaml:5:27"


def test_error_in_when_points_into_the_manifest() -> None:
    """A misspelled variable in a ``when`` is shown in the manifest, with the caret."""
    manifest = MANIFEST + "files:\n  - {path: a, when: '{{ Vlues.db }}'}\n"

    with pytest.raises(TemplateRuntimeError) as caught:
        contents({"template/a": ""}, manifest=manifest)

    assert str(caught.value.at) == "sample/blueprint.yaml:6:25"
    assert "                                ^^^^^" in caught.value.explain()


def test_verbatim_files_are_copied_suffix_and_all() -> None:
    """A verbatim file is copied byte for byte, and keeps its suffix."""
    manifest = MANIFEST + 'files: [{path: "charts/**", verbatim: true}]\n'

    made = contents({"template/charts/a.yaml.j2": "{{ .Values }}"}, manifest=manifest)

    assert made == {"charts/a.yaml.j2": b"{{ .Values }}"}


def test_executables_and_links_survive() -> None:
    """Exec bits and relative links inside the tree survive."""
    found = blueprint(
        {
            "template/run.sh.j2": BlueprintFile(b"#!/bin/sh\n", Mode.EXECUTABLE),
            "template/bin/{{ Name }}": BlueprintFile(b"../run.sh", Mode.SYMLINK),
        }
    )

    made = {entry.path: entry for entry in render(found).tree}

    assert made["run.sh"].mode is Mode.EXECUTABLE
    assert made["bin/my-service"].mode is Mode.SYMLINK
    assert made["bin/my-service"].content == b"../run.sh"


@pytest.mark.parametrize("target", ["/etc/passwd", "../../out", "../.git/config"])
def test_link_that_leaves_the_tree_is_refused(target: str) -> None:
    """A link that is absolute, leads out of the tree or into Git's, is refused."""
    link = BlueprintFile(target.encode(), Mode.SYMLINK)

    with pytest.raises(UnsafePathError):
        render(blueprint({"template/a/link": link}))


@pytest.mark.parametrize(
    "name",
    ["../x", "/etc/x", ".git/config", "a/../../x", "a//b", "CON", "a\\b", "x\n"],
)
def test_rendered_path_that_leaves_the_tree_is_refused(name: str) -> None:
    """A value can't lead a file out of the tree, into Git's own, or astray."""
    with pytest.raises(UnsafePathError):
        contents({"template/a{{ '' }}/{{ Values.n }}": "x"}, {"n": name})


def test_paths_that_clash_on_some_systems_are_refused() -> None:
    """Two paths that differ in case alone are refused, both named."""
    with pytest.raises(UnsafePathError, match=r"`A`.*`a`|`a`.*`A`"):
        contents({"template/A": "", "template/a": ""})


def test_two_files_of_one_path_are_refused() -> None:
    """Two templates that render to one path are refused, both named."""
    with pytest.raises(InvalidBlueprintError, match=r"`a` and `a\.j2` both render"):
        contents({"template/a": "", "template/a.j2": ""})


def test_file_over_its_limit_is_refused() -> None:
    """A rendered file that is too large is refused by name, limit and value."""
    with pytest.raises(LimitExceededError, match=r"big\.txt") as caught:
        contents({"template/big.txt.j2": "{{ 'x' * 10001 }}"})

    assert caught.value.limit == "MAX_FILE_SIZE"


def test_template_that_is_no_text_is_refused() -> None:
    """A file with the engine's suffix must be UTF-8; the error says which byte."""
    with pytest.raises(InvalidBlueprintError, match="not UTF-8: byte 0xff") as caught:
        contents({"template/a.j2": b"ok\n\xff"})

    assert str(caught.value.at) == "sample/template/a.j2:2:1"


@pytest.mark.parametrize(
    ("manifest", "suffix", "text", "column"),
    [
        pytest.param(MANIFEST, ".j2", "port: {{ Values.prot }}\n", 17, id="jinja2"),
        pytest.param(
            MUSTACHE, ".mustache", "port: {{ Values.prot }}\n", 17, id="mustache"
        ),
    ],
)
def test_misspelled_variable_is_shown(
    manifest: str, suffix: str, text: str, column: int
) -> None:
    """A misspelled variable gets file, line, caret and hint, in each engine."""
    with pytest.raises(TemplateRuntimeError) as caught:
        contents({f"template/a{suffix}": text}, {"port": 80}, manifest=manifest)

    explained = caught.value.explain()
    assert f"  --> sample/template/a{suffix}:1:{column}\n" in explained
    assert f"    1 > {text}" + " " * (8 + column - 1) + "^^^^\n" in explained
    assert "did you mean `port`?" in explained


@pytest.mark.parametrize(
    ("manifest", "suffix", "include"),
    [
        pytest.param(MANIFEST, ".j2", "{% include 'p.j2' %}", id="jinja2"),
        pytest.param(MUSTACHE, ".mustache", "{{> p}}", id="mustache"),
    ],
)
def test_error_in_a_partial_names_the_partial(
    manifest: str, suffix: str, include: str
) -> None:
    """An error in a partial is shown in the partial, by its path in the blueprint."""
    files = {f"template/a{suffix}": include, f"partials/p{suffix}": "\n{{ Nmae }}"}

    with pytest.raises(TemplateError) as caught:
        contents(files, manifest=manifest)

    assert str(caught.value.at) == f"sample/partials/p{suffix}:2:4"


def test_syntax_error_is_found_even_where_it_is_not_rendered() -> None:
    """A template that is not in its language is found though no job meets it."""
    manifest = MANIFEST + 'files: [{path: "a", when: "false"}]\n'

    with pytest.raises(TemplateSyntaxError):
        contents({"template/a.j2": "{% if %}"}, manifest=manifest)


def test_unknown_engine_is_shown_in_the_manifest() -> None:
    """An engine that is not installed is an error at its line of the manifest."""
    with pytest.raises(UnknownEngineError) as caught:
        contents({}, manifest=MANIFEST.replace("jinja2", "jinja3"))

    assert str(caught.value.at) == "sample/blueprint.yaml:4:9"


def test_wrong_engine_option_is_shown_in_the_manifest() -> None:
    """An option that the engine does not know is an error in the manifest."""
    with pytest.raises(InvalidBlueprintError) as caught:
        contents({}, manifest=MANIFEST + "engine_options: {mising: empty}\n")

    assert str(caught.value.at).startswith("sample/blueprint.yaml:5:")
    assert "missing" in caught.value.explain()


def test_commit_message_is_the_blueprints() -> None:
    """The blueprint's commit message is rendered; without one there is a default."""
    manifest = MANIFEST + 'repository: {commit_message: "Make {{ Name }}"}\n'

    assert render(blueprint(manifest=manifest)).commit_message == "Make my-service"
    assert render(blueprint()).commit_message == (
        "Provision my-service from sample 1.2.0"
    )


SECRET = """\
schema: {type: object, properties: {token: {type: string, writeOnly: true}}}
files: [{path: secret.env, secrets: [token]}]
"""


def test_secret_may_stand_in_the_file_that_names_it() -> None:
    """A secret's value may stand where the manifest allows it."""
    made = contents(
        {"template/secret.env.j2": "TOKEN={{ Values.token }}"},
        {"token": "hunter2-hunter2"},
        manifest=MANIFEST + SECRET,
    )

    assert made == {"secret.env": b"TOKEN=hunter2-hunter2"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("a.txt.j2", "x{{ Values.token }}x", id="raw"),
        pytest.param(
            "a.txt.j2", "{{ ('user:' ~ Values.token) | b64encode }}", id="b64"
        ),
        pytest.param("a.txt.j2", "{{ Values.token | urlencode }}", id="url"),
        pytest.param("a.txt.j2", "{{ Values | to_json }}", id="json"),
    ],
)
def test_secret_anywhere_else_is_refused(path: str, text: str) -> None:
    """A tree in which a secret shows in any form is refused, without quoting it."""
    files = {f"template/{path}": text, "template/secret.env": ""}
    secret = 'hunter2-"hunter2+é'

    with pytest.raises(SecretExposedError, match="`/token`") as caught:
        contents(files, {"token": secret}, manifest=MANIFEST + SECRET)

    assert "hunter2" not in caught.value.explain() + str(caught.value.to_json())


def test_secret_in_a_path_is_refused() -> None:
    """A secret that names a file is refused, and not quoted."""
    files = {"template/{{ Values.token }}.txt": "", "template/secret.env": ""}

    with pytest.raises(SecretExposedError, match="the path of") as caught:
        contents(files, {"token": "hunter2-hunter2"}, manifest=MANIFEST + SECRET)

    assert "hunter2" not in caught.value.explain()


def test_lock_file_is_not_the_blueprints_to_write() -> None:
    """A blueprint that renders the lock file itself is refused."""
    with pytest.raises(InvalidBlueprintError, match=r"\.provisionhub\.lock\.yaml"):
        contents({"template/.provisionhub.lock.yaml": ""})
