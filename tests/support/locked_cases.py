"""Runs an engine's case files in locked processes; a program of its own.

``python locked_cases.py ENGINE USER FOLDER…`` imports and warms up as the zygote
does, and nothing more, so that what an engine would import later is missed here as
it would be there. Each case is then rendered in a process that is locked as a
render process is. Prints what became of each, as JSON by the case's name.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from provisionhub.engine import Engine
from provisionhub.errors import ProvisionError
from provisionhub.registry import engine_plugins
from provisionhub.sandbox.locking import Bounds, Layer, Lock, become_nobody, prepare
from provisionhub.sandbox.warming import warm

_PART: Final = re.compile(r"^---(?: (options|partial (\S+)))?\n", re.MULTILINE)
_MEMORY: Final = 256 * 1024 * 1024


@dataclass(frozen=True)
class Case:
    """One case: a template, what it is given, and its engine's options."""

    name: str
    template: str
    context: dict[str, Any]
    options: dict[str, Any]
    partials: dict[str, str]

    def outcome(self, engine: type[Engine]) -> str:
        """Return the rendered text, or the error as a person sees it."""
        try:
            compiled = engine(self.options).compile(
                self.template, name="case", partials=self.partials
            )
            return compiled.render(self.context)
        except ProvisionError as error:
            return error.explain()


def read_cases(folders: list[Path]) -> Iterator[Case]:
    """Yield the cases in *folders*, whichever of the two forms they are written in."""
    for file in sorted(file for folder in folders for file in folder.glob("*.txt")):
        context, *parts = _PART.split(file.read_bytes().decode())
        partials: dict[str, str] = {}
        template, options = "", {}
        for kind, name, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            if kind is None:
                template = body
            elif name is None:
                options = json.loads(body)
            else:
                partials[name] = body
        values = json.loads(context)
        options |= values.pop("@options", {})
        yield Case(file.stem, template, values, options, partials)


def _locked(case: Case, engine: type[Engine]) -> str:
    """Return the case's outcome in a process that is locked for good."""
    parent = os.getpid()
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            lock = Lock(Bounds(Layer.whole(), 10, _MEMORY), parent=parent)
            lock.close_template_process()
            lock.close_render_process(parent)
            os.write(writes, case.outcome(engine).encode("utf-8", "surrogatepass"))
        except BaseException as error:  # noqa: BLE001 - told, whatever it is
            os.write(writes, f"UNEXPECTED {type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as answer:
        told = answer.read().decode("utf-8", "surrogatepass")
    _, status = os.waitpid(child, 0)
    return told if status == 0 else f"KILLED by {status}"


def main(name: str, user: str, *folders: str) -> None:
    """Print the outcomes of the engine's cases."""
    engines = engine_plugins()
    cases = list(read_cases([Path(folder) for folder in folders]))
    warm(engines)
    prepare()
    if user == "nobody":
        become_nobody()
    outcomes = {case.name: _locked(case, engines[name].factory) for case in cases}
    sys.stdout.write(json.dumps(outcomes))


if __name__ == "__main__":
    main(*sys.argv[1:])
