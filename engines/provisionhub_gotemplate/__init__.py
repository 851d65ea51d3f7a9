"""Go's text/template in Python: to the letter, with Sprig's functions and Helm's.

::

    templates = TemplateSet(functions=SPRIG, options=("missingkey=error",))
    templates.parse("main", "{{.name | upper}}")
    text = templates.execute("main", {"name": "acme"})

The text flows through ``lexer`` and ``parser`` to ``nodes``; ``executor`` carries them
out as Go does, and ``compiled`` what is executed again.
"""

from __future__ import annotations

from provisionhub_gotemplate.engine import GoTemplateEngine
from provisionhub_gotemplate.errors import (
    ExecError,
    FunctionError,
    LimitError,
    OptionError,
    ParseError,
    TemplateError,
)
from provisionhub_gotemplate.functions import Function, SetFunction, function
from provisionhub_gotemplate.helm import HELM
from provisionhub_gotemplate.sprig import SPRIG
from provisionhub_gotemplate.template_set import TemplateSet

__all__ = [
    "HELM",
    "SPRIG",
    "ExecError",
    "Function",
    "FunctionError",
    "GoTemplateEngine",
    "LimitError",
    "OptionError",
    "ParseError",
    "SetFunction",
    "TemplateError",
    "TemplateSet",
    "function",
]
