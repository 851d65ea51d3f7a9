"""A diff of two trees shows what differs, where, and no more than a reader takes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisionhub.gate.diff import tree_diff
from provisionhub.tree import Entry, Mode, Tree, tree_text


def text(**files: str) -> str:
    """Return the text of a tree of *files*, an underscore for each dot."""
    return tree_text(
        Tree(
            Entry(name.replace("_", "."), body.encode()) for name, body in files.items()
        )
    )


NUMBERS = "".join(f"{n}\n" for n in range(100))

CASES = {
    "line in the middle": (
        text(a_txt=NUMBERS),
        text(a_txt=NUMBERS.replace("50\n", "fifty\n")),
        (
            "--- a.txt\n+++ a.txt\n@@ -48,7 +48,7 @@\n"
            " 47\n 48\n 49\n-50\n+fifty\n 51\n 52\n 53"
        ),
    ),
    "two hunks": (
        text(a_txt=NUMBERS),
        text(a_txt=NUMBERS.replace("10\n", "ten\n").replace("90\n", "")),
        (
            "--- a.txt\n+++ a.txt\n"
            "@@ -8,7 +8,7 @@\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n"
            "@@ -88,7 +88,6 @@\n 87\n 88\n 89\n-90\n 91\n 92\n 93"
        ),
    ),
    "file that came, file that went": (
        text(a="1", b="2"),
        text(b="2", c="3"),
        "-=== a (100644)\n+=== c (100644)",
    ),
    "mode": (
        tree_text(Tree([Entry("run", b"x\n")])),
        tree_text(Tree([Entry("run", b"x\n", Mode.EXECUTABLE)])),
        "--- run\n+++ run\n-=== run (100644)\n+=== run (100755)",
    ),
    "target of a link": (
        tree_text(Tree([Entry("run", b"a", Mode.SYMLINK)])),
        tree_text(Tree([Entry("run", b"b", Mode.SYMLINK)])),
        "--- run\n+++ run\n-=== run (120000) -> a\n+=== run (120000) -> b",
    ),
    "nothing recorded": ("", text(a="1"), "+=== a (100644)"),
    "nothing rendered": (text(a="1"), "", "-=== a (100644)"),
    "last line without its end": (
        text(a="1\n"),
        text(a="1"),
        "--- a\n+++ a\n@@ -1,2 +1,3 @@\n 1\n+\\ no newline at end of file\n ",
    ),
    "words before the first file": (
        "by hand\n" + text(a="1"),
        text(a="1"),
        "-(text before the first file)",
    ),
    "another order": (
        text(b="2\n") + text(a="1\n"),
        text(a="1\n", b="2\n"),
        "the recorded files stand in another order",
    ),
}


@pytest.mark.parametrize(
    ("recorded", "rendered", "expected"), CASES.values(), ids=CASES.keys()
)
def test_shows_what_differs(recorded: str, rendered: str, expected: str) -> None:
    """Files are named, hunks numbered as they are in the files."""
    assert tree_diff(recorded, rendered) == expected


def test_content_that_may_hold_secrets_is_not_shown() -> None:
    """Of a guarded file it is told that it differs; not in what."""
    shown = tree_diff(
        text(a="old secret\n", b="1\n"), text(a="new secret\n", b="2\n"), guarded={"a"}
    )

    assert "secret\n" not in shown
    assert "--- a\n+++ a\n(its content may hold secrets, and is not shown)" in shown
    assert "-1\n+2" in shown


def test_nothing_in_a_diff_steers_a_terminal() -> None:
    """Escapes and marks of direction are pictured; tabs stay what they are."""
    shown = tree_diff(text(a="\tx"), text(a="\t\x1b[2J\u202ex"))

    assert "+\t\u241b[2J\ufffdx" in shown


def test_secret_is_hidden_before_it_is_cut() -> None:
    """Not even the beginning of a secret is left at the end of a long line."""
    secret = "s3cret-" * 10
    line = "x" * 180 + secret

    shown = tree_diff(
        text(a=""), text(a=line), redact=lambda text: text.replace(secret, "***")
    )

    assert "s3cret" not in shown


@given(st.text(max_size=300), st.text(max_size=300))
def test_two_texts_that_differ_are_shown_to(recorded: str, rendered: str) -> None:
    """Whatever a snapshot holds, a difference is shown, and within bounds."""
    shown = tree_diff(recorded, rendered)

    assert shown
    assert len(shown.encode("utf-8", "replace")) <= 4096


def test_large_difference_is_cut_and_takes_no_time() -> None:
    """A tree that is another altogether gives a short diff, and soon."""
    lines = [f"{n}\n" for n in range(50_000)]
    began = time.process_time()

    shown = tree_diff(text(a="".join(lines)), text(a="".join(reversed(lines))))

    assert shown.endswith("\n… and more")
    assert shown.count("\n") == 40
    assert time.process_time() - began < 2
