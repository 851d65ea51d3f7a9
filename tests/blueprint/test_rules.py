"""Which files a rule of the manifest names."""

from __future__ import annotations

import pytest

from provisionhub.blueprint.rules import FileRule, treatment_of


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        pytest.param("README.md", "README.md", True, id="name"),
        pytest.param("README.md", "docs/README.md", False, id="anchored at the root"),
        pytest.param("*.md", "README.md", True, id="star"),
        pytest.param("*.md", "docs/README.md", False, id="star stays in its part"),
        pytest.param("docs/?.md", "docs/a.md", True, id="question mark"),
        pytest.param("docs/[ab].md", "docs/c.md", False, id="set"),
        pytest.param("db/**", "db/a/b.sql", True, id="all below"),
        pytest.param("db/**", "db", False, id="not the folder itself"),
        pytest.param("**/*.yaml", "a/b/c.yaml", True, id="any depth"),
        pytest.param("**/*.yaml", "c.yaml", True, id="no depth"),
        pytest.param("a/**/b", "a/b", True, id="globstar for nothing"),
        pytest.param("a/**/b", "a/x/y/b", True, id="globstar for two"),
        pytest.param("a/**/b", "a/x/y/c", False, id="globstar, other end"),
        pytest.param("**", "a/b", True, id="everything"),
        pytest.param("src/{{ Name }}/*", "src/{{ Name }}/x", True, id="tags"),
    ],
)
def test_glob_matches(glob: str, path: str, expected: bool) -> None:
    """A glob matches as in Git and shells: ``**`` crosses folders, ``*`` does not."""
    assert FileRule(glob).matches(path) is expected


def test_hostile_glob_is_matched_in_linear_time() -> None:
    """A glob full of stars is matched at once: it is the author's, not ours."""
    rule = FileRule("**/" * 40 + "*a" * 200 + "b")

    assert rule.matches("/".join(["a" * 200] * 40)) is False


def test_all_matching_rules_apply() -> None:
    """What the rules that match a file say is taken together."""
    rules = [
        FileRule("**", when="{{ a }}"),
        FileRule("deploy/*.yaml", secrets=("/token",)),
        FileRule("deploy/*", when="{{ b }}", secrets=("/key",)),
        FileRule("other", verbatim=True),
    ]

    treatment = treatment_of("deploy/app.yaml.j2", rules, suffix=".j2")

    assert treatment.conditions == (0, 2)
    assert treatment.secrets == {"/token", "/key"}
    assert treatment.verbatim is False
