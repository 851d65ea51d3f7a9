"""Every error, by its code."""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import provisionhub
from provisionhub.errors import PermanentError, ProvisionError, TransientError
from tools.reference.markdown import code, page, section, sentence, table


def write() -> str:
    """Return the page."""
    return page(
        "Errors",
        "Every error by its code, which logs, reports, `--json` and metrics bear and on"
        " which scripts may rely; what it means and what to do.",
        section(
            "Permanent",
            "The same job would fail alike: it is dead-lettered at once.",
            _rows(PermanentError),
        ),
        section(
            "Transient",
            "The same job may well succeed later: it is tried again, up to"
            " `MAX_ATTEMPTS` times.",
            _rows(TransientError),
        ),
        section("Others", _table([ProvisionError])),
    )


def _rows(root: type[ProvisionError]) -> str:
    kinds = {kind for kind in (root, *_below(root)) if "code" in vars(kind)}
    return _table(sorted(kinds, key=lambda kind: kind.code))


def _table(kinds: list[type[ProvisionError]]) -> str:
    rows = [
        (
            code(kind.code),
            code(kind.__name__),
            sentence(inspect.getdoc(kind)),
            kind.remedy,
        )
        for kind in kinds
    ]
    return table(("code", "class", "meaning", "what to do"), rows)


def _below(kind: type[ProvisionError]) -> Iterator[type[ProvisionError]]:
    _import_all()
    for each in kind.__subclasses__():
        # Tests have errors of their own.
        if each.__module__.startswith("provisionhub."):
            yield each
            yield from _below(each)


def _import_all() -> None:
    for module in pkgutil.walk_packages(provisionhub.__path__, "provisionhub."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
