"""The tree to Python code: Jinja2's compiler, bounded and with one way to print.

Nothing of the template runs while it is compiled, but literals: Jinja2 would
evaluate constant expressions there, and with them bombs in dead branches.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, DependencyFinderVisitor, Frame
from jinja2.nodes import Impossible

from provisionhub_jinja.undefined import UnknownNameError

_WORD: Final = {"filters": "filter", "tests": "test"}


class TemplateCompiler(CodeGenerator):
    """Writes the Python code of one template."""

    def position(self, node: nodes.Node) -> str:
        """Return what stands for a place inside messages of the generated code.

        The text may not depend on the place, or the code would.
        """
        del node
        return "this line"

    def newline(self, node: nodes.Node | None = None, extra: int = 0) -> None:
        """Start a line, without Jinja2's own map of lines."""
        del node
        self._new_lines = max(self._new_lines, 1 + extra)

    def pull_dependencies(self, nodes: Iterable[nodes.Node]) -> None:
        """Name the filters and tests used; all must be known, dead branches or not.

        Raises:
            UnknownNameError: At the first that is not.
        """
        finder = DependencyFinderVisitor()
        body = list(nodes)
        for node in body:
            finder.visit(node)
        for kind, names, aliases in (
            ("filters", finder.filters, self.filters),
            ("tests", finder.tests, self.tests),
        ):
            known: Mapping[str, object] = getattr(self.environment, kind)
            for name in sorted(names):
                if name not in known:
                    raise UnknownNameError(_WORD[kind], name, known)
                alias = aliases.setdefault(name, f"t_{kind}_{len(aliases)}")
                self.writeline(f"{alias} = environment.{kind}[{name!r}]")

    def visit_Call(  # noqa: N802 - a node of Jinja2
        self,
        node: nodes.Call,
        frame: Frame,
        forward_caller: bool = False,  # noqa: FBT001, FBT002 - Jinja2's signature
    ) -> None:
        """Write a call: of the environment's own, or one that it looks at first."""
        if isinstance(node.node, nodes.EnvironmentAttribute):
            self.visit(node.node, frame)
            self.write("(")
            self.visit(node.args[0], frame)
        else:
            self.write("environment.call(context, ")
            self.visit(node.node, frame)
            self.signature(node, frame, {"caller": "caller"} if forward_caller else {})
        self.write(")")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802 - a node of Jinja2
        """Write a look-up; Python would warn of a slice of a number or the like."""
        if not isinstance(node.arg, nodes.Slice):
            super().visit_Getitem(node, frame)
            return
        self.write("environment.getslice(")
        self.visit(node.node, frame)
        for bound in (node.arg.start, node.arg.stop, node.arg.step):
            self.write(", ")
            self.visit(bound or nodes.Const(None), frame)
        self.write(")")

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802 - a node of Jinja2
        """Write a mapping; a key that is no literal is checked before it is hashed."""
        self.write("{")
        for item in node.items:
            self.write_checked("plain_key", item.key, frame)
            self.write(": ")
            self.visit(item.value, frame)
            self.write(", ")
        self.write("}")

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:  # noqa: N802 - a node of Jinja2
        """Write a comparison; what ``in`` may hash is checked first."""
        operands = [("", node.expr), *((each.op, each.expr) for each in node.ops)]
        may_hash = any(operator.endswith("in") for operator, _ in operands)
        self.write("(")
        for operator, operand in operands:
            self.write(_COMPARISONS[operator])
            if may_hash:
                self.write_checked("shallow", operand, frame)
            else:
                self.visit(operand, frame)
        self.write(")")

    def write_checked(self, check: str, node: nodes.Expr, frame: Frame) -> None:
        """Write an expression whose value the environment's *check* must pass."""
        if isinstance(node, nodes.Const):
            self.visit(node, frame)
            return
        self.write(f"environment.{check}(")
        self.visit(node, frame)
        self.write(")")

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802 - a node of Jinja2
        """Write an include, which may stand anywhere, with or without context."""
        self.writeline("try:" if node.ignore_missing else "if True:")
        self.indent()
        self.writeline("template = environment.find_template(", node)
        self.visit(node.template, frame)
        self.write(")")
        self.outdent()
        if node.ignore_missing:
            self.writeline("except TemplateNotFound:")
            self.indent()
            self.writeline("template = environment.no_template")
            self.outdent()
        local = self.dump_local_context(frame)
        context = f"context.get_all(), {local}" if node.with_context else ""
        self.writeline(f"for event in template.include({context}):")
        self.indent()
        self.simple_write("event", frame)
        self.outdent()

    def visit_FilterBlock(self, node: nodes.FilterBlock, frame: Frame) -> None:  # noqa: N802 - a node of Jinja2
        """Write a filter block, whose result is printed like any other value."""
        inner = frame.inner()
        inner.symbols.analyze_node(node)
        self.enter_frame(inner)
        self.buffer(inner)
        self.blockvisit(node.body, inner)
        self.start_write(frame, node)
        self.write("to_text(")
        self.visit_Filter(node.filter, inner)
        self.write(")")
        self.end_write(frame)
        self.leave_frame(inner)

    def visit_CallBlock(self, node: nodes.CallBlock, frame: Frame) -> None:  # noqa: N802 - a node of Jinja2
        """Write a call block, whose result is printed like any other value."""
        inner, macro = self.macro_body(node, frame)
        self.writeline("caller = ")
        self.macro_def(macro, inner)
        self.start_write(frame, node)
        self.write("to_text(")
        self.visit_Call(node.call, frame, forward_caller=True)
        self.write(")")
        self.end_write(frame)

    def visit_EvalContextModifier(  # noqa: N802 - a node of Jinja2
        self, node: nodes.EvalContextModifier, frame: Frame
    ) -> None:
        """Write what ``autoescape`` sets; known now if it is a literal, else later."""
        for option in node.options:
            self.writeline(f"context.eval_ctx.{option.key} = ")
            self.visit(option.value, frame)
            if isinstance(option.value, nodes.Const):
                setattr(frame.eval_ctx, option.key, option.value.value)
            else:
                frame.eval_ctx.volatile = True

    def _output_child_to_const(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> str:
        is_literal = isinstance(node, (nodes.TemplateData, nodes.Const))
        if not is_literal or frame.eval_ctx.volatile:
            raise Impossible
        return super()._output_child_to_const(node, frame, finalize)

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        del node, finalize
        if frame.eval_ctx.volatile:
            self.write("(escape if context.eval_ctx.autoescape else str)(to_text(")
        elif frame.eval_ctx.autoescape:
            self.write("escape(to_text(")
        else:
            self.write("to_text(")

    def _output_child_post(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        del node, finalize
        escapes = frame.eval_ctx.volatile or frame.eval_ctx.autoescape
        self.write("))" if escapes else ")")


_COMPARISONS: Final = {
    "": "", "eq": " == ", "ne": " != ", "gt": " > ", "gteq": " >= ", "lt": " < ",
    "lteq": " <= ", "in": " in ", "notin": " not in ",  # codespell:ignore notin
}  # fmt: skip
