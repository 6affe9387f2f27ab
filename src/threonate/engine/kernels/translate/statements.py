"""Statements of one function."""

from __future__ import annotations

import ast

from threonate.engine.kernels.translate.expressions import Expressions
from threonate.engine.kernels.translate.layout import (
    NOTHING,
    SCALARS,
    TRUTH,
    WHOLE,
    Function,
    Layout,
    Value,
    arguments_of,
    joined,
    results_of,
)
from threonate.engine.kernels.translate.text import Text


class FunctionTranslation:
    """One function on its way to LLVM.

    called   functions that it calls
    """

    def __init__(self, function: Function, layout: Layout) -> None:
        self.function = function
        self.lines = Text(function)
        self.kinds = arguments_of(function)
        self.values = Expressions(self.lines, layout, self.kinds)
        self.result = results_of(function)
        self.loops: list[tuple[str, str]] = []

    @property
    def called(self) -> tuple[Function, ...]:
        return tuple(self.values.called)

    def text(self) -> str:
        """The definition; records are not passed, for the table holds them."""
        tree, passed = self.lines.tree, ["ptr %table"]
        assert isinstance(tree, ast.FunctionDef)
        for name, kind in self.kinds.items():
            if kind in SCALARS:
                passed.append(f"{SCALARS[kind]} %arg.{name}")
                self.lines.put(name, Value(SCALARS[kind], f"%arg.{name}"))
        self._block(tree.body)
        if not self.lines.ended:
            self.lines.line("ret void" if self.result == [NOTHING] else "unreachable")
        slots = [f"  %slot.{name} = alloca {kind}, align 8" for name, kind in self.lines.slots.items()]
        head = f"define internal {joined(self.result)} @{self.function.__name__}({', '.join(passed)}) #0"
        return head + " {\n" + "\n".join([*slots, *self.lines.lines]) + "\n}\n"

    def _block(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if self.lines.ended:
                return
            handler = getattr(self, f"_do_{type(statement).__name__.lower()}", None)
            if handler is None:
                raise self.lines.refused(statement, f"{type(statement).__name__} is not understood")
            handler(statement)

    def _do_expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self.values.call(node.value)
        elif not isinstance(node.value, ast.Constant):
            raise self.lines.refused(node, "an expression without effect")

    def _do_pass(self, node: ast.Pass) -> None:
        pass

    def _do_return(self, node: ast.Return) -> None:
        found = [] if node.value is None else self.values.several(node.value)
        if self.result == [NOTHING] or len(found) != len(self.result):
            if found or self.result != [NOTHING]:
                raise self.lines.refused(node, "it returns something else than the signature says")
            self.lines.line("ret void")
        elif len(found) == 1:
            self.lines.line(f"ret {self.result[0]} {self.lines.cast(self.result[0], found[0]).name}")
        else:
            whole = Value(joined(self.result), "undef")
            for i, (kind, one) in enumerate(zip(self.result, found, strict=True)):
                text = f"insertvalue {whole.type} {whole.name}, {kind} {self.lines.cast(kind, one).name}, {i}"
                whole = self.lines.value(whole.type, text)
            self.lines.line(f"ret {whole.type} {whole.name}")
        self.lines.ended = True

    def _do_assign(self, node: ast.Assign) -> None:
        if len(node.targets) != 1:
            raise self.lines.refused(node, "more than one target")
        target = node.targets[0]
        places = target.elts if isinstance(target, ast.Tuple) else [target]
        values = self.values.several(node.value)
        if len(places) != len(values):
            raise self.lines.refused(node, "as many values as names are needed")
        for place, value in zip(places, values, strict=True):
            self._assign(place, value)

    def _assign(self, place: ast.expr, value: Value) -> None:
        if isinstance(place, ast.Name):
            self.lines.put(place.id, value)
        elif isinstance(place, ast.Subscript):
            kind, where = self.values.element(place)
            self.lines.line(f"store {kind} {self.lines.cast(kind, value).name}, ptr {where}, align 8")
        else:
            raise self.lines.refused(place, "this cannot be assigned to")

    def _do_augassign(self, node: ast.AugAssign) -> None:
        self._assign(
            node.target, self.values.operation(node, node.op, self.values.of(node.target), self.values.of(node.value))
        )

    def _do_if(self, node: ast.If) -> None:
        yes, no, after = self.lines.label(), self.lines.label(), self.lines.label()
        self.lines.branch(self.lines.truth(self.values.of(node.test)), yes, no)
        ended = True
        for label, body in ((yes, node.body), (no, node.orelse)):
            self.lines.start(label)
            self._block(body)
            ended &= self.lines.ended
            self.lines.go(after)
        if not ended:
            self.lines.start(after)

    def _do_while(self, node: ast.While) -> None:
        if node.orelse:
            raise self.lines.refused(node, "else of a loop")
        test, body, after = self.lines.label(), self.lines.label(), self.lines.label()
        endless = isinstance(node.test, ast.Constant) and node.test.value is True
        self.lines.go(test)
        self.lines.start(test)
        if endless:
            self.lines.go(body)
        else:
            self.lines.branch(self.lines.truth(self.values.of(node.test)), body, after)
        self.lines.start(body)
        self._inside(node.body, test, after)
        self.lines.go(test)
        self.lines.start(after)
        if endless and not any(isinstance(one, ast.Break) for one in ast.walk(node)):
            self.lines.line("unreachable")
            self.lines.ended = True

    def _do_for(self, node: ast.For) -> None:
        """The running number is kept apart from the name, which the body may set."""
        called = node.iter
        plain = isinstance(called, ast.Call) and isinstance(called.func, ast.Name) and called.func.id == "range"
        if not plain or not isinstance(called, ast.Call) or not isinstance(node.target, ast.Name) or node.orelse:
            raise self.lines.refused(node, "only a loop over a range is understood")
        bounds = [self.lines.cast(WHOLE, self.values.of(argument)) for argument in called.args]
        if len(bounds) not in (1, 2):
            raise self.lines.refused(node, "a range with a step")
        counter = self.lines.local("range")
        self.lines.put(counter, bounds[0] if len(bounds) == 2 else Value(WHOLE, "0"))
        test, body, following, after = (self.lines.label() for _ in range(4))
        self.lines.go(test)
        self.lines.start(test)
        now = self.lines.value(WHOLE, f"load i64, ptr %slot.{counter}, align 8")
        self.lines.branch(self.lines.value(TRUTH, f"icmp slt i64 {now.name}, {bounds[-1].name}"), body, after)
        self.lines.start(body)
        self.lines.put(node.target.id, now)
        self._inside(node.body, following, after)
        self.lines.go(following)
        self.lines.start(following)
        now = self.lines.value(WHOLE, f"load i64, ptr %slot.{counter}, align 8")
        self.lines.put(counter, self.lines.value(WHOLE, f"add i64 {now.name}, 1"))
        self.lines.go(test)
        self.lines.start(after)

    def _inside(self, body: list[ast.stmt], following: str, after: str) -> None:
        self.loops.append((following, after))
        self._block(body)
        self.loops.pop()

    def _do_break(self, node: ast.Break) -> None:
        self.lines.go(self.loops[-1][1])
        self.lines.ended = True

    def _do_continue(self, node: ast.Continue) -> None:
        self.lines.go(self.loops[-1][0])
        self.lines.ended = True
