"""Templates made to harm, by engine: what each tries, and how it must end.

A new engine adds a module and a line to ``ATTACKS``; every attack is then run in
the sandbox by ``tests/hostile/test_templates.py``.
"""

from __future__ import annotations

from typing import Final

from support.attacks import go, jinja2, mustache
from support.attacks.attack import Attack

ATTACKS: Final[dict[str, list[Attack]]] = {
    "go": go.ATTACKS,
    "jinja2": jinja2.ATTACKS,
    "mustache": mustache.ATTACKS,
}

__all__ = ["ATTACKS", "Attack"]
