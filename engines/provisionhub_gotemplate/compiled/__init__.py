"""Trees to Python code, for what templates do most: a fast path and no more.

The executor is the truth. Compiled code handles plain data in plain ways and gives up
with ``Bail`` at anything else; the template then runs in the executor, from the start.
So this package holds no error text, and no case that is rare.
"""

from __future__ import annotations

from provisionhub_gotemplate.compiled.module import Compiled, compile_tree
from provisionhub_gotemplate.compiled.runtime import Bail
from provisionhub_gotemplate.compiled.values import UnsupportedError

__all__ = ["Bail", "Compiled", "UnsupportedError", "compile_tree"]
