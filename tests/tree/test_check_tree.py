"""How the entries of one tree get along, and how large it may be."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisionhub.errors import LimitExceededError, PermanentError, UnsafePathError
from provisionhub.tree import Entry, Mode, Tree, TreeLimits, check_tree

LIMITS = TreeLimits(files=100, file_bytes=1000, total_bytes=10_000)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("README.md", "readme.md", id="case"),
        pytest.param("Makefile", "makefile", id="case, as make reads them"),
        pytest.param("a/B/c", "a/b/d", id="case of a folder"),
        pytest.param("A/x", "a/y", id="case of the first folder, CVE-2021-21300"),
        pytest.param("caf\u00e9", "cafe\u0301", id="Unicode form"),
        pytest.param("stra\u00dfe", "STRASSE", id="sharp s"),
        pytest.param("\ufb01le", "file", id="ligature"),
        pytest.param("x\u00b2", "x2", id="superscript"),
        pytest.param("\u212bngstr\u00f6m", "\u00e5ngstr\u00f6m", id="unit sign"),
        pytest.param("\u03c3\u03c2", "\u03c3\u03c3", id="final sigma"),
        pytest.param("a\ufe0fb", "ab", id="variation selector"),
        pytest.param("\u1fb7", "\u1fb6\u0399", id="Greek iota subscript"),
    ],
)
def test_refuses_two_paths_that_may_be_one(first: str, second: str) -> None:
    """Two names that one file system takes for one are refused, and both named."""
    with pytest.raises(UnsafePathError, match="is one with") as caught:
        check_tree(Tree([Entry(first, b""), Entry(second, b"")]), LIMITS)

    shown = caught.value.message
    assert first.partition("/")[0] in shown
    assert second.partition("/")[0] in shown


@pytest.mark.parametrize(
    ("file", "below"),
    [
        pytest.param("a", "a/b", id="same spelling"),
        pytest.param("A", "a/b", id="another case"),
        pytest.param("b/A", "b/a/c", id="nested"),
        pytest.param("z", "Z/a", id="folder first"),
    ],
)
def test_refuses_a_file_where_a_folder_is(file: str, below: str) -> None:
    """One path can't be a file and a folder, whatever its case."""
    with pytest.raises(UnsafePathError, match="but a file and a folder"):
        check_tree(Tree([Entry(file, b""), Entry(below, b"")]), LIMITS)


def test_refuses_a_path_given_twice() -> None:
    """Two entries of one path are refused."""
    with pytest.raises(
        UnsafePathError, match="the path `a/b` stands in the tree twice"
    ):
        check_tree(Tree([Entry("a/b", b"1"), Entry("a/b", b"2")]), LIMITS)


@pytest.mark.parametrize(
    ("mode", "accepted"),
    [
        pytest.param(0o100644, True, id="file"),
        pytest.param(0o100755, True, id="executable"),
        pytest.param(0o100664, False, id="group-writable"),
        pytest.param(0o104755, False, id="set user id"),
        pytest.param(0o160000, False, id="submodule"),
        pytest.param(0o040000, False, id="folder"),
        pytest.param(0o020000, False, id="device"),
        pytest.param(0, False, id="nothing"),
    ],
)
def test_knows_three_modes_only(mode: int, accepted: bool) -> None:
    """A mode that Git has and trees may not hold is refused, and shown."""
    tree = Tree([Entry("a", b"b", cast("Mode", mode))])

    if accepted:
        check_tree(tree, LIMITS)
        return
    with pytest.raises(UnsafePathError, match=f"has the mode {mode:06o}"):
        check_tree(tree, LIMITS)


@pytest.mark.parametrize(
    ("limits", "limit", "allowed", "shown"),
    [
        pytest.param(TreeLimits(1, 99, 99), "MAX_FILES", 1, "2 files", id="count"),
        pytest.param(
            TreeLimits(9, 3, 99), "MAX_FILE_SIZE", "3 bytes", "`b` has 4", id="one file"
        ),
        pytest.param(
            TreeLimits(9, 9, 5), "MAX_WORKSPACE_SIZE", "5 bytes", "with `b`", id="total"
        ),
    ],
)
def test_limits_name_the_file(
    limits: TreeLimits, limit: str, allowed: str | int, shown: str
) -> None:
    """What is too many or too large is refused by the limit's name."""
    with pytest.raises(LimitExceededError) as caught:
        check_tree(Tree([Entry("a", b"12"), Entry("b", b"1234")]), limits)

    assert (limit, allowed) == (caught.value.limit, caught.value.allowed)
    assert shown in caught.value.message


def test_limits_are_shown_as_a_person_would_write_them() -> None:
    """Whole megabytes are shown as such."""
    limits = TreeLimits(files=1, file_bytes=2_000_000, total_bytes=9_000_000)

    with pytest.raises(LimitExceededError, match="at most 2MB are allowed"):
        check_tree(Tree([Entry("a", bytes(2_000_001))]), limits)


def test_limits_are_reached_but_not_passed() -> None:
    """A tree of exactly the allowed size passes."""
    tree = Tree([Entry("a", b"12"), Entry("b", b"1234")])

    check_tree(tree, TreeLimits(files=2, file_bytes=4, total_bytes=6))


def test_accepts_the_empty_tree() -> None:
    """A tree without entries is safe."""
    check_tree(Tree([]), LIMITS)


PARTS = st.one_of(
    st.sampled_from([".", "..", "", ".git", "a", "A", "b", "git~1", "con", "ﬁ", "fi"]),
    st.text(max_size=4),
)
PATHS = st.lists(PARTS, max_size=4).map("/".join)
TARGETS = PATHS.map(lambda path: path.encode(errors="surrogatepass"))
ENTRIES = st.builds(
    Entry, PATHS, st.one_of(st.binary(max_size=9), TARGETS), st.sampled_from(Mode)
)


@given(st.lists(ENTRIES, max_size=8))
def test_any_tree_is_accepted_or_refused(entries: list[Entry]) -> None:
    """Whatever the tree, nothing but an error of ours comes out, fit to be shown."""
    assert _verdict(entries).isprintable()


@given(st.lists(ENTRIES, max_size=8))
def test_verdict_does_not_depend_on_order(entries: list[Entry]) -> None:
    """The same entries in another order give the same verdict."""
    assert bool(_verdict(entries)) == bool(_verdict(entries[::-1]))


def _verdict(entries: list[Entry]) -> str:
    try:
        check_tree(Tree(entries), LIMITS)
    except PermanentError as error:
        return error.message
    return ""
