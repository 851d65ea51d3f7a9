"""Templates of Go, rendered in one line for tests of the functions in them."""

from __future__ import annotations

import re
from typing import Final

import pytest

from provisionhub_gotemplate import TemplateSet
from provisionhub_gotemplate.errors import ExecError
from provisionhub_gotemplate.helm import HELM

_CALLING: Final = re.compile(r".*?: error calling (\w+): (.*)", re.DOTALL)


def render(source: str, data: object = None) -> str:
    """Return what the template *source*, with Sprig's and Helm's functions, gives."""
    templates = TemplateSet(functions=HELM, name="t")
    templates.parse("t", source)
    return templates.execute("t", {} if data is None else data)


def complaint(source: str, data: object = None) -> str:
    """Return what the function that *source* fails in says.

    A template that does not fail in a function fails the test.
    """
    with pytest.raises(ExecError) as caught:
        render(source, data)
    match = _CALLING.fullmatch(str(caught.value))
    assert match is not None, str(caught.value)
    return match[2]
