"""Reading a blueprint, and what is said of one that is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from provisionhub.blueprint import BlueprintFile, load_blueprint, read_folder
from provisionhub.errors import (
    BlueprintNotFoundError,
    InvalidBlueprintError,
    InvalidJobError,
    InvalidValuesError,
    LimitExceededError,
)
from provisionhub.job import JobType
from provisionhub.tree import Mode
from support.blueprints import MANIFEST, Files, blueprint, write_blueprint
from support.jobs import job

SCHEMA = """\
schema:
  type: object
  required: [port]
  additionalProperties: false
  properties:
    port: {type: integer, minimum: 1, maximum: 65535}
    database: {enum: [none, postgres], default: none}
    token: {type: string, writeOnly: true}
"""


def test_manifest_is_read() -> None:
    """A manifest's members are what the blueprint says, defaults filled in."""
    manifest = blueprint({}, manifest=MANIFEST + "title: Sample\n").manifest

    assert (manifest.name, manifest.version, manifest.title) == (
        "sample",
        "1.2.0",
        "Sample",
    )
    assert manifest.types == {JobType.COMPONENT}
    assert manifest.repository.default_branch == "main"


@pytest.mark.parametrize(
    ("manifest", "place", "says"),
    [
        pytest.param("name: [a", "1:", "", id="broken YAML"),
        pytest.param("- a\n", "1:1", "must be a mapping", id="no mapping"),
        pytest.param(
            MANIFEST.replace("engine:", "engin:"), "4:", "engine", id="misspelled"
        ),
        pytest.param(MANIFEST + "types: [servce]\n", "5:9", "component", id="choice"),
        pytest.param(
            MANIFEST.replace("1.2.0", "1.2"), "3:10", "string", id="number as version"
        ),
        pytest.param(MANIFEST + "a: &x 1\nb: *x\n", "5:", "anchor", id="anchor"),
        pytest.param(MANIFEST + "name: twice\n", "5:1", "name", id="duplicate key"),
        pytest.param(
            MANIFEST + "schema: {type: objet}\n", "5:16", "object", id="no schema"
        ),
        pytest.param(
            MANIFEST + "schema: {properties: {a: {$ref: 'http://x/y'}}}\n",
            "5:",
            "nothing is ever fetched",
            id="remote reference",
        ),
        pytest.param(
            MANIFEST + "schema: values.json\n", "5:9", "values.json", id="no file"
        ),
        pytest.param(
            MANIFEST + "files: [{path: 'REDME.md', verbatim: true}]\n",
            "5:16",
            "no file",
            id="rule for no file",
        ),
        pytest.param(
            MANIFEST + SCHEMA + "files: [{path: README.md, secrets: [tokn]}]\n",
            "13:",
            "no property `tokn`",
            id="unknown secret",
        ),
    ],
)
def test_wrong_manifest_is_told_with_its_line(
    manifest: str, place: str, says: str
) -> None:
    """What is wrong with a manifest is told with file, line and what is accepted."""
    with pytest.raises(InvalidBlueprintError) as caught:
        blueprint({"template/README.md": "x"}, manifest=manifest)

    assert says in caught.value.explain()
    assert caught.value.at is not None
    assert str(caught.value.at).startswith(f"sample/blueprint.yaml:{place}")


def test_near_name_is_suggested() -> None:
    """A misspelled member of the manifest gets a hint."""
    with pytest.raises(InvalidBlueprintError) as caught:
        blueprint(manifest=MANIFEST + "engine_option: {}\n")

    assert "did you mean `engine_options`?" in caught.value.explain()
    assert str(caught.value.at) == "sample/blueprint.yaml:5:1"


def test_misspelled_keyword_of_the_schema_is_shown() -> None:
    """A misspelled keyword of the schema has the caret under itself, and a hint."""
    with pytest.raises(InvalidBlueprintError) as caught:
        blueprint(manifest=MANIFEST + "schema: {requried: [port]}\n")

    explained = caught.value.explain()
    assert "blueprint.yaml:5:10" in explained
    assert (
        "    5 > schema: {requried: [port]}\n                 ^^^^^^^^\n" in explained
    )
    assert "did you mean `required`?" in explained


def test_missing_manifest_is_told() -> None:
    """Files without a manifest are no blueprint."""
    with pytest.raises(InvalidBlueprintError, match=r"no `blueprint\.yaml`"):
        load_blueprint({"template/a": BlueprintFile(b"")}, label="sample")


def test_manifest_is_never_a_link() -> None:
    """A manifest that is a symbolic link is refused, wherever it leads."""
    link = BlueprintFile(b"/etc/passwd", Mode.SYMLINK)

    with pytest.raises(InvalidBlueprintError, match="symbolic link"):
        load_blueprint({"blueprint.yaml": link}, label="sample")


