"""Runs what Go and Sprig answered to in a locked process; a program of its own.

``python locked_go.py FOLDER``: FOLDER is ``tests/engines/gotemplate``. It imports and
warms up as the zygote does, locks a process as a render process is locked, and lets
that one make every recorded case. Prints the names of those that came out otherwise.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from provisionhub.registry import engine_plugins
from provisionhub.sandbox.locking import Bounds, Layer, Lock, prepare
from provisionhub.sandbox.warming import warm
from provisionhub_gotemplate import HELM, TemplateSet
from provisionhub_gotemplate.errors import TemplateError
from support.go_cases import load_cases
from support.go_engine import answer

_MEMORY = 1024 * 1024 * 1024
_SECONDS = 120


def _prepared(folder: Path) -> list[tuple[str, object, dict[str, str]]]:
    recorded = folder / "sprig" / "recorded"
    shared = json.loads((recorded / "data.json").read_text(encoding="utf-8"))
    found = []
    for file in sorted(recorded.glob("*.ndjson")):
        for line in filter(None, file.read_text(encoding="utf-8").split("\n")):
            case = json.loads(line)
            expected = {k: case[k] for k in ("output", "error") if k in case}
            found.append((case["template"], case.get("data", shared), expected))
    return found


def _call(template: str, data: object) -> dict[str, str]:
    templates = TemplateSet(functions=HELM, name="t")
    try:
        templates.parse("t", template)
        return {"output": templates.execute("t", data)}
    except TemplateError as error:
        return {"error": str(error)}


def main(folder: Path) -> None:
    """Print the cases that a locked process makes otherwise, as JSON."""
    plain = [case for _, case in load_cases(folder / "cases")]
    calls = _prepared(folder)
    warm(engine_plugins())
    prepare()
    parent = os.getpid()
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        lock = Lock(Bounds(Layer.whole(), _SECONDS, _MEMORY), parent=parent)
        lock.close_template_process()
        lock.close_render_process(parent)
        wrong = [case.name for case in plain if answer(case) != case.answer]
        wrong += [
            template
            for template, data, expected in calls
            if _call(template, data) != expected
        ]
        told = {"cases": len(plain) + len(calls), "wrong": wrong}
        os.write(writes, json.dumps(told).encode()[:60_000])
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as told_by_child:
        sys.stdout.write(told_by_child.read().decode() or '{"wrong": ["no answer"]}')
    os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
