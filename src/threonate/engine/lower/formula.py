"""MathML to graph: one entry per construct, and a refusal for everything else."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Protocol

import libsbml

from threonate.engine.lower import functions
from threonate.engine.lower.graph import Graph
from threonate.engine.unsupported import UnsupportedModel

AVOGADRO = 6.02214179e23
"""The constant as SBML Level 3 fixes it [1/mol]."""


_LARGEST_FACTORIAL = 170


class Scope(Protocol):
    """Where names get their meaning."""

    graph: Graph

    def symbol(self, name: str) -> int:
        """Node of an SBML id."""
        ...

    def time(self) -> int:
        """Node of the model's time."""
        ...

    def rate_of(self, name: str) -> int:
        """Node of the time derivative of an id."""
        ...


def lower_formula(math_node: libsbml.ASTNode, scope: Scope, element: str) -> int:
    """Graph node of a numeric formula.

    element   id named when the formula is refused
    Raises    UnsupportedModel for a construct that is not solved
    """
    if math_node is None:
        raise UnsupportedModel("A missing formula", element)
    return _Lowering(scope, element).number(math_node)


def lower_condition(math_node: libsbml.ASTNode, scope: Scope, element: str) -> int:
    """Graph node of a condition."""
    if math_node is None:
        raise UnsupportedModel("A missing condition", element)
    return _Lowering(scope, element).condition(math_node)