def test_schema_may_stand_in_a_file_of_its_own() -> None:
    """A schema may lie beside the manifest; errors then point into that file."""
    manifest = MANIFEST + "schema: values.schema.json\n"
    schema = '{"type": "object", "required": ["a"]}'

    sound = blueprint({"values.schema.json": schema}, manifest=manifest)
    with pytest.raises(InvalidValuesError) as missing:
        sound.accept({})
    with pytest.raises(InvalidBlueprintError) as wrong:
        blueprint({"values.schema.json": '{"type": 7}'}, manifest=manifest)

    assert [violation.pointer for violation in missing.value.violations] == ["/a"]
    assert str(wrong.value.at).startswith("sample/values.schema.json:1:")


def test_all_violations_are_told_at_once() -> None:
    """Values that break the schema in three places get three violations."""
    with pytest.raises(InvalidValuesError) as caught:
        blueprint(manifest=MANIFEST + SCHEMA).accept(
            {"port": 70000, "database": "postgre", "prot": 1}
        )

    pointers = [violation.pointer for violation in caught.value.violations]
    assert sorted(pointers) == ["/database", "/port", "/prot"]


def test_defaults_are_filled_in() -> None:
    """Values that are left out take the schema's defaults."""
    accepted = blueprint(manifest=MANIFEST + SCHEMA).accept({"port": 80})

    assert accepted.data == {"port": 80, "database": "none"}


def test_digest_depends_on_content_alone(tmp_path: Path) -> None:
    """Equal blueprints have equal digests wherever they lie; any change shows."""
    files: Files = {"template/a": "x", "partials/b": "y", "README.md": "for people"}
    first = read_folder(write_blueprint(tmp_path / "one", files), longest=10_000)
    second = read_folder(write_blueprint(tmp_path / "two", files), longest=10_000)
    executable = {**first, "template/a": BlueprintFile(b"x", Mode.EXECUTABLE)}
    changed = {**first, "partials/b": BlueprintFile(b"z")}

    digests = [
        load_blueprint(found, label="x").digest
        for found in (first, second, executable, changed)
    ]

    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
    assert "README.md" not in first


def test_folder_is_read_without_following_links(tmp_path: Path) -> None:
    """Links are read as links, never entered, and executables as such."""
    folder = write_blueprint(tmp_path / "b", {"template/run.sh": "#!/bin/sh\n"})
    (folder / "template/run.sh").chmod(0o755)
    (folder / "template/link").symlink_to("run.sh")
    (folder / "template/out").symlink_to("/etc")

    files = read_folder(folder, longest=10_000)

    assert files["template/run.sh"].mode is Mode.EXECUTABLE
    assert files["template/link"] == BlueprintFile(b"run.sh", Mode.SYMLINK)
    assert files["template/out"] == BlueprintFile(b"/etc", Mode.SYMLINK)


def test_other_kinds_of_file_are_refused(tmp_path: Path) -> None:
    """A pipe in a blueprint is refused; reading it would never end."""
    folder = write_blueprint(tmp_path / "b", {"template/a": ""})
    os.mkfifo(folder / "template/pipe")

    with pytest.raises(InvalidBlueprintError, match="template/pipe"):
        read_folder(folder, longest=10_000)


def test_blueprint_larger_than_its_limit_is_refused(tmp_path: Path) -> None:
    """A blueprint's files together may not pass MAX_TEMPLATE_SIZE."""
    folder = write_blueprint(tmp_path / "b", {"template/large": "x" * 5000})

    with pytest.raises(LimitExceededError, match="template/large") as caught:
        read_folder(folder, longest=4000)

    assert (caught.value.limit, caught.value.allowed) == ("MAX_TEMPLATE_SIZE", 4000)


def test_examples_are_named_and_read() -> None:
    """Examples are found by name, and read as {name, namespace, values}."""
    found = blueprint(
        {
            "examples/small.yaml": "name: tiny\nvalues: {a: 1}\n",
            "examples/large.json": '{"values": {}}',
        }
    )

    assert found.example_names == ["large", "small"]
    assert found.example("small").name == "tiny"
    assert found.example("small").values == {"a": 1}


def test_missing_example_is_told_with_those_there_are() -> None:
    """An example that is not there is refused with those that are, and a hint."""
    found = blueprint({"examples/small.yaml": "values: {}\n"})

    with pytest.raises(BlueprintNotFoundError, match="it has `small`") as caught:
        found.example("smal")

    assert caught.value.hint == "did you mean `small`?"


def test_job_of_another_type_is_refused() -> None:
    """A blueprint refuses a job of a type that it does not serve."""
    with pytest.raises(InvalidJobError, match="does not serve") as caught:
        blueprint().check_serves(JobType.SYSTEM)

    assert caught.value.violations[0].pointer == "/type"


def test_job_goes_before_the_blueprint() -> None:
    """What a job leaves open of its repository is the blueprint's to say."""
    manifest = MANIFEST + "repository: {default_branch: trunk, topics: [go]}\n"

    wanted = blueprint(manifest=manifest).repository_for(job())

    assert (wanted.default_branch, wanted.topics) == ("trunk", ("go",))
    assert wanted.full_path == "my-team/my-service"
