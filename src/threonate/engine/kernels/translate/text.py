"""The body of one function, built line by line; a local name is a place in memory, which LLVM turns into registers."""

from __future__ import annotations

import ast
import inspect
import textwrap

from threonate.engine.codegen.llvm_builder import hexadecimal
from threonate.engine.kernels.translate.layout import REAL, TRUTH, WHOLE, Function, Value
from threonate.errors import EngineError


class Text:
    """Lines of one function; methods return the new value.

    tree     the function as Python reads it
    slots    local name -> type
    ended    whether the last line left the block
    """

    def __init__(self, function: Function) -> None:
        self.function = function
        source, self._first_line = inspect.getsourcelines(function)
        self.tree = ast.parse(textwrap.dedent("".join(source))).body[0]
        self.slots: dict[str, str] = {}
        self.lines: list[str] = []
        self.ended = False
        self._count = 0

    def refused(self, node: ast.AST, what: str) -> EngineError:
        """An error that says where."""
        line = self._first_line + getattr(node, "lineno", 1) - 1
        return EngineError(f"{self.function.__module__}.{self.function.__name__}, line {line}: {what}.")

    def local(self, what: str) -> str:
        """A name that no variable has."""
        self._count += 1
        return f".{what}{self._count}"

    def line(self, text: str) -> None:
        self.lines.append(f"  {text}")

    def value(self, kind: str, text: str) -> Value:
        self._count += 1
        self.line(f"%v{self._count} = {text}")
        return Value(kind, f"%v{self._count}")

    def label(self) -> str:
        self._count += 1
        return f"b{self._count}"

    def go(self, label: str) -> None:
        if not self.ended:
            self.line(f"br label %{label}")

    def start(self, label: str) -> None:
        self.lines.append(f"{label}:")
        self.ended = False

    def branch(self, condition: Value, yes: str, no: str) -> None:
        self.line(f"br i1 {condition.name}, label %{yes}, label %{no}")

    def put(self, name: str, value: Value) -> None:
        kind = self.slots.setdefault(name, value.type)
        if value.type != kind:
            value = self.cast(kind, value)
        self.line(f"store {kind} {value.name}, ptr %slot.{name}, align 8")

    def cast(self, kind: str, value: Value) -> Value:
        """The same number as another type; a truth as a number, a whole number as a real one, never back."""
        if value.type == kind:
            return value
        if value.type == TRUTH and kind == WHOLE:
            return self.value(WHOLE, f"zext i1 {value.name} to i64")
        if value.type == WHOLE and kind == REAL:
            return self.value(REAL, f"sitofp i64 {value.name} to double")
        raise self.refused(self.tree, f"a value changes its type from {value.type} to {kind}")

    def truth(self, value: Value) -> Value:
        if value.type == TRUTH:
            return value
        if value.type == WHOLE:
            return self.value(TRUTH, f"icmp ne i64 {value.name}, 0")
        return self.value(TRUTH, f"fcmp une double {value.name}, {hexadecimal(0.0)}")

    def common(self, left: Value, right: Value) -> tuple[str, Value, Value]:
        kind = REAL if REAL in (left.type, right.type) else WHOLE
        left, right = (self.cast(WHOLE, one) if one.type == TRUTH else one for one in (left, right))
        return kind, self.cast(kind, left), self.cast(kind, right)