class _Lowering:
    """One formula on its way into the graph."""

    def __init__(self, scope: Scope, element: str) -> None:
        self.scope = scope
        self.graph = scope.graph
        self.element = element

    def number(self, node: libsbml.ASTNode) -> int:
        found = self._any(node)
        if self.graph.is_truth(found):
            return self.graph.select(found, self.graph.constant(1.0), self.graph.constant(0.0))
        return found

    def condition(self, node: libsbml.ASTNode) -> int:
        found = self._any(node)
        if self.graph.is_truth(found):
            return found
        return self.graph.negate(self.graph.compare("eq", found, self.graph.constant(0.0)))

    def numbers(self, node: libsbml.ASTNode) -> list[int]:
        return [self.number(node.getChild(i)) for i in range(node.getNumChildren())]

    def conditions(self, node: libsbml.ASTNode) -> list[int]:
        return [self.condition(node.getChild(i)) for i in range(node.getNumChildren())]

    def _any(self, node: libsbml.ASTNode) -> int:
        if node.isNumber() and node.getType() != libsbml.AST_NAME_AVOGADRO:
            return self.graph.constant(node.getValue())
        kind = node.getType()
        if kind in _OPERATIONS:
            return _OPERATIONS[kind](self, node)
        if kind in _NAMED:
            return _NAMED[kind](self.graph, *self._expect(node, 1))
        raise UnsupportedModel(f"'{_name_of(node)}'", self.element)

    def _expect(self, node: libsbml.ASTNode, count: int) -> list[int]:
        if node.getNumChildren() != count:
            raise UnsupportedModel(f"'{_name_of(node)}' with {node.getNumChildren()} arguments", self.element)
        return self.numbers(node)

    def name(self, node: libsbml.ASTNode) -> int:
        return self.scope.symbol(node.getName())

    def time(self, node: libsbml.ASTNode) -> int:
        return self.scope.time()

    def rate_of(self, node: libsbml.ASTNode) -> int:
        child = node.getChild(0)
        if node.getNumChildren() != 1 or not child.isName():
            raise UnsupportedModel("rateOf of a formula", self.element)
        return self.scope.rate_of(child.getName())

    def minus(self, node: libsbml.ASTNode) -> int:
        if node.getNumChildren() == 1:
            return self.graph.neg(self.numbers(node)[0])
        return self.graph.sub(*self._expect(node, 2))

    def divide(self, node: libsbml.ASTNode) -> int:
        return self.graph.div(*self._expect(node, 2))

    def power(self, node: libsbml.ASTNode) -> int:
        return self.graph.power(*self._expect(node, 2))

    def root(self, node: libsbml.ASTNode) -> int:
        degree, inside = self._with_default(node, 2.0)
        return functions.root(self.graph, degree, inside)

    def log(self, node: libsbml.ASTNode) -> int:
        base, inside = self._with_default(node, 10.0)
        return functions.logarithm(self.graph, base, inside)

    def _with_default(self, node: libsbml.ASTNode, first: float) -> list[int]:
        if node.getNumChildren() == 1:
            return [self.graph.constant(first), *self.numbers(node)]
        return self._expect(node, 2)

    def factorial(self, node: libsbml.ASTNode) -> int:
        (inside,) = self._expect(node, 1)
        if not self.graph.is_constant(inside):
            raise UnsupportedModel("factorial of something that varies", self.element)
        value = self.graph.value(inside)
        if value < 0 or value != math.floor(value) or value > _LARGEST_FACTORIAL:
            raise UnsupportedModel(f"factorial of {value}", self.element)
        return self.graph.constant(float(math.factorial(int(value))))

    def piecewise(self, node: libsbml.ASTNode) -> int:
        count = node.getNumChildren()
        truth = all(self.graph.is_truth(self._any(node.getChild(i))) for i in range(0, count, 2))
        if truth and count % 2:
            return self._piecewise_truth(node)
        found = self.number(node.getChild(count - 1)) if count % 2 else self.graph.constant(math.nan)
        for i in reversed(range(0, count - 1, 2)):
            condition = self.condition(node.getChild(i + 1))
            found = self.graph.select(condition, self.number(node.getChild(i)), found)
        return found

    def _piecewise_truth(self, node: libsbml.ASTNode) -> int:
        g = self.graph
        found = self.condition(node.getChild(node.getNumChildren() - 1))
        for i in reversed(range(0, node.getNumChildren() - 1, 2)):
            condition, value = self.condition(node.getChild(i + 1)), self.condition(node.getChild(i))
            here = g.logical("and", condition, value)
            found = g.logical("or", here, g.logical("and", g.negate(condition), found))
        return found

    def implies(self, node: libsbml.ASTNode) -> int:
        first, second = self.conditions(node)
        return self.graph.logical("or", self.graph.negate(first), second)

    def negation(self, node: libsbml.ASTNode) -> int:
        return self.graph.negate(self.conditions(node)[0])

    def extreme(self, node: libsbml.ASTNode, choose: Callable[[Graph, int, int], int]) -> int:
        values = self.numbers(node)
        if not values:
            raise UnsupportedModel(f"'{_name_of(node)}' without arguments", self.element)
        found = values[0]
        for value in values[1:]:
            found = choose(self.graph, found, value)
        return found

    def relation(self, node: libsbml.ASTNode, build: Callable[[Graph, int, int], int]) -> int:
        """A chain a < b < c holds when every neighbouring pair does."""
        values = self.numbers(node)
        found = self.graph.truth(True)
        for left, right in pairwise(values):
            found = self.graph.logical("and", found, build(self.graph, left, right))
        return found

    def logic(self, node: libsbml.ASTNode, op: str, empty: bool) -> int:
        found = self.graph.truth(empty)
        for condition in self.conditions(node):
            found = self.graph.logical(op, found, condition)
        return found


def _name_of(node: libsbml.ASTNode) -> str:
    name = node.getName() or libsbml.formulaToL3String(node)
    return str(name)


_Build = Callable[[_Lowering, libsbml.ASTNode], int]


