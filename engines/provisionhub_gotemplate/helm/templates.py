"""Helm's functions that need the templates around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from provisionhub_gotemplate.errors import ExecError, FunctionError, ParseError
from provisionhub_gotemplate.functions import (
    Function,
    SetFunction,
    Templates,
    function,
)

_INLINE_NAME: Final = "tpl"


def include(templates: Templates) -> Function:
    """Return ``include``, which renders a template of a set to a text."""

    def included(name: str, data: object) -> str:
        """Return what the template *name* makes of *data*."""
        try:
            return templates.execute(name, data)
        except ExecError as error:
            raise FunctionError(str(error)) from error

    return function(included, "func(string, any) (string, error)")


def render_text(templates: Templates) -> Function:
    """Return ``tpl``, which renders a text as a template among those of a set."""

    def rendered(source: str, data: object) -> str:
        """Return what *source*, taken as a template, makes of *data*."""
        among = templates.clone()
        try:
            among.parse(_INLINE_NAME, source)
            return among.execute(_INLINE_NAME, data)
        except (ExecError, ParseError) as error:
            raise FunctionError(str(error)) from error

    # Whatever the text calls, it may change the data.
    return function(rendered, "func(string, any) (string, error)", mutates=True)


def required(message: str, value: object) -> object:
    """Return *value*, which must neither be nil nor the empty text."""
    if value is None or value == "":
        raise FunctionError(message)
    return value


TEMPLATES: Final[Mapping[str, Function | SetFunction]] = {
    "include": SetFunction(include),
    "tpl": SetFunction(render_text),
    "required": function(required, "func(string, any) (any, error)"),
}
"""The functions, by their names in templates."""
