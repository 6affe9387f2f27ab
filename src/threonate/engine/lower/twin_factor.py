"""Factors of a system with its sensitivities: every block of sensitivities shares the factors of the states.

The matrix is block triangular: below the states' own block M = g I - J stand, for each direction, a coupling -H and
once more M. So only M is factorised; a direction is solved with the same factors from its right side plus H x.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from threonate.engine.lower.factor import Entry, Factors, factorise, right_side
from threonate.engine.lower.graph import Graph


def factorise_twins(
    graph: Graph, jacobian: Mapping[Entry, int], size: int, twins: Sequence[Mapping[int, int]]
) -> Factors:
    """Factors of the first states, and the solution of all blocks with them.

    size      of the whole system
    twins     one per direction: row of a sensitivity -> state that it is the sensitivity of. The states of a direction
              must contain whatever depends on one of them
    Returns   Factors; after the factors of the states, the stored values are the couplings H
    """
    own = size - sum(len(rows) for rows in twins)
    factors = factorise(graph, {e: node for e, node in jacobian.items() if max(e) < own}, own)
    coupled = sorted(e for e in jacobian if e[0] >= own > e[1])
    stored = {e: graph.leaf("w", len(factors.entries) + n) for n, e in enumerate(coupled)}
    solution = {i: node for i, node in enumerate(factors.solution)}
    zero = graph.constant(0.0)
    for rows in twins:
        right = {right_side(graph, i): zero for i in range(own)}
        for row, state in rows.items():
            terms = (graph.mul(stored[e], solution[e[1]]) for e in coupled if e[0] == row)
            right[right_side(graph, state)] = graph.add(right_side(graph, row), graph.total(terms))
        wanted = [factors.solution[state] for state in rows.values()]
        solution |= dict(zip(rows, rewritten(graph, wanted, right), strict=True))
    return Factors(
        (*factors.entries, *coupled),
        (*factors.values, *(jacobian[e] for e in coupled)),
        tuple(solution[i] for i in range(size)),
        factors.fill_in,
    )


def rewritten(graph: Graph, roots: Iterable[int], meaning: Mapping[int, int]) -> list[int]:
    """The same sums and products over other values.

    meaning   node -> node that takes its place
    """
    wanted = list(roots)
    found = dict(meaning)
    build: dict[str, Callable[..., int]] = {"add": graph.add, "sub": graph.sub, "mul": graph.mul, "neg": graph.neg}
    for node in graph.ordered(wanted, stop=meaning.__contains__):
        if node not in found:
            op, args, _ = graph.nodes[node]
            found[node] = build[op](*(found[arg] for arg in args)) if args else node
    return [found[node] for node in wanted]