def _relations() -> dict[int, _Build]:
    builders: dict[int, Callable[[Graph, int, int], int]] = {
        libsbml.AST_RELATIONAL_LT: lambda g, a, b: g.compare("lt", a, b),
        libsbml.AST_RELATIONAL_LEQ: lambda g, a, b: g.compare("le", a, b),
        libsbml.AST_RELATIONAL_GT: lambda g, a, b: g.compare("lt", b, a),
        libsbml.AST_RELATIONAL_GEQ: lambda g, a, b: g.compare("le", b, a),
        libsbml.AST_RELATIONAL_EQ: lambda g, a, b: g.compare("eq", a, b),
        libsbml.AST_RELATIONAL_NEQ: lambda g, a, b: g.negate(g.compare("eq", a, b)),
    }
    return {kind: _relation(build) for kind, build in builders.items()}


def _relation(build: Callable[[Graph, int, int], int]) -> _Build:
    return lambda lowering, node: lowering.relation(node, build)


_OPERATIONS: Mapping[int, _Build] = MappingProxyType(
    {
        libsbml.AST_NAME: _Lowering.name,
        libsbml.AST_NAME_TIME: _Lowering.time,
        libsbml.AST_NAME_AVOGADRO: lambda self, node: self.graph.constant(AVOGADRO),
        libsbml.AST_CONSTANT_E: lambda self, node: self.graph.constant(math.e),
        libsbml.AST_CONSTANT_PI: lambda self, node: self.graph.constant(math.pi),
        libsbml.AST_CONSTANT_TRUE: lambda self, node: self.graph.truth(True),
        libsbml.AST_CONSTANT_FALSE: lambda self, node: self.graph.truth(False),
        libsbml.AST_FUNCTION_RATE_OF: _Lowering.rate_of,
        libsbml.AST_PLUS: lambda self, node: self.graph.total(self.numbers(node)),
        libsbml.AST_TIMES: lambda self, node: self.graph.product(self.numbers(node)),
        libsbml.AST_MINUS: _Lowering.minus,
        libsbml.AST_DIVIDE: _Lowering.divide,
        libsbml.AST_POWER: _Lowering.power,
        libsbml.AST_FUNCTION_POWER: _Lowering.power,
        libsbml.AST_FUNCTION_ROOT: _Lowering.root,
        libsbml.AST_FUNCTION_LOG: _Lowering.log,
        libsbml.AST_FUNCTION_FACTORIAL: _Lowering.factorial,
        libsbml.AST_FUNCTION_PIECEWISE: _Lowering.piecewise,
        libsbml.AST_FUNCTION_MIN: lambda self, node: self.extreme(node, Graph.smaller),
        libsbml.AST_FUNCTION_MAX: lambda self, node: self.extreme(node, Graph.larger),
        libsbml.AST_FUNCTION_REM: lambda self, node: functions.remainder(self.graph, *self._expect(node, 2)),
        libsbml.AST_FUNCTION_QUOTIENT: lambda self, node: functions.quotient(self.graph, *self._expect(node, 2)),
        libsbml.AST_LOGICAL_AND: lambda self, node: self.logic(node, "and", True),
        libsbml.AST_LOGICAL_OR: lambda self, node: self.logic(node, "or", False),
        libsbml.AST_LOGICAL_XOR: lambda self, node: self.logic(node, "xor", False),
        libsbml.AST_LOGICAL_NOT: _Lowering.negation,
        libsbml.AST_LOGICAL_IMPLIES: _Lowering.implies,
        **_relations(),
    }
)

_NAMED: Mapping[int, Callable[[Graph, int], int]] = MappingProxyType(
    {
        getattr(libsbml, f"AST_FUNCTION_{name.upper()}"): build
        for name, build in functions.ONE_ARGUMENT.items()
        if hasattr(libsbml, f"AST_FUNCTION_{name.upper()}")
    }
)


def names_in(math_node: libsbml.ASTNode | None) -> Sequence[str]:
    """Ids that a formula reads."""
    if math_node is None:
        return ()
    here = [str(math_node.getName())] if math_node.getType() == libsbml.AST_NAME else []
    for i in range(math_node.getNumChildren()):
        here += names_in(math_node.getChild(i))
    return here
