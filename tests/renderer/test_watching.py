"""What of a blueprint renderings reach: texts, partials, names and conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pytest

from provisionhub.blueprint import Blueprint, BlueprintFile, Example, Subject
from provisionhub.engine import Engine, Template
from provisionhub.errors import TemplateError, TemplateSyntaxError
from provisionhub.jsontypes import JsonObject
from provisionhub.registry import Plugin, engine_plugins
from provisionhub.renderer import Renderer, Watched
from provisionhub.tree import Mode, TreeLimits
from support.blueprints import MANIFEST, Files, blueprint

LIMITS = TreeLimits(files=50, file_bytes=10_000, total_bytes=20_000)
MUSTACHE = MANIFEST.replace("jinja2", "mustache") + "engine_options: {missing: empty}\n"


def renderer() -> Renderer:
    """Return a renderer with the installed engines."""
    return Renderer(engine_plugins(), LIMITS)


def watch(found: Blueprint, values: JsonObject) -> Watched:
    """Return what a watched rendering of *found* comes to."""
    example = Example("x", "my-service", "my-team", values)
    subject = Subject.of_example(example, found)
    return renderer().watch(found, found.accept(values), subject)


def missed(
    files: Files, *cases: JsonObject, manifest: str = MUSTACHE
) -> dict[str, list[str]]:
    """Return what none of *cases* reaches, by file."""
    found = blueprint(files, manifest=manifest)
    reached = set().union(*(watch(found, values).reached for values in cases))
    regions = renderer().regions(found)
    assert regions is not None
    names: dict[str, list[str]] = {}
    for number, each in enumerate(regions):
        if number not in reached:
            names.setdefault(each.path, []).append(each.region.what)
    return names


@pytest.mark.parametrize(
    ("engine", "suffix", "asks"),
    [
        ("go", ".tmpl", "{{ if .Values.a }}1{{ end }}"),
        ("jinja2", ".j2", "{% if Values.a %}1{% endif %}"),
        ("mustache", ".mustache", "{{#Values.a}}1{{/Values.a}}"),
    ],
)
def test_branch_never_taken_is_told_in_each_engine(
    engine: str, suffix: str, asks: str
) -> None:
    """A branch is missed until a case takes it, and its opposite too."""
    manifest = MANIFEST.replace("jinja2", engine)
    path = f"template/a{suffix}"
    no: JsonObject = {"a": False}
    yes: JsonObject = {"a": True}

    without = missed({path: asks}, no, manifest=manifest)
    within = missed({path: asks}, yes, manifest=manifest)

    assert [len(names) for names in without.values()] == [1]
    assert within[path] == [f"else of {without[path][0]}"]
    assert missed({path: asks}, no, yes, manifest=manifest) == {}


def test_condition_has_two_answers() -> None:
    """A ``when`` that is never true, or never false, is missed at its place."""
    manifest = f'{MUSTACHE}files: [{{path: a, when: "{{{{Values.on}}}}"}}]\n'
    files = {"template/a": "x"}

    never = missed(files, {"on": False}, manifest=manifest)
    always = missed(files, {"on": True}, manifest=manifest)

    assert never == {
        "blueprint.yaml": ["true `when` of a"],
        "template/a": ["the whole file"],
    }
    assert always == {"blueprint.yaml": ["false `when` of a"]}
    assert missed(files, {"on": True}, {"on": False}, manifest=manifest) == {}
    regions = renderer().regions(blueprint(files, manifest=manifest)) or ()
    answer = next(each for each in regions if each.path == "blueprint.yaml")
    assert manifest[answer.region.at :].startswith('"{{Values.on}}"')


def test_branch_in_a_name_is_told_with_the_file() -> None:
    """What is asked in the name of a file or folder is missed there."""
    name = "{{#Values.docs}}docs{{/Values.docs}}"
    files = {
        f"template/{name}/a": "x",
        f"template/{name}/b.mustache": "y",
        "template/{{Name}}": "z",
    }

    kept = missed(files, {"docs": True})
    dropped = missed(files, {"docs": False})

    assert kept == {f"template/{name}/a": ["else of #Values.docs"]}
    assert dropped == {
        f"template/{name}/a": ["#Values.docs", "the whole file"],
        f"template/{name}/b.mustache": ["the whole file"],
    }


def test_partial_that_nothing_includes_is_missed() -> None:
    """A partial is missed as a whole, even one that could not be compiled."""
    files = {
        "template/a.mustache": "{{>used}}{{#Values.a}}{{>other}}{{/Values.a}}",
        "partials/used.mustache": "{{Name}}",
        "partials/other.mustache": "{{Name}}",
        "partials/broken.mustache": "{{#open}}",
        "partials/binary.txt": "plain",
    }

    found = missed(files, {})

    assert found == {
        "template/a.mustache": ["#Values.a"],
        "partials/other.mustache": ["the whole file", "{{Name}}"],
        "partials/broken.mustache": ["the whole file"],
        "partials/binary.txt": ["the whole file"],
    }


def test_template_that_another_includes_counts_once() -> None:
    """A file of the tree that is included as well has its regions once."""
    files = {
        "template/a.mustache": "{{#Values.a}}1{{/Values.a}}",
        "template/b.mustache": "{{>a}}",
    }

    found = blueprint(files, manifest=MUSTACHE)

    assert missed(files, {"a": 1}, {}) == {}
    assert len(renderer().regions(found) or ()) == 4


def test_files_that_are_copied_are_one_region() -> None:
    """A file without tags, a verbatim one and a link's target each count."""
    manifest = f"{MUSTACHE}files: [{{path: v.mustache, verbatim: true}}]\n"
    files: Files = {
        "template/a": b"\xff",
        "template/v.mustache": "{{#a}}",
        "template/l": BlueprintFile(b"{{#Values.b}}a{{/Values.b}}a", Mode.SYMLINK),
    }
    found = blueprint(files, manifest=manifest)

    regions = [(r.path, r.region.what) for r in renderer().regions(found) or ()]

    assert sorted(regions) == [
        ("template/a", "the whole file"),
        ("template/l", "#Values.b"),
        ("template/l", "else of #Values.b"),
        ("template/l", "the whole file"),
        ("template/v.mustache", "the whole file"),
    ]
    assert missed(files, {}, manifest=manifest) == {"template/l": ["#Values.b"]}


