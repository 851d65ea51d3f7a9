"""Where symbolic links may lead, and where not."""

from __future__ import annotations

import pytest

from provisionhub.errors import UnsafePathError
from provisionhub.tree import Entry, Mode, Tree, TreeLimits, check_tree

LIMITS = TreeLimits(files=1000, file_bytes=10_000, total_bytes=10_000_000)


def tree_of(links: dict[str, str], *files: str) -> Tree:
    """Return a tree of links, path to target, and empty files."""
    return Tree(
        [
            *(Entry(path, to.encode(), Mode.SYMLINK) for path, to in links.items()),
            *(Entry(path, b"") for path in files),
        ]
    )


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param(tree_of({"l": "a"}, "a"), id="sibling"),
        pytest.param(tree_of({"l": "./a"}, "a"), id="sibling with a dot"),
        pytest.param(tree_of({"x/l": "../a"}, "a"), id="folder above"),
        pytest.param(tree_of({"x/y/l": "../../x/a"}, "x/a"), id="down again"),
        pytest.param(tree_of({"l": "x"}, "x/a"), id="folder"),
        pytest.param(tree_of({"x/l": ".."}, "x/a"), id="the tree itself"),
        pytest.param(tree_of({"l": "."}), id="its own folder"),
        pytest.param(tree_of({"l": "m", "m": "n"}, "n"), id="link to a link"),
        pytest.param(tree_of({"x/l": "m/../a", "x/m": "y"}, "x/y/b"), id="through one"),
        pytest.param(tree_of({"l": "dist/app.js"}), id="not there yet"),
        pytest.param(tree_of({"l": "Größe"}, "Größe"), id="Unicode target"),
        pytest.param(
            tree_of({"l0": "a"} | {f"l{n + 1}": f"l{n}" for n in range(30)}, "a"),
            id="thirty links in a row",
        ),
    ],
)
def test_accepts_links_that_stay_inside(tree: Tree) -> None:
    """A relative link that stays inside the tree survives."""
    check_tree(tree, LIMITS)


@pytest.mark.parametrize(
    ("tree", "reason"),
    [
        pytest.param(tree_of({"l": "/etc/passwd"}), "is absolute", id="absolute"),
        pytest.param(tree_of({"l": ""}), "has an empty part", id="empty"),
        pytest.param(tree_of({"l": "a//b"}), "has an empty part", id="empty part"),
        pytest.param(tree_of({"l": "a/"}, "a/b"), "has an empty part", id="slash"),
        pytest.param(tree_of({"l": "C:/x"}), "holds `:`", id="drive"),
        pytest.param(tree_of({"l": "..\\x"}), "holds `\\`", id="back-slash"),
        pytest.param(tree_of({"l": "a\nb"}), "control character", id="line feed"),
        pytest.param(tree_of({"l": "a\u202eb"}), "formatting", id="bidi"),
        pytest.param(tree_of({"l": "x" * 1025}), "1024 bytes", id="long"),
        pytest.param(tree_of({"l": "x" * 256}), "255 bytes", id="long part"),
        pytest.param(tree_of({"l": "a. "}), "dot or a blank", id="trailing blank"),
        pytest.param(tree_of({"l": ".git"}), "Git's own", id=".git, CVE-2024-32002"),
        pytest.param(tree_of({"l": "a/.GIT/hooks"}), "Git's own", id=".git below"),
        pytest.param(tree_of({"l": "git~1/hooks"}), "Git's own", id="short .git"),
        pytest.param(tree_of({"l": "../.git/config"}), "Git's own", id=".git above"),
        pytest.param(tree_of({"l": "nul"}), "device", id="device"),
    ],
)
def test_refuses_odd_targets(tree: Tree, reason: str) -> None:
    """A target is held to the rules of paths, and the message says which it breaks."""
    with pytest.raises(UnsafePathError, match="is a link whose target") as caught:
        check_tree(tree, LIMITS)

    assert reason in caught.value.message


@pytest.mark.parametrize(
    ("tree", "reason"),
    [
        pytest.param(tree_of({"l": ".."}), "out of the tree", id="above"),
        pytest.param(tree_of({"l": "../a"}, "a"), "out of the tree", id="beside"),
        pytest.param(
            tree_of({"x/l": "../../a"}, "a"), "out of the tree", id="from a folder"
        ),
        pytest.param(
            tree_of({"l": "x/../../a"}, "x/b"), "out of the tree", id="after going in"
        ),
        pytest.param(
            tree_of({"a/b/up": "../..", "l": "a/b/up/../x"}, "x"),
            "out of the tree",
            id="through a link to the top",
        ),
        pytest.param(
            tree_of({"d": "a/b", "e": "d/../../.."}, "a/b/c"),
            "out of the tree",
            id="dot-dot after a link",
        ),
        pytest.param(
            tree_of({"a/b/up": "../..", "l": "A/B/UP/../x"}, "x"),
            "out of the tree",
            id="through a link in another case",
        ),
        pytest.param(
            tree_of({"l": "missing/../../x"}), "out of the tree", id="through nothing"
        ),
        pytest.param(tree_of({"l": "l"}), "never arrives", id="itself"),
        pytest.param(tree_of({"l": "L"}), "never arrives", id="itself by case"),
        pytest.param(tree_of({"l": "m", "m": "l"}), "never arrives", id="a pair"),
        pytest.param(tree_of({"l": "l/x"}), "never arrives", id="itself and on"),
        pytest.param(
            tree_of({f"l{n}": f"l{n + 1}/l{n + 1}" for n in range(99)}, "a"),
            "never arrives",
            id="each twice the next",
        ),
        pytest.param(
            tree_of({"l0": "."} | {f"l{n + 1}": f"l{n}/l{n}" for n in range(30)}),
            "never arrives",
            id="a billion steps",
        ),
        pytest.param(tree_of({"l": "a/b"}, "a"), "through a file", id="through a file"),
        pytest.param(
            tree_of({"l": "a/.."}, "a"), "through a file", id="back from a file"
        ),
        pytest.param(
            tree_of({"l": "m/b", "m": "a"}, "a"), "through a file", id="link to a file"
        ),
    ],
)
def test_refuses_links_that_lead_astray(tree: Tree, reason: str) -> None:
    """A link that leaves, loops, or goes through a file is refused."""
    with pytest.raises(UnsafePathError) as caught:
        check_tree(tree, LIMITS)

    assert reason in caught.value.message


def test_refuses_targets_that_are_not_text() -> None:
    """A target that is not valid UTF-8 is refused."""
    with pytest.raises(UnsafePathError, match="target is not valid UTF-8"):
        check_tree(Tree([Entry("l", b"\xff", Mode.SYMLINK)]), LIMITS)


@pytest.mark.parametrize(
    "below",
    [
        pytest.param("l/a", id="same spelling"),
        pytest.param("L/a", id="another case, CVE-2021-21300"),
    ],
)
def test_refuses_entries_below_a_link(below: str) -> None:
    """Nothing can be written through a link of the tree."""
    with pytest.raises(UnsafePathError, match="but a file and a folder"):
        check_tree(tree_of({"l": "x"}, below, "x/b"), LIMITS)


def test_long_detours_are_cut_short() -> None:
    """Links that send each other on long ways are refused without walking them."""
    detour = "y/../" * 200
    links = {f"l{n}": f"{detour}l{n + 1}" for n in range(900)}

    with pytest.raises(UnsafePathError, match="never arrives"):
        check_tree(tree_of(links), LIMITS)
