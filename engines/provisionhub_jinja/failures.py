"""Whatever went wrong in Python, told as an error in the template."""

from __future__ import annotations

import inspect
import re
from types import GeneratorType, TracebackType
from typing import TYPE_CHECKING, Final, TypeAlias

from jinja2 import TemplateSyntaxError as JinjaSyntaxError
from jinja2 import nodes

from provisionhub.errors import (
    LimitExceededError,
    ProvisionError,
    TemplateError,
    TemplateRuntimeError,
    TemplateSyntaxError,
)
from provisionhub.source import Location, Source
from provisionhub_jinja.absences import explain_missing, hint_at, off_limits
from provisionhub_jinja.limits import MAX_DEPTH
from provisionhub_jinja.places import SourceMap, Spot
from provisionhub_jinja.rewording import reword, suggest
from provisionhub_jinja.undefined import (
    OffLimitsError,
    PartialNotFoundError,
    UndefinedFailureError,
    UnknownNameError,
)

if TYPE_CHECKING:
    from provisionhub_jinja.environment import TemplateEnvironment
    from provisionhub_jinja.templates import CompiledTemplate

Stream: TypeAlias = "GeneratorType[str, None, None]"
"""The output of a template, part by part."""

_CALL: Final = re.compile(r"[\w.<>]+\(\) (?P<complaint>.+)")
_INJECTED: Final = frozenset({"context", "environment", "eval_ctx"})


def explain_compilation(
    error: Exception, environment: TemplateEnvironment, source: Source
) -> ProvisionError:
    """Return *error*, which came up while *source* was compiled, for its author."""
    places = SourceMap(environment, source)
    if isinstance(error, UnknownNameError):
        return _unknown_name(error, places)
    if isinstance(error, JinjaSyntaxError):
        node = nodes.Const(None, lineno=error.lineno)
        return TemplateSyntaxError(reword(error.message or ""), at=places.place(node))
    if isinstance(error, SyntaxError):
        near = places.node_near(error.lineno or 1, (error.offset or 1) - 1)
        message = re.sub(r"l_\d+_", "", reword(error.msg))
        return TemplateSyntaxError(message, at=places.place(near))
    if isinstance(error, (RecursionError, MemoryError)):
        return _too_deep(source.at(1))
    return TemplateSyntaxError(f"can't compile this: {reword(str(error))}")


def explain_rendering(
    error: Exception, template: CompiledTemplate, stream: Stream
) -> ProvisionError:
    """Return *error*, which came up while *template* was rendered, for its author.

    Args:
        error: What was raised.
        template: The template that was rendered first.
        stream: Its output; where it stands tells the place of an error of the output.

    Raises:
        MemoryError: If that is what *error* is.
    """
    if isinstance(error, UndefinedFailureError):
        return explain_missing(error.value)
    spot = _spot(error.__traceback__, template, stream)
    match error:
        case TemplateError() | LimitExceededError():
            return error if error.at is not None else error.located(spot.place())
        case OffLimitsError():
            return off_limits(error.owner, error.name, spot.place(error.name))
        case RecursionError():
            return _too_deep(spot.place())
        case MemoryError():
            raise error  # how much there was, the sandbox knows
        case PartialNotFoundError() | UnknownNameError():
            return _not_found(error, spot)
        case _:
            return _stray(error, spot)


def _spot(
    traceback: TracebackType | None, template: CompiledTemplate, stream: Stream
) -> Spot:
    """Return the innermost template code that *traceback* has come through."""
    innermost = None
    while traceback is not None:
        if "__jinja_template__" in traceback.tb_frame.f_globals:
            innermost = traceback.tb_frame, traceback.tb_lasti
        traceback = traceback.tb_next
    frame = stream.gi_frame
    if innermost is None and frame is not None and frame.f_lasti >= 0:
        innermost = frame, frame.f_lasti
    return Spot.of(*innermost) if innermost else Spot(template.source_map, None)


def _unknown_name(error: UnknownNameError, places: SourceMap) -> TemplateSyntaxError:
    kind = nodes.Filter if error.kind == "filter" else nodes.Test
    users = [each for each in places.tree.find_all(kind) if each.name == error.wanted]
    return TemplateSyntaxError(
        f"unknown {error.kind} `{error.wanted}`",
        at=places.place(min(users, key=lambda node: node.lineno)),
        hint=suggest(error.wanted, filter(str.isidentifier, error.known)),
    )


def _not_found(
    error: PartialNotFoundError | UnknownNameError, spot: Spot
) -> TemplateRuntimeError:
    if isinstance(error, UnknownNameError):
        kind, known = error.kind, list(filter(str.isidentifier, error.known))
        hint = suggest(error.wanted, known)
    else:
        kind, hint = "partial", hint_at(error.wanted, error.known, "the partials are")
    message = f"there is no {kind} `{error.wanted}`"
    return TemplateRuntimeError(message, at=spot.place(error.wanted), hint=hint)


def _too_deep(at: Location) -> LimitExceededError:
    return LimitExceededError(
        "the template goes too deep", limit="jinja2.depth", allowed=MAX_DEPTH, at=at
    )


def _stray(error: Exception, spot: Spot) -> TemplateRuntimeError:
    """Return an error of Python's, in plain words."""
    message = reword(str(error) or type(error).__name__)
    node, hint = spot.node, None
    if call := _CALL.fullmatch(message):
        caller = "the call"
        if isinstance(node, (nodes.Filter, nodes.Test)):
            caller, hint = f"`{node.name}`", _usage(node, spot)
        message = f"{caller} {call['complaint']}"
    return TemplateRuntimeError(message, at=spot.place(), hint=hint)


def _usage(node: nodes.Filter | nodes.Test, spot: Spot) -> str:
    """Return how the filter or test of *node* is called."""
    signature = inspect.signature(spot.map.function_of(node))
    _, *parameters = [
        str(parameter.replace(annotation=parameter.empty))
        for name, parameter in signature.parameters.items()
        if name not in _INJECTED
    ]
    usage = f"{node.name}({', '.join(parameters)})"
    for word in ("False", "True", "None"):
        usage = usage.replace(word, word.lower())
    return f"it is used as `{usage}`"