def test_watched_tree_is_the_tree() -> None:
    """Being watched changes neither tree nor commit message."""
    manifest = f"{MUSTACHE}repository: {{commit_message: 'By {{{{Name}}}}'}}\n"
    found = blueprint({"template/a.mustache": "{{Name}}"}, manifest=manifest)
    subject = Subject.of_example(Example("x", "me", "us", {}), found)
    values = found.accept({})

    ordinary = renderer().preview(found, values, subject)
    watched = renderer().watch(found, values, subject).rendered

    assert list(watched.tree) == list(ordinary.tree)
    assert watched.commit_message == ordinary.commit_message == "By me"


def test_broken_template_is_told_as_ever() -> None:
    """A template that can't be compiled has no regions, but an error with a place."""
    found = blueprint({"template/a.mustache": "\n{{#open}}"}, manifest=MUSTACHE)

    with pytest.raises(TemplateSyntaxError) as told:
        renderer().regions(found)

    assert str(told.value.at) == "sample/template/a.mustache:2:4"


def test_failure_while_watched_is_told_as_ever() -> None:
    """A rendering that fails has the same error, watched or not."""
    found = blueprint({"template/a.j2": "{{ Values.no }}"})
    example = Example("x", "me", "us", {})
    subject, values = Subject.of_example(example, found), found.accept({})

    with pytest.raises(TemplateError) as ordinary:
        renderer().preview(found, values, subject)
    with pytest.raises(TemplateError) as watched:
        renderer().watch(found, values, subject)

    assert watched.value.explain() == ordinary.value.explain()


class _Plain:
    """An engine without tags, and without coverage."""

    suffix: ClassVar[str] = ".plain"

    def __init__(self, options: JsonObject) -> None:
        del options

    def compile(self, text: str, *, name: str, partials: Mapping[str, str]) -> Template:
        del name, partials
        return _Text(text)


class _Text:
    def __init__(self, text: str) -> None:
        self._text = text

    def render(self, context: JsonObject) -> str:
        del context
        return self._text


def test_engine_that_cant_tell_is_not_measured() -> None:
    """A blueprint of an engine without coverage renders, and has no regions."""
    factory: type[Engine] = _Plain
    plain = Renderer({"plain": Plugin("plain", factory, "plain", "0")}, LIMITS)
    manifest = MANIFEST.replace("jinja2", "plain")
    found = blueprint({"template/a.plain": "text"}, manifest=manifest)
    subject = Subject.of_example(Example("x", "me", "us", {}), found)

    watched = plain.watch(found, found.accept({}), subject)

    assert plain.regions(found) is None
    assert [entry.content for entry in watched.rendered.tree] == [b"text"]
    assert watched.reached == frozenset()
