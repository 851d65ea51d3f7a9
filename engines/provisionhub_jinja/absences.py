"""What is said about a value that is not there, and what may have been meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from types import FrameType
from typing import Final

from jinja2 import nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.utils import Namespace, missing

from provisionhub.errors import (
    ProvisionError,
    SandboxViolationError,
    TemplateRuntimeError,
)
from provisionhub.source import Location
from provisionhub_jinja.attributes import METHODS, PROPERTIES
from provisionhub_jinja.kinds import describe
from provisionhub_jinja.places import Spot
from provisionhub_jinja.rewording import reword, suggest
from provisionhub_jinja.runtime import GLOBALS
from provisionhub_jinja.undefined import Forbidden, Method, Missing, Origin

_LOCAL: Final = re.compile(r"l_\d+_(.+)")
_LOOK_UPS: Final = (nodes.Getattr, nodes.Getitem)
_MOST_NAMES: Final = 8


def explain_missing(value: Missing) -> ProvisionError:
    """Return the error for using *value*, at the word that is not there."""
    if value.origin is None:
        return TemplateRuntimeError(f"`{value.name}` is not defined")
    spot = Spot.of(value.origin.frame, value.origin.instruction)
    at = spot.place(None if _is_word(spot.node) else value.name)
    is_data = isinstance(value.owner, dict)
    if isinstance(value, Forbidden) and not is_data:
        return off_limits(value.owner, value.name, at)
    if isinstance(value, Method) and not is_data:
        message = f"`{value.name}` is a method of {describe(value.owner)}"
        return TemplateRuntimeError(message, at=at, hint=f"write `{value.name}()`")
    names = _names(value, value.origin)
    hint = hint_at(str(value.name), names, "known here are")
    return TemplateRuntimeError(_not_defined(value, spot), at=at, hint=hint)


def off_limits(owner: object, name: str, at: Location) -> SandboxViolationError:
    """Return the error for reaching for *name* of *owner*."""
    return SandboxViolationError(
        f"`{name}` of {describe(owner)} is off limits for templates", at=at
    )


def hint_at(name: str, known: Iterable[str], introduction: str) -> str | None:
    """Return the name that was meant, else the few that there are."""
    names = sorted(set(known))
    near = suggest(name, names)
    names = [each for each in names if each not in GLOBALS]
    if near is None and 0 < len(names) <= _MOST_NAMES:
        return f"{introduction} " + ", ".join(f"`{each}`" for each in names)
    return near


def _not_defined(value: Missing, spot: Spot) -> str:
    """Return what is not defined, as its author wrote it."""
    if value.explanation is not None:
        return reword(value.explanation)
    path = (_is_word(spot.node) and spot.map.path(spot.node)) or value.name
    if value.owner is missing or isinstance(value.owner, dict):
        return f"`{path}` is not defined"
    if isinstance(value.name, int) and hasattr(value.owner, "__len__"):
        count = len(value.owner)
        return f"there is no item {value.name}: there are {count}, counted from 0"
    inner = spot.node.node if isinstance(spot.node, _LOOK_UPS) else None
    owner = spot.map.path(inner)
    what = f"`{owner}` is {describe(value.owner)}" if owner else describe(value.owner)
    return f"`{path}` is not defined: {what}"


def _is_word(node: nodes.Node | None) -> bool:
    return isinstance(node, (nodes.Name, *_LOOK_UPS))


def _names(value: Missing, origin: Origin) -> list[str]:
    """Return the names that *value* could have had."""
    owner = value.owner
    if value.explanation is not None:
        if "does not export" not in value.explanation:
            return []
        owner = origin.frame.f_locals["included_template"]
    if owner is missing:
        return _names_in(origin.frame)
    if isinstance(owner, dict):
        return [key for key in owner if isinstance(key, str)]
    if isinstance(owner, Namespace):
        return list(Namespace.__getattribute__(owner, "_Namespace__attrs"))
    if isinstance(owner, TemplateModule):
        return [name for name in vars(owner) if not name.startswith("_")]
    return [*PROPERTIES.get(type(owner), ()), *METHODS.get(type(owner), ())]


def _names_in(frame: FrameType) -> list[str]:
    """Return the names that a template can use where *frame* stands."""
    names: list[str] = []
    outer: FrameType | None = frame
    # A macro may not know its template's context, but whoever called it does.
    while outer is not None and not names:
        context = outer.f_locals.get("context")
        names = list(context.get_all()) if isinstance(context, Context) else []
        outer = outer.f_back
    return names + [
        local[1]
        for name, value in frame.f_locals.items()
        if value is not missing and (local := _LOCAL.fullmatch(name))
    ]
