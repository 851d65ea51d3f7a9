"""Templates made to harm: each ends in one of our errors, and the next job is done."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Final

import pytest

from provisionhub.blueprint import BlueprintFile
from provisionhub.errors import PermanentError
from provisionhub.sandbox import Sandbox
from support.attacks import ATTACKS, Attack
from support.blueprints import MANIFEST, blueprint_files
from support.sandboxes import LIMITS, SUFFIXES, outcome, render, sandbox

_LEAKS: Final = re.compile(rb"0x[0-9a-f]{6,}|root:|<(?:class|function|module|built-in)")
_SLACK_SECONDS: Final = 3.0
_NAME: Final = {"go": "{{.Name}}"}


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """Return a sandbox that all attacks are run in, one after the other."""
    made = sandbox()
    yield made
    made.close()


def _files(engine: str, attack: Attack) -> dict[str, BlueprintFile]:
    partials = {f"partials/{path}": text for path, text in attack.partials.items()}
    template = {f"template/a.txt{SUFFIXES[engine]}": attack.text}
    manifest = MANIFEST.replace("jinja2", engine)
    return blueprint_files(template | partials, manifest)


@pytest.mark.parametrize(
    ("engine", "attack"),
    [
        pytest.param(engine, attack, id=f"{engine} {attack.name}")
        for engine, attacks in ATTACKS.items()
        for attack in attacks
    ],
)
def test_attack_ends_as_it_must(engine: str, attack: Attack, box: Sandbox) -> None:
    """An attack ends in time, in one of the errors that it may end in."""
    began = time.monotonic()

    ended = outcome(lambda: render(box, _files(engine, attack), attack.values))

    if isinstance(ended, PermanentError):
        assert isinstance(ended, attack.end.errors), ended.explain()
        assert not _LEAKS.search(ended.explain().encode())
    else:
        assert not attack.end.errors, [entry.content[:200] for entry in ended.tree]
        assert not any(_LEAKS.search(entry.content) for entry in ended.tree)
    assert time.monotonic() - began < LIMITS.wall_seconds + _SLACK_SECONDS


@pytest.mark.parametrize("engine", list(ATTACKS))
def test_sandbox_goes_on_after_all_that(engine: str, box: Sandbox) -> None:
    """After an attack the same sandbox does a sound job."""
    bomb = ATTACKS[engine][-1]
    with pytest.raises(PermanentError):
        render(
            box,
            blueprint_files({"template/{{": ""}, MANIFEST.replace("jinja2", engine)),
        )

    files = _files(engine, Attack("sound", _NAME.get(engine, "{{Name}}"), bomb.end))

    assert [e.content for e in render(box, files).tree] == [b"my-service"]
