"""A value-numbered graph of formulas: every distinct value exists once and knows what it depends on.

A node is known by its number. `Graph` simplifies while it builds, so that zeros and ones never reach the generated code
and factors that only depend on parameters gather in one product, which is computed once per subject.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import IntEnum
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

CONSTANT_OP = "const"
TRUTH = frozenset({"lt", "le", "eq", "and", "or", "not", "xor", "true", "false"})
LEAVES: Mapping[str, int] = MappingProxyType({"p": 1, "y": 2, "t": 2, "g": 2, "w": 2, "b": 2, "x": 2})
"""Inputs and their level: parameter, state, time, 1/(h gamma), LU entry, the two parts of a right-hand side."""
_LARGEST_POWER = 64


class Level(IntEnum):
    """What a value depends on."""

    CONSTANT = 0
    PARAMETER = 1
    STATE = 2


class Node(NamedTuple):
    """One value: an operation on other nodes; `value` is the constant, or the index of an input."""

    op: str
    args: tuple[int, ...]
    value: float


FOLDED: Mapping[str, Callable[..., float]] = MappingProxyType(
    {
        "recip": lambda a: np.float64(1.0) / a,
        "exp": np.exp,
        "log": np.log,
        "sin": np.sin,
        "cos": np.cos,
        "atan": np.arctan,
        "sqrt": np.sqrt,
        "floor": np.floor,
        "ceil": np.ceil,
        "abs": np.abs,
    }
)
"""Functions of one argument, as computed for constants."""


class Graph:
    """Hash-consed nodes. Methods build a value and return its number."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.levels: list[Level] = []
        self._known: dict[tuple[str, tuple[int, ...], object], int] = {}

    def _node(self, op: str, args: tuple[int, ...] = (), value: float = 0.0) -> int:
        key = (op, args, "nan" if value != value else value)
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(Node(op, args, value))
            level = LEAVES.get(op, max((self.levels[a] for a in args), default=Level.CONSTANT))
            self.levels.append(Level(level))
        return self._known[key]

    def constant(self, value: float) -> int:
        return self._node(CONSTANT_OP, (), float(value))

    def leaf(self, kind: str, index: int = 0) -> int:
        """An input: see LEAVES."""
        return self._node(kind, (), float(index))

    def truth(self, value: bool) -> int:
        return self._node("true" if value else "false")

    def is_constant(self, node: int, value: float | None = None) -> bool:
        found = self.nodes[node]
        return found.op == CONSTANT_OP and (value is None or found.value == value)

    def is_truth(self, node: int) -> bool:
        return self.nodes[node].op in TRUTH

    def value(self, node: int) -> float:
        return self.nodes[node].value

    def _constants(self, *nodes: int) -> tuple[np.float64, ...] | None:
        if all(self.is_constant(node) for node in nodes):
            return tuple(np.float64(self.value(node)) for node in nodes)
        return None

    # ---- sums

    def add(self, a: int, b: int) -> int:
        if (known := self._constants(a, b)) is not None:
            return self.constant(known[0] + known[1])
        if self.is_constant(a, 0.0):
            return b
        if self.is_constant(b, 0.0):
            return a
        if self.nodes[b].op == "neg":
            return self.sub(a, self.nodes[b].args[0])
        if self.nodes[a].op == "neg":
            return self.sub(b, self.nodes[a].args[0])
        return self._node("add", (min(a, b), max(a, b)))

    def sub(self, a: int, b: int) -> int:
        if (known := self._constants(a, b)) is not None:
            return self.constant(known[0] - known[1])
        if self.is_constant(b, 0.0):
            return a
        if self.is_constant(a, 0.0):
            return self.neg(b)
        if a == b:
            return self.constant(0.0)
        if self.nodes[b].op == "neg":
            return self.add(a, self.nodes[b].args[0])
        return self._node("sub", (a, b))

    def neg(self, a: int) -> int:
        node = self.nodes[a]
        if node.op == CONSTANT_OP:
            return self.constant(-node.value)
        if node.op == "neg":
            return node.args[0]
        if node.op == "sub":
            return self._node("sub", (node.args[1], node.args[0]))
        return self._node("neg", (a,))

    def total(self, terms: Iterable[int]) -> int:
        found = self.constant(0.0)
        for term in terms:
            found = self.add(found, term)
        return found

    # ---- products

    def mul(self, a: int, b: int) -> int:
        if (known := self._constants(a, b)) is not None:
            with np.errstate(all="ignore"):
                return self.constant(known[0] * known[1])
        for one, other in ((a, b), (b, a)):
            if self.is_constant(one):
                if self.value(one) == 0.0:
                    return one
                if self.value(one) == 1.0:
                    return other
                if self.value(one) == -1.0:
                    return self.neg(other)
        for one, other in ((a, b), (b, a)):
            if self.nodes[one].op == "neg":
                return self.neg(self.mul(self.nodes[one].args[0], other))
        return self._gathered(a, b)

    def _gathered(self, a: int, b: int) -> int:
        """(p s) q as (p q) s, where p and q do not depend on the state."""
        for one, other in ((a, b), (b, a)):
            split = self._split(one)
            if split is not None and self.levels[other] < Level.STATE:
                return self.mul(self.mul(split[0], other), split[1])
        return self._node("mul", (min(a, b), max(a, b)))

    def _split(self, node: int) -> tuple[int, int] | None:
        """Factors of a product of which the first is free of the state and the second is not."""
        if self.nodes[node].op != "mul" or self.levels[node] < Level.STATE:
            return None
        for free, bound in (self.nodes[node].args, self.nodes[node].args[::-1]):
            if self.levels[free] < Level.STATE:
                return free, bound
        return None

    def product(self, factors: Sequence[int]) -> int:
        found = self.constant(1.0)
        for factor in sorted(factors, key=lambda node: self.levels[node]):
            found = self.mul(found, factor)
        return found

    def recip(self, a: int) -> int:
        if self.nodes[a].op == "recip":
            return self.nodes[a].args[0]
        if self.nodes[a].op == "neg":
            return self.neg(self.recip(self.nodes[a].args[0]))
        return self.unary("recip", a)

    def div(self, a: int, b: int) -> int:
        if (known := self._constants(a, b)) is not None:
            with np.errstate(all="ignore"):
                return self.constant(known[0] / known[1])
        return self.mul(a, self.recip(b))

    # ---- functions

    def unary(self, op: str, a: int) -> int:
        """One of FOLDED."""
        if self.is_constant(a):
            with np.errstate(all="ignore"):
                return self.constant(float(FOLDED[op](np.float64(self.value(a)))))
        if op == "exp" and self.nodes[a].op == "neg":
            return self.recip(self.unary("exp", self.nodes[a].args[0]))
        return self._node(op, (a,))

    def power(self, a: int, b: int) -> int:
        """The power a^b: whole and half exponents as products and roots, else exp(b ln a).

        Its arguments are a, b, ln |a|, and for an exponent that is known before the run the sign of a negative base.
        """
        if (known := self._constants(a, b)) is not None:
            with np.errstate(all="ignore"):
                return self.constant(float(np.power(known[0], known[1])))
        if self.is_constant(b):
            twice = 2.0 * self.value(b)
            if twice == math.floor(twice) and abs(twice) <= 2 * _LARGEST_POWER:
                return self._half_power(a, int(twice))
        log = self.unary("log", self.unary("abs", a))
        if self.levels[b] == Level.STATE:
            return self._node("pow", (a, b, log))
        return self._node("pow", (a, b, log, self._sign_of_power(b)))

    def _sign_of_power(self, b: int) -> int:
        """What a negative base gives the power b as its sign: 1 or -1 for a whole exponent, else not a number."""
        half = self.mul(b, self.constant(0.5))
        even, whole = (self.compare("eq", self.unary("floor", one), one) for one in (half, b))
        odd = self.select(whole, self.constant(-1.0), self.constant(math.nan))
        return self.select(even, self.constant(1.0), odd)

    def _half_power(self, a: int, twice: int) -> int:
        if twice < 0:
            return self.recip(self._half_power(a, -twice))
        found = self.unary("sqrt", a) if twice % 2 else self.constant(1.0)
        square, left = a, twice // 2
        while left:
            if left % 2:
                found = self.mul(found, square)
            left //= 2
            if left:
                square = self.mul(square, square)
        return found

    # ---- conditions

    def compare(self, op: str, a: int, b: int) -> int:
        """lt, le or eq of two numbers."""
        if (known := self._constants(a, b)) is not None:
            x, y = known
            return self.truth(bool({"lt": x < y, "le": x <= y, "eq": x == y}[op]))
        return self._node(op, (a, b))

    def negate(self, a: int) -> int:
        node = self.nodes[a]
        if node.op in ("true", "false"):
            return self.truth(node.op == "false")
        return node.args[0] if node.op == "not" else self._node("not", (a,))

    def logical(self, op: str, a: int, b: int) -> int:
        """and, or or xor of two conditions."""
        if op == "or":
            return self.negate(self.logical("and", self.negate(a), self.negate(b)))
        for one, other in ((a, b), (b, a)):
            if self.nodes[one].op == "true":
                return self.negate(other) if op == "xor" else other
            if self.nodes[one].op == "false":
                return other if op == "xor" else one
        return self._node(op, (min(a, b), max(a, b)))

    def select(self, condition: int, a: int, b: int) -> int:
        """The value a where the condition holds, else b."""
        if self.nodes[condition].op in ("true", "false"):
            return a if self.nodes[condition].op == "true" else b
        if a == b:
            return a
        if self.nodes[condition].op == "not":
            return self.select(self.nodes[condition].args[0], b, a)
        return self._node("select", (condition, a, b))

    def smaller(self, a: int, b: int) -> int:
        return self.select(self.compare("lt", b, a), b, a)

    def larger(self, a: int, b: int) -> int:
        return self.select(self.compare("lt", a, b), b, a)

    # ---- order

    def renumber(self, kind: str, places: Sequence[int]) -> None:
        """Give every input of a kind another index; `places` holds the new one of each, and all are taken once."""
        for node, found in enumerate(self.nodes):
            if found.op == kind:
                del self._known[kind, (), found.value]
                self.nodes[node] = found._replace(value=float(places[int(found.value)]))
        self._known |= {(kind, (), found.value): node for node, found in enumerate(self.nodes) if found.op == kind}

    def ordered(self, roots: Iterable[int], stop: Callable[[int], bool] = lambda node: False) -> list[int]:
        """Nodes that the roots need, arguments first; nothing below a node at which `stop` holds."""
        seen: set[int] = set()
        found: list[int] = []
        stack = [(root, False) for root in reversed(list(roots))]
        while stack:
            node, done = stack.pop()
            if done:
                found.append(node)
            elif node not in seen:
                seen.add(node)
                stack.append((node, True))
                if not stop(node):
                    stack.extend((arg, False) for arg in reversed(self.nodes[node].args) if arg not in seen)
        return found
