"""What a tree's own ``.gitignore`` files would hide."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from provisionhub.tree import Entry, Mode, Tree, tree_warnings


def tree_of(files: dict[str, str]) -> Tree:
    """Return a tree of plain files."""
    return Tree(Entry(path, text.encode()) for path, text in files.items())


TABLE = [
    pytest.param({"a": ""}, [], id="no ignore file"),
    pytest.param({".gitignore": "*.log\n", "a.log": ""}, ["a.log"], id="name"),
    pytest.param({".gitignore": "*.log\n", "x/a.log": ""}, ["x/a.log"], id="below"),
    pytest.param({".gitignore": "/a\n", "a": "", "x/a": ""}, ["a"], id="anchored"),
    pytest.param({".gitignore": "x/\n", "x/y/a": ""}, ["x/y/a"], id="folder"),
    pytest.param({".gitignore": "a/\n", "a": ""}, [], id="folder's pattern, file"),
    pytest.param(
        {".gitignore": "*.log\n!b.log\n", "a.log": "", "b.log": ""},
        ["a.log"],
        id="negation",
    ),
    pytest.param(
        {".gitignore": "x/\n!x/a\n", "x/a": ""}, ["x/a"], id="hidden folder stays"
    ),
    pytest.param({".gitignore": "x/*\n!x/a\n", "x/a": ""}, [], id="brought back"),
    pytest.param(
        {".gitignore": "*.log\n", "x/.gitignore": "!*.log\n", "x/a.log": ""},
        [],
        id="deeper file decides",
    ),
    pytest.param(
        {".gitignore": "!a\n", "x/.gitignore": "a\n", "a": "", "x/a": ""},
        ["x/a"],
        id="deeper file hides",
    ),
    pytest.param(
        {".gitignore": "x/\n", "x/.gitignore": "!a\n", "x/a": ""},
        ["x/.gitignore", "x/a"],
        id="file in a hidden folder is not read",
    ),
    pytest.param(
        {"x/.gitignore": "/y/a\n", "x/y/a": "", "y/a": ""}, ["x/y/a"], id="relative"
    ),
    pytest.param({".gitignore": ".*\n", ".env": ""}, [".env", ".gitignore"], id="dots"),
    pytest.param({".gitignore": "a\r\nb\r\n", "a": "", "b": ""}, ["a", "b"], id="CRLF"),
    pytest.param({".gitignore": "\ufeffa\n", "a": ""}, ["a"], id="byte order mark"),
    pytest.param({".gitignore": "# a\n\n \n", "a": ""}, [], id="comments and blanks"),
    pytest.param({".gitignore": "\\#a\n", "#a": ""}, ["#a"], id="escaped"),
    pytest.param({".gitignore": "**/b\n", "x/y/b": ""}, ["x/y/b"], id="two stars"),
    pytest.param({".gitignore": "x/**/b\n", "x/b": ""}, ["x/b"], id="stars inside"),
    pytest.param({".gitignore": "[ab].c\n", "a.c": "", "d.c": ""}, ["a.c"], id="set"),
]


@pytest.mark.parametrize(("files", "hidden"), TABLE)
def test_names_hidden_files(files: dict[str, str], hidden: list[str]) -> None:
    """Each file that an ignore file of the tree hides is named, and no other."""
    warnings = tree_warnings(tree_of(files))

    assert hidden == [warning.split("`")[1] for warning in warnings]


@pytest.mark.parametrize(("files", "hidden"), TABLE)
def test_agrees_with_git(
    files: dict[str, str], hidden: list[str], tmp_path: Path
) -> None:
    """The table says what git itself says of the same files."""
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text.encode())
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)

    asked = subprocess.run(
        ["git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "--stdin"],
        cwd=tmp_path,
        input="\n".join(sorted(files)),
        capture_output=True,
        text=True,
        check=False,
    )

    assert hidden == asked.stdout.splitlines()


def test_says_which_pattern_hides_a_file() -> None:
    """The warning shows the pattern and where it stands."""
    tree = tree_of({"x/.gitignore": "# logs\n\n*.log\n", "x/a.log": ""})

    assert tree_warnings(tree) == [
        "`x/a.log` is hidden by the pattern `*.log` in `x/.gitignore`"
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("!", id="lone negation"),
        pytest.param("a\\", id="lone escape"),
        pytest.param("[z-a]", id="range the wrong way"),
        pytest.param("[[:foo:]]", id="unknown class"),
        pytest.param("///", id="slashes"),
        pytest.param("*c*c*c*", id="many stars"),
        pytest.param("b" * 513, id="too long"),
        pytest.param("\x00", id="NUL"),
    ],
)
def test_passes_over_odd_patterns(pattern: str) -> None:
    """A pattern that is not valid matches nothing; the others hold."""
    tree = tree_of({".gitignore": f"{pattern}\nb\n", "aaaaa": "", "b": ""})

    assert len(tree_warnings(tree)) == 1


def test_bytes_that_are_not_text_do_not_matter() -> None:
    """An ignore file that is not UTF-8 is read as far as it goes."""
    tree = Tree([Entry(".gitignore", b"\xff\na\n"), Entry("a", b"")])

    assert len(tree_warnings(tree)) == 1


def test_linked_ignore_file_is_not_read() -> None:
    """Git does not follow a linked ignore file, so neither is it read here."""
    tree = Tree([Entry(".gitignore", b"a", Mode.SYMLINK), Entry("a", b"")])

    assert tree_warnings(tree) == []


def test_names_a_few_of_many() -> None:
    """A thousand hidden files are not a thousand warnings."""
    files = {f"dist/{number}": "" for number in range(1000)}

    warnings = tree_warnings(tree_of({".gitignore": "dist/\n", **files}))

    assert len(warnings) == 21
    assert warnings[-1] == "and 980 more files are"


def test_costly_patterns_are_matched_all_the_same() -> None:
    """Patterns made to be slow are matched in linear time, and to the end."""
    patterns = "\n".join(["*a" * 200 + "b", "**/" * 100 + "c"] * 50)
    files = {f"{number:03}" + "a" * 250: "" for number in range(100)}

    warnings = tree_warnings(tree_of({".gitignore": patterns, **files, "x/y/c": ""}))

    assert [warning.split("`")[1] for warning in warnings] == ["x/y/c"]
