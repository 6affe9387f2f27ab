"""Expressions and calls of one function."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from threonate.engine.codegen.llvm_builder import hexadecimal
from threonate.engine.kernels.native_calls import ENTRY_WORDS, address_of, call, take_next
from threonate.engine.kernels.translate.layout import (
    NOTHING,
    PLACE,
    REAL,
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

_ARITHMETIC: Mapping[type, tuple[str, str]] = MappingProxyType(
    {
        ast.Add: ("add", "fadd"),
        ast.Sub: ("sub", "fsub"),
        ast.Mult: ("mul", "fmul"),
        ast.Div: ("", "fdiv"),
        ast.LShift: ("shl", ""),
        ast.RShift: ("ashr", ""),
        ast.BitAnd: ("and", ""),
        ast.BitOr: ("or", ""),
    }
)
_COMPARED: Mapping[type, tuple[str, str]] = MappingProxyType(
    {
        ast.Eq: ("eq", "oeq"),
        ast.NotEq: ("ne", "une"),
        ast.Lt: ("slt", "olt"),
        ast.LtE: ("sle", "ole"),
        ast.Gt: ("sgt", "ogt"),
        ast.GtE: ("sge", "oge"),
    }
)


class Expressions:
    """Values of the expressions of one function.

    kinds    argument -> type
    called   functions that it calls, in the order of their first call
    """

    def __init__(self, text: Text, layout: Layout, kinds: Mapping[str, Any]) -> None:
        self.text, self.layout, self.kinds = text, layout, kinds
        self.function = text.function
        self.names = text.function.__globals__
        self.called: dict[Function, None] = {}

    def several(self, node: ast.expr) -> list[Value]:
        """One value, those of a tuple, or those that a call returns."""
        if isinstance(node, ast.Tuple):
            return [self.of(one) for one in node.elts]
        if isinstance(node, ast.Call):
            return self.call(node)
        return [self.of(node)]

    def of(self, node: ast.expr) -> Value:
        handler = getattr(self, f"_of_{type(node).__name__.lower()}", None)
        if handler is None:
            raise self.text.refused(node, f"{type(node).__name__} is not understood")
        found = handler(node)
        assert isinstance(found, Value)
        return found

    def _constant(self, node: ast.AST, value: object) -> Value:
        if isinstance(value, bool):
            return Value(TRUTH, str(value).lower())
        if isinstance(value, int):
            return Value(WHOLE, str(value))
        if isinstance(value, float):
            return Value(REAL, hexadecimal(value))
        raise self.text.refused(node, f"{value!r} is not a number")

    def _of_constant(self, node: ast.Constant) -> Value:
        return self._constant(node, node.value)

    def _of_name(self, node: ast.Name) -> Value:
        if node.id in self.text.slots:
            kind = self.text.slots[node.id]
            return self.text.value(kind, f"load {kind}, ptr %slot.{node.id}, align 8")
        if node.id in self.names:
            return self._constant(node, self.names[node.id])
        raise self.text.refused(node, f"'{node.id}' has no value yet")

    def _of_attribute(self, node: ast.Attribute) -> Value:
        """A plain number of a record, or a constant of a module."""
        if isinstance(node.value, ast.Name) and self.names.get(node.value.id) is np:
            return self._constant(node, getattr(np, node.attr))
        word, kind = self._field(node)
        if kind != WHOLE:
            raise self.text.refused(node, f"'{node.attr}' is an array")
        return self._word(word, WHOLE)

    def _word(self, word: int, kind: str) -> Value:
        """A word of the table, which nothing changes while the code runs."""
        where = self.text.value(PLACE, f"getelementptr i64, ptr %table, i64 {word}")
        return self.text.value(kind, f"load {kind}, ptr {where.name}, align 8, !invariant.load !0")

    def _field(self, node: ast.expr) -> tuple[int, str]:
        """First word and type of the elements of a field of a record."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            fields = self.layout.records.get(self.kinds.get(node.value.id))
            if fields is not None and node.attr in fields:
                return fields[node.attr]
        raise self.text.refused(node, f"'{ast.unparse(node)}' is not a field of a record that the function takes")

    def _of_subscript(self, node: ast.Subscript) -> Value:
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            axis = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if not isinstance(axis, int) or not 0 <= axis < ENTRY_WORDS - 1:
                raise self.text.refused(node, "an axis must be 0, 1 or 2")
            return self._word(self._field(node.value.value)[0] + 1 + axis, WHOLE)
        kind, where = self.element(node)
        return self.text.value(kind, f"load {kind}, ptr {where}, align 8")

    def element(self, node: ast.Subscript) -> tuple[str, str]:
        """Type and address of an element; arrays lie row by row."""
        word, kind = self._field(node.value)
        indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        place = self.text.cast(WHOLE, self.of(indices[0]))
        for axis, index in enumerate(indices[1:], start=1):
            length = self._word(word + 1 + axis, WHOLE)
            row = self.text.value(WHOLE, f"mul i64 {place.name}, {length.name}")
            place = self.text.value(WHOLE, f"add i64 {row.name}, {self.text.cast(WHOLE, self.of(index)).name}")
        begin = self._word(word, PLACE)
        return kind, self.text.value(PLACE, f"getelementptr {kind}, ptr {begin.name}, i64 {place.name}").name

    def _of_binop(self, node: ast.BinOp) -> Value:
        return self.operation(node, node.op, self.of(node.left), self.of(node.right))

    def operation(self, node: ast.AST, op: ast.operator, left: Value, right: Value) -> Value:
        if type(op) not in _ARITHMETIC:
            raise self.text.refused(node, f"{type(op).__name__} is not understood")
        whole, real = _ARITHMETIC[type(op)]
        if not real and left.type == right.type == TRUTH and whole in ("and", "or"):
            return self.text.value(TRUTH, f"{whole} i1 {left.name}, {right.name}")
        kind, left, right = self.text.common(left, right)
        if not whole:
            kind, left, right = REAL, self.text.cast(REAL, left), self.text.cast(REAL, right)
        name = whole if kind == WHOLE else real
        if not name:
            raise self.text.refused(node, f"{type(op).__name__} of a real number")
        return self.text.value(kind, f"{name} {kind} {left.name}, {right.name}")

    def _of_unaryop(self, node: ast.UnaryOp) -> Value:
        value = self.of(node.operand)
        if isinstance(node.op, ast.Not):
            return self.text.value(TRUTH, f"xor i1 {self.text.truth(value).name}, true")
        if not isinstance(node.op, ast.USub) or value.type == TRUTH:
            raise self.text.refused(node, f"{type(node.op).__name__} is not understood")
        return self.text.value(
            value.type, f"sub i64 0, {value.name}" if value.type == WHOLE else f"fneg double {value.name}"
        )

    def _of_compare(self, node: ast.Compare) -> Value:
        if len(node.ops) != 1:
            raise self.text.refused(node, "comparisons in a chain")
        left, op, right = self.of(node.left), node.ops[0], node.comparators[0]
        if isinstance(op, ast.In) and isinstance(right, ast.Tuple):
            found = Value(TRUTH, "false")
            for one in right.elts:
                same = self._compared(node, ast.Eq(), left, self.of(one))
                found = self.text.value(TRUTH, f"or i1 {found.name}, {same.name}")
            return found
        return self._compared(node, op, left, self.of(right))

    def _compared(self, node: ast.AST, op: ast.cmpop, left: Value, right: Value) -> Value:
        if type(op) not in _COMPARED:
            raise self.text.refused(node, f"{type(op).__name__} is not understood")
        kind, left, right = self.text.common(left, right)
        whole, real = _COMPARED[type(op)]
        name = f"icmp {whole}" if kind == WHOLE else f"fcmp {real}"
        return self.text.value(TRUTH, f"{name} {kind} {left.name}, {right.name}")

    def _of_boolop(self, node: ast.BoolOp) -> Value:
        """The truth of the whole; what stands later is looked at only where it matters."""
        slot, after = self.text.local("both"), self.text.label()
        for i, one in enumerate(node.values):
            value = self.text.truth(self.of(one))
            self.text.put(slot, value)
            following = self.text.label()
            if i + 1 < len(node.values):
                yes, no = (following, after) if isinstance(node.op, ast.And) else (after, following)
                self.text.branch(value, yes, no)
                self.text.start(following)
        self.text.go(after)
        self.text.start(after)
        return self.text.value(TRUTH, f"load i1, ptr %slot.{slot}, align 8")

    def _of_ifexp(self, node: ast.IfExp) -> Value:
        yes, no, after = self.text.label(), self.text.label(), self.text.label()
        slot = self.text.local("either")
        self.text.branch(self.text.truth(self.of(node.test)), yes, no)
        for label, value in ((yes, node.body), (no, node.orelse)):
            self.text.start(label)
            self.text.put(slot, self.of(value))
            self.text.go(after)
        self.text.start(after)
        return self.text.value(self.text.slots[slot], f"load {self.text.slots[slot]}, ptr %slot.{slot}, align 8")

    def _of_call(self, node: ast.Call) -> Value:
        found = self.call(node)
        if len(found) != 1:
            raise self.text.refused(node, "a call that returns one value is needed here")
        return found[0]

    def call(self, node: ast.Call) -> list[Value]:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        found = self.names.get(name)
        if found is call:
            self._call_address(node)
            return []
        if found is take_next:
            begin = self._word(self._field(node.args[0])[0], PLACE)
            return [self.text.value(WHOLE, f"atomicrmw add ptr {begin.name}, i64 1 monotonic, align 8")]
        if inspect.isfunction(found) and found.__module__ == self.function.__module__:
            return self._call_function(node, found)
        if node.keywords or name not in ("abs", "min", "max", "int", "float"):
            raise self.text.refused(node, f"'{ast.unparse(node.func)}' cannot be called here")
        return [self._built_in(node, name, [self.of(argument) for argument in node.args])]

    def _built_in(self, node: ast.Call, name: str, values: list[Value]) -> Value:
        value = values[0]
        if name == "abs" and value.type == REAL:
            return self.text.value(REAL, f"call double @llvm.fabs.f64(double {value.name})")
        if name == "int" and value.type == REAL:
            return self.text.value(WHOLE, f"fptosi double {value.name} to i64")
        if name in ("int", "float"):
            return self.text.cast(WHOLE if name == "int" else REAL, value)
        if name == "abs" or len(values) != 2:
            raise self.text.refused(node, f"'{name}' of these values")
        kind, left, right = self.text.common(values[0], values[1])
        better = self._compared(node, ast.Lt() if name == "min" else ast.Gt(), right, left)
        return self.text.value(kind, f"select i1 {better.name}, {kind} {right.name}, {kind} {left.name}")

    def _call_address(self, node: ast.Call) -> None:
        """Machine code at an address, called with the addresses of arrays."""
        address, arrays = node.args
        if not isinstance(arrays, ast.Tuple):
            raise self.text.refused(node, "a tuple of addresses is needed")
        code = self.text.value(PLACE, f"inttoptr i64 {self.of(address).name} to ptr")
        places = ", ".join(f"ptr {self._begin_of(one).name}" for one in arrays.elts)
        self.text.line(f"call void {code.name}({places})")

    def _begin_of(self, node: ast.expr) -> Value:
        function = node.func if isinstance(node, ast.Call) else None
        if not isinstance(node, ast.Call) or not isinstance(function, ast.Name):
            raise self.text.refused(node, "an address of an array is needed")
        if self.names.get(function.id) is not address_of:
            raise self.text.refused(node, "an address of an array is needed")
        return self._word(self._field(node.args[0])[0], PLACE)

    def _call_function(self, node: ast.Call, function: Function) -> list[Value]:
        self.called[function] = None
        passed = ["ptr %table"]
        for argument, (name, kind) in zip(node.args, arguments_of(function).items(), strict=True):
            if kind in SCALARS:
                passed.append(f"{SCALARS[kind]} {self.text.cast(SCALARS[kind], self.of(argument)).name}")
            elif not isinstance(argument, ast.Name) or self.kinds.get(argument.id) is not kind:
                raise self.text.refused(node, f"'{name}' must be the record that the caller was given")
        result = results_of(function)
        text = f"call {joined(result)} @{function.__name__}({', '.join(passed)})"
        if result == [NOTHING]:
            self.text.line(text)
            return []
        whole = self.text.value(joined(result), text)
        return [whole] if len(result) == 1 else list(self._parts(whole, result))

    def _parts(self, whole: Value, kinds: list[str]) -> Iterator[Value]:
        for i, kind in enumerate(kinds):
            yield self.text.value(kind, f"extractvalue {whole.type} {whole.name}, {i}")
