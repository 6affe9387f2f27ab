"""Python functions to LLVM text: the small part of the language that a loop over arrays needs.

A function is written with types in its signature. Numbers, `if`, `while`, `for` over a range, and the elements of
arrays that lie in records keep the meaning that Python gives them, to the last bit: nothing is reordered or fused. What
has another meaning here is refused, save for two things: whole numbers have 64 bits, and an index counts from the
start.

All records lie in one table of 64-bit words, one record of each type, so that a function need not be told which. An
array is four words there: its address and three lengths.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np

from threonate.engine.codegen.llvm_builder import hexadecimal
from threonate.engine.kernels.lanes import Array, Index
from threonate.engine.kernels.native_calls import ENTRY_WORDS, address_of, call
from threonate.errors import EngineError

WHOLE, REAL, TRUTH, PLACE, NOTHING = "i64", "double", "i1", "ptr", "void"
_SCALARS: Mapping[Any, str] = {int: WHOLE, float: REAL, bool: TRUTH, type(None): NOTHING}
_ELEMENTS: Mapping[Any, str] = {Array: REAL, Index: WHOLE}
_ARITHMETIC: Mapping[type, tuple[str, str]] = {
    ast.Add: ("add", "fadd"),
    ast.Sub: ("sub", "fsub"),
    ast.Mult: ("mul", "fmul"),
    ast.Div: ("", "fdiv"),
    ast.LShift: ("shl", ""),
    ast.RShift: ("ashr", ""),
    ast.BitAnd: ("and", ""),
    ast.BitOr: ("or", ""),
}
_COMPARED: Mapping[type, tuple[str, str]] = {
    ast.Eq: ("eq", "oeq"),
    ast.NotEq: ("ne", "une"),
    ast.Lt: ("slt", "olt"),
    ast.LtE: ("sle", "ole"),
    ast.Gt: ("sgt", "ogt"),
    ast.GtE: ("sge", "oge"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """An LLVM value: its type, and a name or a number."""

    type: str
    name: str


Function = Callable[..., Any]


def translate(entry: Function) -> str:
    """A module with one visible function `entry`, from the address of the table to a whole number.

    entry     takes records and reals and returns a whole number; it may call functions of its own module
    Raises    EngineError with function and line for what is not understood
    """
    layout = Layout(entry)
    waiting, done, texts = [entry], {entry}, list[str]()
    while waiting:
        one = _Translation(waiting.pop(), layout)
        texts.append(one.text())
        waiting += [called for called in one.called if called not in done]
        done |= one.called
    values = [f"double %x{i}" for i in range(len(layout.reals))]
    loads = []
    for i, slot in enumerate(layout.reals):
        loads.append(f"  %a{i} = getelementptr i64, ptr %table, i64 {slot}\n  %x{i} = load double, ptr %a{i}, align 8")
    listed = ", ".join(["ptr %table", *values])
    texts.append(
        f"define i64 @entry(ptr %table) #1 {{\n{chr(10).join(loads)}\n"
        f"  %r = call i64 @{entry.__name__}({listed})\n  ret i64 %r\n}}\n"
    )
    declared = "declare double @llvm.fabs.f64(double)"
    inside = "attributes #0 = { nounwind alwaysinline }\nattributes #1 = { nounwind }"
    return "\n".join([declared, *texts, "!0 = !{}", inside, ""])


class Layout:
    """Where the table holds what.

    records   record type -> field -> (first word, type of the elements, or whole for a plain number)
    reals     words of the plain real arguments, in their order
    """

    def __init__(self, entry: Function) -> None:
        self.records: dict[Any, dict[str, tuple[int, str]]] = {}
        self.reals: list[int] = []
        word = 0
        for name, kind in _arguments(entry).items():
            if kind is float:
                self.reals.append(word)
                word += 1
                continue
            if not hasattr(kind, "_fields") or kind in self.records:
                raise EngineError(f"{entry.__name__}: '{name}' must be a real number or a record of a type of its own.")
            fields = {}
            for field, found in get_type_hints(kind).items():
                fields[field] = (word, WHOLE if found is int else _ELEMENTS[found])
                word += 1 if found is int else ENTRY_WORDS
            self.records[kind] = fields


def _arguments(function: Function) -> dict[str, Any]:
    hints = get_type_hints(function)
    return {name: hints[name] for name in inspect.signature(function).parameters}


class _Translation:
    """One function on its way to text."""

    def __init__(self, function: Function, layout: Layout) -> None:
        self.function, self.layout = function, layout
        source, self.first_line = inspect.getsourcelines(function)
        self.tree = ast.parse(textwrap.dedent("".join(source))).body[0]
        self.names = function.__globals__
        self.kinds = _arguments(function)
        self.result = _result_types(get_type_hints(function)["return"])
        self.called: set[Function] = set()
        self.slots: dict[str, str] = {}
        self.lines: list[str] = []
        self.loops: list[tuple[str, str]] = []
        self.count = 0
        self.ended = False

    def text(self) -> str:
        assert isinstance(self.tree, ast.FunctionDef)
        passed = ["ptr %table"]
        for name, kind in self.kinds.items():
            if kind in _SCALARS:
                passed.append(f"{_SCALARS[kind]} %arg.{name}")
                self._put(name, Value(_SCALARS[kind], f"%arg.{name}"))
        self._block(self.tree.body)
        if not self.ended:
            self._line("ret void" if self.result == [NOTHING] else "unreachable")
        slots = [f"  %slot.{name} = alloca {kind}, align 8" for name, kind in self.slots.items()]
        body = "\n".join([*slots, *self.lines])
        return (
            f"define internal {_joined(self.result)} @{self.function.__name__}({', '.join(passed)}) #0 {{\n{body}\n}}\n"
        )

    def _refused(self, node: ast.AST, what: str) -> EngineError:
        line = self.first_line + getattr(node, "lineno", 1) - 1
        return EngineError(f"{self.function.__module__}.{self.function.__name__}, line {line}: {what}.")

    # ---- lines

    def _line(self, text: str) -> None:
        self.lines.append(f"  {text}")

    def _value(self, kind: str, text: str) -> Value:
        self.count += 1
        self._line(f"%v{self.count} = {text}")
        return Value(kind, f"%v{self.count}")

    def _label(self) -> str:
        self.count += 1
        return f"b{self.count}"

    def _go(self, label: str) -> None:
        if not self.ended:
            self._line(f"br label %{label}")

    def _start(self, label: str) -> None:
        self.lines.append(f"{label}:")
        self.ended = False

    def _branch(self, condition: Value, yes: str, no: str) -> None:
        self._line(f"br i1 {condition.name}, label %{yes}, label %{no}")

    def _put(self, name: str, value: Value) -> None:
        kind = self.slots.setdefault(name, value.type)
        if value.type != kind:
            value = self._as(kind, value)
        self._line(f"store {kind} {value.name}, ptr %slot.{name}, align 8")

    def _as(self, kind: str, value: Value) -> Value:
        """The same number as another type; a truth as a number, a whole number as a real one, never back."""
        if value.type == kind:
            return value
        if value.type == TRUTH and kind == WHOLE:
            return self._value(WHOLE, f"zext i1 {value.name} to i64")
        if value.type == WHOLE and kind == REAL:
            return self._value(REAL, f"sitofp i64 {value.name} to double")
        raise self._refused(self.tree, f"a value changes its type from {value.type} to {kind}")

    def _truth(self, value: Value) -> Value:
        if value.type == TRUTH:
            return value
        if value.type == WHOLE:
            return self._value(TRUTH, f"icmp ne i64 {value.name}, 0")
        return self._value(TRUTH, f"fcmp une double {value.name}, {hexadecimal(0.0)}")

    def _common(self, left: Value, right: Value) -> tuple[str, Value, Value]:
        kind = REAL if REAL in (left.type, right.type) else WHOLE
        left, right = (self._as(WHOLE, one) if one.type == TRUTH else one for one in (left, right))
        return kind, self._as(kind, left), self._as(kind, right)

    # ---- statements

    def _block(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            if self.ended:
                return
            handler = getattr(self, f"_do_{type(statement).__name__.lower()}", None)
            if handler is None:
                raise self._refused(statement, f"{type(statement).__name__} is not understood")
            handler(statement)

    def _do_expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self._call(node.value)
        elif not isinstance(node.value, ast.Constant):
            raise self._refused(node, "an expression without effect")

    def _do_pass(self, node: ast.Pass) -> None:
        pass

    def _do_return(self, node: ast.Return) -> None:
        found = [] if node.value is None else self._several(node.value)
        if self.result == [NOTHING] or len(found) != len(self.result):
            if found or self.result != [NOTHING]:
                raise self._refused(node, "it returns something else than the signature says")
            self._line("ret void")
        elif len(found) == 1:
            self._line(f"ret {self.result[0]} {self._as(self.result[0], found[0]).name}")
        else:
            whole = Value(_joined(self.result), "undef")
            for i, (kind, one) in enumerate(zip(self.result, found, strict=True)):
                text = f"insertvalue {whole.type} {whole.name}, {kind} {self._as(kind, one).name}, {i}"
                whole = self._value(whole.type, text)
            self._line(f"ret {whole.type} {whole.name}")
        self.ended = True

    def _do_assign(self, node: ast.Assign) -> None:
        if len(node.targets) != 1:
            raise self._refused(node, "more than one target")
        target = node.targets[0]
        places = target.elts if isinstance(target, ast.Tuple) else [target]
        values = self._several(node.value)
        if len(places) != len(values):
            raise self._refused(node, "as many values as names are needed")
        for place, value in zip(places, values, strict=True):
            self._assign(place, value)

    def _assign(self, place: ast.expr, value: Value) -> None:
        if isinstance(place, ast.Name):
            self._put(place.id, value)
        elif isinstance(place, ast.Subscript):
            kind, where = self._element(place)
            self._line(f"store {kind} {self._as(kind, value).name}, ptr {where}, align 8")
        else:
            raise self._refused(place, "this cannot be assigned to")

    def _do_augassign(self, node: ast.AugAssign) -> None:
        self._assign(node.target, self._operation(node, node.op, self._of(node.target), self._of(node.value)))

    def _do_if(self, node: ast.If) -> None:
        yes, no, after = self._label(), self._label(), self._label()
        self._branch(self._truth(self._of(node.test)), yes, no)
        ended = True
        for label, body in ((yes, node.body), (no, node.orelse)):
            self._start(label)
            self._block(body)
            ended &= self.ended
            self._go(after)
        if not ended:
            self._start(after)

    def _do_while(self, node: ast.While) -> None:
        if node.orelse:
            raise self._refused(node, "else of a loop")
        test, body, after = self._label(), self._label(), self._label()
        endless = isinstance(node.test, ast.Constant) and node.test.value is True
        self._go(test)
        self._start(test)
        if endless:
            self._go(body)
        else:
            self._branch(self._truth(self._of(node.test)), body, after)
        self._start(body)
        self._inside(node.body, test, after)
        self._go(test)
        self._start(after)
        if endless and not any(isinstance(one, ast.Break) for one in ast.walk(node)):
            self._line("unreachable")
            self.ended = True

    def _do_for(self, node: ast.For) -> None:
        """The running number is kept apart from the name, which the body may set."""
        called = node.iter
        plain = isinstance(called, ast.Call) and isinstance(called.func, ast.Name) and called.func.id == "range"
        if not plain or not isinstance(called, ast.Call) or not isinstance(node.target, ast.Name) or node.orelse:
            raise self._refused(node, "only a loop over a range is understood")
        bounds = [self._as(WHOLE, self._of(argument)) for argument in called.args]
        if len(bounds) not in (1, 2):
            raise self._refused(node, "a range with a step")
        counter = f"range{self.count}"
        self._put(counter, bounds[0] if len(bounds) == 2 else Value(WHOLE, "0"))
        test, body, following, after = (self._label() for _ in range(4))
        self._go(test)
        self._start(test)
        now = self._value(WHOLE, f"load i64, ptr %slot.{counter}, align 8")
        self._branch(self._value(TRUTH, f"icmp slt i64 {now.name}, {bounds[-1].name}"), body, after)
        self._start(body)
        self._put(node.target.id, now)
        self._inside(node.body, following, after)
        self._go(following)
        self._start(following)
        now = self._value(WHOLE, f"load i64, ptr %slot.{counter}, align 8")
        self._put(counter, self._value(WHOLE, f"add i64 {now.name}, 1"))
        self._go(test)
        self._start(after)

    def _inside(self, body: list[ast.stmt], following: str, after: str) -> None:
        self.loops.append((following, after))
        self._block(body)
        self.loops.pop()

    def _do_break(self, node: ast.Break) -> None:
        self._go(self.loops[-1][1])
        self.ended = True

    def _do_continue(self, node: ast.Continue) -> None:
        self._go(self.loops[-1][0])
        self.ended = True

    # ---- expressions

    def _several(self, node: ast.expr) -> list[Value]:
        """One value, those of a tuple, or those that a call returns."""
        if isinstance(node, ast.Tuple):
            return [self._of(one) for one in node.elts]
        if isinstance(node, ast.Call):
            return self._call(node)
        return [self._of(node)]

    def _of(self, node: ast.expr) -> Value:
        handler = getattr(self, f"_of_{type(node).__name__.lower()}", None)
        if handler is None:
            raise self._refused(node, f"{type(node).__name__} is not understood")
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
        raise self._refused(node, f"{value!r} is not a number")

    def _of_constant(self, node: ast.Constant) -> Value:
        return self._constant(node, node.value)

    def _of_name(self, node: ast.Name) -> Value:
        if node.id in self.slots:
            kind = self.slots[node.id]
            return self._value(kind, f"load {kind}, ptr %slot.{node.id}, align 8")
        if node.id in self.names:
            return self._constant(node, self.names[node.id])
        raise self._refused(node, f"'{node.id}' has no value yet")

    def _of_attribute(self, node: ast.Attribute) -> Value:
        """A plain number of a record, or a constant of a module."""
        if isinstance(node.value, ast.Name) and self.names.get(node.value.id) is np:
            return self._constant(node, getattr(np, node.attr))
        word, kind = self._field(node)
        if kind != WHOLE:
            raise self._refused(node, f"'{node.attr}' is an array")
        return self._word(word, WHOLE)

    def _word(self, word: int, kind: str) -> Value:
        """A word of the table, which nothing changes while the code runs."""
        where = self._value(PLACE, f"getelementptr i64, ptr %table, i64 {word}")
        return self._value(kind, f"load {kind}, ptr {where.name}, align 8, !invariant.load !0")

    def _field(self, node: ast.expr) -> tuple[int, str]:
        """First word and type of the elements of a field of a record."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            fields = self.layout.records.get(self.kinds.get(node.value.id))
            if fields is not None and node.attr in fields:
                return fields[node.attr]
        raise self._refused(node, f"'{ast.unparse(node)}' is not a field of a record that the function takes")

    def _of_subscript(self, node: ast.Subscript) -> Value:
        if isinstance(node.value, ast.Attribute) and node.value.attr == "shape":
            axis = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if not isinstance(axis, int) or not 0 <= axis < ENTRY_WORDS - 1:
                raise self._refused(node, "an axis must be 0, 1 or 2")
            return self._word(self._field(node.value.value)[0] + 1 + axis, WHOLE)
        kind, where = self._element(node)
        return self._value(kind, f"load {kind}, ptr {where}, align 8")

    def _element(self, node: ast.Subscript) -> tuple[str, str]:
        """Type and address of an element; arrays lie row by row."""
        word, kind = self._field(node.value)
        indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        place = self._as(WHOLE, self._of(indices[0]))
        for axis, index in enumerate(indices[1:], start=1):
            length = self._word(word + 1 + axis, WHOLE)
            row = self._value(WHOLE, f"mul i64 {place.name}, {length.name}")
            place = self._value(WHOLE, f"add i64 {row.name}, {self._as(WHOLE, self._of(index)).name}")
        begin = self._word(word, PLACE)
        return kind, self._value(PLACE, f"getelementptr {kind}, ptr {begin.name}, i64 {place.name}").name

    def _of_binop(self, node: ast.BinOp) -> Value:
        return self._operation(node, node.op, self._of(node.left), self._of(node.right))

    def _operation(self, node: ast.AST, op: ast.operator, left: Value, right: Value) -> Value:
        if type(op) not in _ARITHMETIC:
            raise self._refused(node, f"{type(op).__name__} is not understood")
        whole, real = _ARITHMETIC[type(op)]
        if not real and left.type == right.type == TRUTH and whole in ("and", "or"):
            return self._value(TRUTH, f"{whole} i1 {left.name}, {right.name}")
        kind, left, right = self._common(left, right)
        if not whole:
            kind, left, right = REAL, self._as(REAL, left), self._as(REAL, right)
        name = whole if kind == WHOLE else real
        if not name:
            raise self._refused(node, f"{type(op).__name__} of a real number")
        return self._value(kind, f"{name} {kind} {left.name}, {right.name}")

    def _of_unaryop(self, node: ast.UnaryOp) -> Value:
        value = self._of(node.operand)
        if isinstance(node.op, ast.Not):
            return self._value(TRUTH, f"xor i1 {self._truth(value).name}, true")
        if not isinstance(node.op, ast.USub) or value.type == TRUTH:
            raise self._refused(node, f"{type(node.op).__name__} is not understood")
        return self._value(
            value.type, f"sub i64 0, {value.name}" if value.type == WHOLE else f"fneg double {value.name}"
        )

    def _of_compare(self, node: ast.Compare) -> Value:
        if len(node.ops) != 1:
            raise self._refused(node, "comparisons in a chain")
        left, op, right = self._of(node.left), node.ops[0], node.comparators[0]
        if isinstance(op, ast.In) and isinstance(right, ast.Tuple):
            found = Value(TRUTH, "false")
            for one in right.elts:
                same = self._compared(node, ast.Eq(), left, self._of(one))
                found = self._value(TRUTH, f"or i1 {found.name}, {same.name}")
            return found
        return self._compared(node, op, left, self._of(right))

    def _compared(self, node: ast.AST, op: ast.cmpop, left: Value, right: Value) -> Value:
        if type(op) not in _COMPARED:
            raise self._refused(node, f"{type(op).__name__} is not understood")
        kind, left, right = self._common(left, right)
        whole, real = _COMPARED[type(op)]
        name = f"icmp {whole}" if kind == WHOLE else f"fcmp {real}"
        return self._value(TRUTH, f"{name} {kind} {left.name}, {right.name}")

    def _of_boolop(self, node: ast.BoolOp) -> Value:
        """The truth of the whole; what stands later is looked at only where it matters."""
        slot, after = f"both{self._label()}", self._label()
        for i, one in enumerate(node.values):
            value = self._truth(self._of(one))
            self._put(slot, value)
            following = self._label()
            if i + 1 < len(node.values):
                yes, no = (following, after) if isinstance(node.op, ast.And) else (after, following)
                self._branch(value, yes, no)
                self._start(following)
        self._go(after)
        self._start(after)
        return self._value(TRUTH, f"load i1, ptr %slot.{slot}, align 8")

    def _of_ifexp(self, node: ast.IfExp) -> Value:
        yes, no, after = self._label(), self._label(), self._label()
        slot = f"either{self.count}"
        self._branch(self._truth(self._of(node.test)), yes, no)
        for label, value in ((yes, node.body), (no, node.orelse)):
            self._start(label)
            self._put(slot, self._of(value))
            self._go(after)
        self._start(after)
        return self._value(self.slots[slot], f"load {self.slots[slot]}, ptr %slot.{slot}, align 8")

    # ---- calls

    def _of_call(self, node: ast.Call) -> Value:
        found = self._call(node)
        if len(found) != 1:
            raise self._refused(node, "a call that returns one value is needed here")
        return found[0]

    def _call(self, node: ast.Call) -> list[Value]:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        found = self.names.get(name)
        if found is call:
            self._call_address(node)
            return []
        if inspect.isfunction(found) and found.__module__ == self.function.__module__:
            return self._call_function(node, found)
        if node.keywords or name not in ("abs", "min", "max", "int", "float"):
            raise self._refused(node, f"'{ast.unparse(node.func)}' cannot be called here")
        return [self._built_in(node, name, [self._of(argument) for argument in node.args])]

    def _built_in(self, node: ast.Call, name: str, values: list[Value]) -> Value:
        value = values[0]
        if name == "abs" and value.type == REAL:
            return self._value(REAL, f"call double @llvm.fabs.f64(double {value.name})")
        if name == "int" and value.type == REAL:
            return self._value(WHOLE, f"fptosi double {value.name} to i64")
        if name in ("int", "float"):
            return self._as(WHOLE if name == "int" else REAL, value)
        if name == "abs" or len(values) != 2:
            raise self._refused(node, f"'{name}' of these values")
        kind, left, right = self._common(values[0], values[1])
        better = self._compared(node, ast.Lt() if name == "min" else ast.Gt(), right, left)
        return self._value(kind, f"select i1 {better.name}, {kind} {right.name}, {kind} {left.name}")

    def _call_address(self, node: ast.Call) -> None:
        """Machine code at an address, called with the addresses of arrays."""
        address, arrays = node.args
        if not isinstance(arrays, ast.Tuple):
            raise self._refused(node, "a tuple of addresses is needed")
        code = self._value(PLACE, f"inttoptr i64 {self._of(address).name} to ptr")
        places = ", ".join(f"ptr {self._begin_of(one).name}" for one in arrays.elts)
        self._line(f"call void {code.name}({places})")

    def _begin_of(self, node: ast.expr) -> Value:
        function = node.func if isinstance(node, ast.Call) else None
        if not isinstance(node, ast.Call) or not isinstance(function, ast.Name):
            raise self._refused(node, "an address of an array is needed")
        if self.names.get(function.id) is not address_of:
            raise self._refused(node, "an address of an array is needed")
        return self._word(self._field(node.args[0])[0], PLACE)

    def _call_function(self, node: ast.Call, function: Function) -> list[Value]:
        self.called.add(function)
        passed = ["ptr %table"]
        for argument, (name, kind) in zip(node.args, _arguments(function).items(), strict=True):
            if kind in _SCALARS:
                passed.append(f"{_SCALARS[kind]} {self._as(_SCALARS[kind], self._of(argument)).name}")
            elif not isinstance(argument, ast.Name) or self.kinds.get(argument.id) is not kind:
                raise self._refused(node, f"'{name}' must be the record that the caller was given")
        result = _result_types(get_type_hints(function)["return"])
        text = f"call {_joined(result)} @{function.__name__}({', '.join(passed)})"
        if result == [NOTHING]:
            self._line(text)
            return []
        whole = self._value(_joined(result), text)
        return [whole] if len(result) == 1 else list(self._parts(whole, result))

    def _parts(self, whole: Value, kinds: list[str]) -> Iterator[Value]:
        for i, kind in enumerate(kinds):
            yield self._value(kind, f"extractvalue {whole.type} {whole.name}, {i}")


def _result_types(kind: Any) -> list[str]:
    parts = get_args(kind) if get_origin(kind) is tuple else (kind,)
    return [_SCALARS[part] for part in parts]


def _joined(kinds: list[str]) -> str:
    return kinds[0] if len(kinds) == 1 else "{ " + ", ".join(kinds) + " }"
