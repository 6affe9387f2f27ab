"""Sparse LU of I/(h gamma) - J, unrolled on the graph: the order is chosen once, there is no pivoting.

The pivots are stored as reciprocals. A matrix of a compartment-like system needs no row exchange; where one would, the
step becomes inaccurate or not finite and is rejected by the controller.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from threonate.engine.lower.graph import Graph

Entry = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Factors:
    """The factorisation and the substitution as nodes.

    entries    (row, column) of the stored values; the diagonal holds reciprocals of pivots
    values     nodes of the stored values, from the inputs of J and the leaf 'g' = 1/(h gamma)
    solution   (state,) nodes of the solution, from the leaves 'w' (stored values), 'b' and 'x' (right-hand side b + x)
    fill_in    stored values that are zero in J
    """

    entries: tuple[Entry, ...]
    values: tuple[int, ...]
    solution: tuple[int, ...]
    fill_in: int


def factorise(graph: Graph, jacobian: Mapping[Entry, int], size: int) -> Factors:
    """Symbolic elimination in an order of least fill-in."""
    start = {*jacobian, *((i, i) for i in range(size))}
    order, pattern = _minimum_degree(start, size)
    place = {pivot: k for k, pivot in enumerate(order)}
    matrix = _shifted(graph, jacobian, pattern)
    below = {k: sorted((i for i, j in pattern if j == k and place[i] > place[k]), key=place.__getitem__) for k in order}
    right = {k: sorted((j for i, j in pattern if i == k and place[j] > place[k]), key=place.__getitem__) for k in order}
    _eliminate(graph, matrix, order, (below, right))
    entries = tuple(sorted(pattern, key=lambda e: (min(place[e[0]], place[e[1]]), place[e[0]], place[e[1]])))
    stored = {entry: graph.leaf("w", n) for n, entry in enumerate(entries)}
    solution = _substitute(graph, stored, order, (below, right))
    return Factors(entries, tuple(matrix[e] for e in entries), solution, len(pattern) - len(start))


def _shifted(graph: Graph, jacobian: Mapping[Entry, int], pattern: set[Entry]) -> dict[Entry, int]:
    shift = graph.leaf("g")
    matrix = {}
    for i, j in pattern:
        value = graph.neg(jacobian[i, j]) if (i, j) in jacobian else graph.constant(0.0)
        matrix[i, j] = graph.add(shift, value) if i == j else value
    return matrix


Neighbours = tuple[dict[int, list[int]], dict[int, list[int]]]


def _eliminate(graph: Graph, matrix: dict[Entry, int], order: list[int], neighbours: Neighbours) -> None:
    below, right = neighbours
    for k in order:
        matrix[k, k] = graph.recip(matrix[k, k])
        for i in below[k]:
            matrix[i, k] = graph.mul(matrix[i, k], matrix[k, k])
            for j in right[k]:
                matrix[i, j] = graph.sub(matrix[i, j], graph.mul(matrix[i, k], matrix[k, j]))


def _substitute(graph: Graph, stored: dict[Entry, int], order: list[int], neighbours: Neighbours) -> tuple[int, ...]:
    below, right = neighbours
    x = {i: right_side(graph, i) for i in order}
    for k in order:
        for i in below[k]:
            x[i] = graph.sub(x[i], graph.mul(stored[i, k], x[k]))
    for k in reversed(order):
        for j in right[k]:
            x[k] = graph.sub(x[k], graph.mul(stored[k, j], x[j]))
        x[k] = graph.mul(x[k], stored[k, k])
    return tuple(x[i] for i in range(len(order)))


def right_side(graph: Graph, row: int) -> int:
    """What a row is solved for: the given value and what the place of the solution holds before."""
    return graph.add(graph.leaf("b", row), graph.leaf("x", row))


def _minimum_degree(start: set[Entry], size: int) -> tuple[list[int], set[Entry]]:
    """Pivots by smallest Markowitz count, and the pattern with its fill-in."""
    rows = {k: {j for i, j in start if i == k and j != k} for k in range(size)}
    columns = {k: {i for i, j in start if j == k and i != k} for k in range(size)}
    pattern = set(start)
    order: list[int] = []
    left = set(range(size))
    while left:
        pivot = min(left, key=lambda k: (len(rows[k]) * len(columns[k]), len(rows[k]) + len(columns[k]), k))
        left.remove(pivot)
        order.append(pivot)
        for i in columns[pivot]:
            rows[i].discard(pivot)
            rows[i] |= rows[pivot] - {i}
        for j in rows[pivot]:
            columns[j].discard(pivot)
            columns[j] |= columns[pivot] - {j}
        pattern |= {(i, j) for i in columns[pivot] for j in rows[pivot]}
    return order, pattern
