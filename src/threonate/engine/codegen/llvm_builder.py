"""Text of LLVM functions on lanes: every value is a vector with one subject per lane.

There are no fast-math flags: each operation rounds once, and a product and a sum are fused where the text says so. So
the digits do not depend on the number of lanes or on the processor, as long as it can fuse.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

_CACHE_LINE = 64


def hexadecimal(value: float) -> str:
    """A double as LLVM writes it exactly."""
    return f"0x{struct.unpack('<Q', struct.pack('<d', value))[0]:016X}"


class FunctionText:
    """The body of one function, built line by line; methods return the name of the new value."""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self.vector = f"<{lanes} x double>"
        self.whole = f"<{lanes} x i64>"
        self.truth = f"<{lanes} x i1>"
        self.alignment = min(_CACHE_LINE, 8 * lanes)
        self.lines: list[str] = []
        self.declared: set[str] = set()
        self._count = 0
        self._loaded: dict[tuple[str, str], str] = {}

    def line(self, text: str) -> None:
        self.lines.append(f"  {text}")

    def value(self, text: str) -> str:
        self._count += 1
        name = f"%v{self._count}"
        self.line(f"{name} = {text}")
        return name

    def number(self, value: float) -> str:
        return f"splat (double {hexadecimal(value)})"

    def held_number(self, value: float) -> str:
        """The same from memory: for loops, in which a constant would be read anew in every turn."""
        written = hexadecimal(value)
        self.declared.add(f"@number.{written} = global double {written}")
        return self.splat(self.value(f"load double, ptr @number.{written}"))

    def splat(self, value: str) -> str:
        """A double in all lanes."""
        first = self.value(f"insertelement {self.vector} poison, double {value}, i64 0")
        return self.value(
            f"shufflevector {self.vector} {first}, {self.vector} poison, <{self.lanes} x i32> zeroinitializer"
        )

    def integer(self, value: int) -> str:
        return f"splat (i64 {value})"

    def arithmetic(self, op: str, a: str, b: str) -> str:
        """One of fadd, fsub, fmul, fdiv."""
        return self.value(f"{op} {self.vector} {a}, {b}")

    def add(self, a: str, b: str) -> str:
        return self.arithmetic("fadd", a, b)

    def sub(self, a: str, b: str) -> str:
        return self.arithmetic("fsub", a, b)

    def mul(self, a: str, b: str) -> str:
        return self.arithmetic("fmul", a, b)

    def div(self, a: str, b: str) -> str:
        return self.arithmetic("fdiv", a, b)

    def fused(self, a: str, b: str, c: str) -> str:
        """The sum a b + c, rounded once."""
        return self.intrinsic("fma", a, b, c)

    def less(self, c: str, a: str, b: str) -> str:
        """The difference c - a b, rounded once."""
        return self.fused(self.negative(a), b, c)

    def polynomial(self, x: str, coefficients: Sequence[float]) -> str:
        """Highest power first; by pairs (Estrin's scheme), so that few operations wait for each other."""
        terms = [self.number(c) for c in reversed(coefficients)]
        power = x
        while len(terms) > 1:
            pairs = zip(terms[1::2], terms[::2], strict=False)
            joined = [self._joined(high, power, low) for high, low in pairs]
            terms = joined + terms[len(joined) * 2 :]
            if len(terms) > 1:
                power = self.mul(power, power)
        return terms[0]

    def _joined(self, high: str, power: str, low: str) -> str:
        return self.add(power, low) if high == self.number(1.0) else self.fused(high, power, low)

    def negative(self, a: str) -> str:
        return self.value(f"fneg {self.vector} {a}")

    def compare(self, predicate: str, a: str, b: str) -> str:
        return self.value(f"fcmp {predicate} {self.vector} {a}, {b}")

    def choose(self, condition: str, a: str, b: str) -> str:
        return self.value(f"select {self.truth} {condition}, {self.vector} {a}, {self.vector} {b}")

    def both(self, a: str, b: str) -> str:
        return self.value(f"and {self.truth} {a}, {b}")

    def negated(self, a: str) -> str:
        return self.value(f"xor {self.truth} {a}, splat (i1 true)")

    def either(self, a: str, b: str) -> str:
        return self.value(f"or {self.truth} {a}, {b}")

    def bits(self, a: str) -> str:
        return self.value(f"bitcast {self.vector} {a} to {self.whole}")

    def from_bits(self, a: str) -> str:
        return self.value(f"bitcast {self.whole} {a} to {self.vector}")

    def whole_op(self, op: str, a: str, b: str) -> str:
        return self.value(f"{op} {self.whole} {a}, {b}")

    def intrinsic(self, name: str, *arguments: str) -> str:
        """An LLVM intrinsic such as fabs, sqrt, floor, ceil, fma."""
        full = f"@llvm.{name}.v{self.lanes}f64"
        types = ", ".join([self.vector] * len(arguments))
        self.declared.add(f"declare {self.vector} {full}({types})")
        listed = ", ".join(f"{self.vector} {argument}" for argument in arguments)
        return self.value(f"call {self.vector} {full}({listed})")

    def call(self, name: str, *arguments: str) -> str:
        """A function of this module from vectors to a vector."""
        listed = ", ".join(f"{self.vector} {argument}" for argument in arguments)
        return self.value(f"call {self.vector} @{name}({listed})")

    def address(self, array: str, index: int | str) -> str:
        return self.value(f"getelementptr {self.vector}, ptr %{array}, i64 {index}")

    def load(self, array: str, index: int | str, *, again: bool = False) -> str:
        """An element of an array argument; read once unless `again`."""
        key = (array, str(index))
        if again or key not in self._loaded:
            where = self.address(array, index)
            self._loaded[key] = self.value(f"load {self.vector}, ptr {where}, align {self.alignment}")
        return self._loaded[key]

    def store(self, array: str, index: int | str, value: str) -> None:
        where = self.address(array, index)
        self.line(f"store {self.vector} {value}, ptr {where}, align {self.alignment}")

    def unless(self, rare: str, usual: Callable[[], str], otherwise: Callable[[], str]) -> str:
        """What `usual` writes where `rare` is false in all lanes, else what `otherwise` writes; once in a function."""
        some = self.value(f"icmp ne i{self.lanes} {self._packed(rare)}, 0")
        self.declared.add("declare i1 @llvm.expect.i1(i1, i1)")
        some = self.value(f"call i1 @llvm.expect.i1(i1 {some}, i1 false)")
        self.line(f"br i1 {some}, label %otherwise, label %usual")
        found = []
        for label, write in (("usual", usual), ("otherwise", otherwise)):
            self.lines.append(f"{label}:")
            found.append(f"[{write()}, %{label}]")
            self.line("br label %after")
        self.lines.append("after:")
        return self.value(f"phi {self.vector} {', '.join(found)}")

    def _packed(self, truth: str) -> str:
        return self.value(f"bitcast {self.truth} {truth} to i{self.lanes}")

    def store_bits(self, array: str, truth: str) -> None:
        """Truth of every lane as the bits of one whole number."""
        small = self._packed(truth)
        self.line(f"store i64 {self.value(f'zext i{self.lanes} {small} to i64')}, ptr %{array}, align 8")


def define(text: FunctionText, name: str, arrays: Sequence[str], *, inside: bool = False) -> str:
    """A function without result; every argument is the address of an array."""
    listed = ", ".join(f"ptr noalias %{array}" for array in arrays)
    linkage = "internal " if inside else ""
    return f"define {linkage}void @{name}({listed}) noinline #0 {{\n" + "\n".join(text.lines) + "\n  ret void\n}\n"


def define_formula(text: FunctionText, name: str, arguments: Sequence[str], result: str) -> str:
    """An inlined function from vectors to a vector."""
    listed = ", ".join(f"{text.vector} %{argument}" for argument in arguments)
    body = "\n".join(text.lines)
    head = f"define internal {text.vector} @{name}({listed}) alwaysinline #0"
    return f"{head} {{\n{body}\n  ret {text.vector} {result}\n}}\n"
