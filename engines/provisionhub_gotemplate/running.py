"""One template as it is used: executed first, compiled once it proves to be used again.

Reading and executing a template once is cheaper than compiling it. From the second
time on, compiled code is; where it gives up, the executor starts again, for rendering
changes nothing that could be seen.
"""

from __future__ import annotations

from typing import Final

from provisionhub_gotemplate.budget import Budget
from provisionhub_gotemplate.compiled import Compiled, UnsupportedError, compile_tree
from provisionhub_gotemplate.errors import LimitError
from provisionhub_gotemplate.executor import Program, execute
from provisionhub_gotemplate.nodes import Tree

_MOST_BAILS: Final = 3
"""Times in a row that compiled code may give up before it is no longer tried."""


class Runner:
    """Executes one template, in whichever way is the quickest.

    Any number of threads may run it: at worst, two of them compile it at once.

    Args:
        program: The templates and functions it may call.
        tree: The template.
    """

    def __init__(self, program: Program, tree: Tree) -> None:
        self._program = program
        self._tree = tree
        self._compiled: Compiled | None = None
        self._is_known = False
        self._is_lenient = False
        self._bails = 0

    def run(self, data: object, budget: Budget) -> str:
        """Return what the template makes of *data*.

        Raises:
            ExecError: If it fails.
            LimitError: If it takes or writes too much.
        """
        if budget.is_exact or not self._is_known:
            self._is_known = True
        elif self._bails < _MOST_BAILS:
            return self._run_compiled(data, budget)
        return execute(self._program, self._tree, data, budget)

    def _run_compiled(self, data: object, budget: Budget) -> str:
        steps, characters = budget.steps, budget.characters
        lacks_key = False
        try:
            compiled = self._compiled
            if compiled is None:
                compiled = self._compiled = self._compile()
            text = compiled(data, budget)
        except UnsupportedError:
            self._bails = _MOST_BAILS
        except LimitError:
            raise
        except KeyError:
            lacks_key = True
        except Exception:  # noqa: BLE001, S110 - the executor says what is wrong
            pass
        else:
            self._bails = 0
            return text
        budget.steps, budget.characters = steps, characters
        text = self._run_exactly(data, budget)
        self._learn(lacks_key=lacks_key)
        return text

    def _run_exactly(self, data: object, budget: Budget) -> str:
        """Let the executor run the template, and all that it includes.

        Were these tried in compiled code first, each level of includes would double
        the time that a template takes to fail.
        """
        was_exact, budget.is_exact = budget.is_exact, True
        try:
            return execute(self._program, self._tree, data, budget)
        finally:
            budget.is_exact = was_exact

    def _compile(self) -> Compiled:
        program = self._program
        return compile_tree(
            self._tree, program.trees, program.functions, lenient=self._is_lenient
        )

    def _learn(self, *, lacks_key: bool) -> None:
        """Draw a conclusion from giving up where nothing was wrong."""
        self._bails += 1
        if lacks_key and not self._is_lenient:
            self._is_lenient = True
            self._compiled = None
            self._bails = 0
