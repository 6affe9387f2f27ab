"""Forward differentiation on the graph: every node carries its few nonzero derivatives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from threonate.engine.lower.graph import TRUTH, Graph

Row = dict[int, int]


def differentiate(graph: Graph, roots: Iterable[int], seeds: Mapping[int, int]) -> list[Row]:
    """Sparse derivatives of the roots.

    seeds      input node -> column
    Returns    one row per root: column -> node; columns whose derivative is zero are absent
    """
    wanted = list(roots)
    rows: dict[int, Row] = {}
    one = graph.constant(1.0)
    for node in graph.ordered(wanted):
        if node in seeds:
            rows[node] = {seeds[node]: one}
        elif graph.nodes[node].op in TRUTH or not any(rows[arg] for arg in graph.nodes[node].args):
            rows[node] = {}
        else:
            rows[node] = _nonzero(graph, _RULES[graph.nodes[node].op](graph, node, rows))
    return [rows[root] for root in wanted]


def _nonzero(graph: Graph, row: Row) -> Row:
    return {column: node for column, node in row.items() if not graph.is_constant(node, 0.0)}


def _scaled(graph: Graph, row: Row, factor: int) -> Row:
    return {column: graph.mul(factor, node) for column, node in row.items()}


def _sum(graph: Graph, left: Row, right: Row) -> Row:
    found = dict(left)
    for column, node in right.items():
        found[column] = graph.add(found[column], node) if column in found else node
    return found


Rule = Callable[[Graph, int, dict[int, Row]], Row]


def _add(graph: Graph, node: int, rows: dict[int, Row]) -> Row:
    a, b = graph.nodes[node].args
    return _sum(graph, rows[a], rows[b])


def _sub(graph: Graph, node: int, rows: dict[int, Row]) -> Row:
    a, b = graph.nodes[node].args
    return _sum(graph, rows[a], _scaled(graph, rows[b], graph.constant(-1.0)))


def _mul(graph: Graph, node: int, rows: dict[int, Row]) -> Row:
    a, b = graph.nodes[node].args
    return _sum(graph, _scaled(graph, rows[a], b), _scaled(graph, rows[b], a))


def _select(graph: Graph, node: int, rows: dict[int, Row]) -> Row:
    condition, a, b = graph.nodes[node].args
    zero = graph.constant(0.0)
    columns = {**rows[a], **rows[b]}
    return {c: graph.select(condition, rows[a].get(c, zero), rows[b].get(c, zero)) for c in columns}


def _power(graph: Graph, node: int, rows: dict[int, Row]) -> Row:
    """The rule b a^b / a, and at a = 0 what a sound model needs: 1 for the exponent one, else 0."""
    a, b, log = graph.nodes[node].args[:3]
    zero, one = graph.constant(0.0), graph.constant(1.0)
    at_zero = graph.select(graph.compare("eq", b, one), one, zero)
    slope = graph.mul(b, graph.mul(node, graph.recip(a)))
    by_base = graph.select(graph.compare("eq", a, zero), at_zero, slope)
    by_exponent = graph.select(graph.compare("eq", a, zero), zero, graph.mul(node, log))
    return _sum(graph, _scaled(graph, rows[a], by_base), _scaled(graph, rows[b], by_exponent))


def _recip(graph: Graph, node: int, rows: dict[int, Row]) -> Row:
    """The rule -1/a^2; for 1/e^x it is -1/e^x, which stays finite where e^x does not."""
    inside = graph.nodes[node].args[0]
    if graph.nodes[inside].op == "exp":
        return _scaled(graph, rows[graph.nodes[inside].args[0]], graph.neg(node))
    return _scaled(graph, rows[inside], graph.neg(graph.mul(node, node)))


def _chain(slope: Callable[[Graph, int, int], int]) -> Rule:
    def rule(graph: Graph, node: int, rows: dict[int, Row]) -> Row:
        inside = graph.nodes[node].args[0]
        return _scaled(graph, rows[inside], slope(graph, node, inside))

    return rule


def _sqrt_slope(graph: Graph, node: int, inside: int) -> int:
    slope = graph.mul(graph.constant(0.5), graph.recip(node))
    return graph.select(graph.compare("eq", inside, graph.constant(0.0)), graph.constant(0.0), slope)


def _atan_slope(graph: Graph, node: int, inside: int) -> int:
    return graph.recip(graph.add(graph.constant(1.0), graph.mul(inside, inside)))


def _abs_slope(graph: Graph, node: int, inside: int) -> int:
    below = graph.compare("lt", inside, graph.constant(0.0))
    return graph.select(below, graph.constant(-1.0), graph.constant(1.0))


_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "add": _add,
        "sub": _sub,
        "mul": _mul,
        "select": _select,
        "pow": _power,
        "neg": _chain(lambda g, node, inside: g.constant(-1.0)),
        "recip": _recip,
        "exp": _chain(lambda g, node, inside: node),
        "log": _chain(lambda g, node, inside: g.recip(inside)),
        "sin": _chain(lambda g, node, inside: g.unary("cos", inside)),
        "cos": _chain(lambda g, node, inside: g.neg(g.unary("sin", inside))),
        "atan": _chain(_atan_slope),
        "sqrt": _chain(_sqrt_slope),
        "abs": _chain(_abs_slope),
        "floor": _chain(lambda g, node, inside: g.constant(0.0)),
        "ceil": _chain(lambda g, node, inside: g.constant(0.0)),
    }
)
