"""Small models whose steady states are known on paper."""

from __future__ import annotations

import numpy as np

from tests.unit.engine.sbml_texts import sbml
from threonate.engine import CompiledNetwork, SubjectInputs, compile_network
from threonate.physiology import read_sbml
from threonate.physiology.network import start_states

FLOW = sbml(
    """
model flow()
  compartment V = 2;
  substanceOnly species A in V = 0, D in V = 0, gone in V = 0;
  species P in V = 0;
  inflow = 3; k = 0.7; e = 0.3; v = 0; deep_in = 0.02; deep_out = 0.001;
  feed: -> A; inflow;
  swallow: A -> P; k * A;
  leave: P -> gone; e * P * V + v * P / (1 + P);
  sink: P -> D; deep_in * P * V;
  rise: D -> P; deep_out * D;
end
"""
)

CLOSED = sbml(
    """
model closed()
  compartment V = 1;
  substanceOnly species E in V = 1, S in V = 5, ES in V = 0, Q in V = 0;
  on = 2; off = 0.1; turn = 0.5; back = 0.2;
  bind: E + S -> ES; on * E * S - off * ES;
  make: ES -> E + Q; turn * ES;
  undo: Q -> S; back * Q;
end
"""
)

BENT = sbml(
    """
model bent()
  compartment V = 2.5, W = 1.5;
  species A in V = 3, B in V = 1;
  substanceOnly species C in W = 0.5;
  k1 = 0.3; k2 = 0.2; n = 2.3; m = 1.7; amp = 0.1;
  x = 1; x' = sin(A) * exp(-x) - atan(x) / (1 + B^2) + amp * cos(time);
  total := A + B + C / W;
  gate := piecewise(A / 2, A < 2 * B && n > 1, max(B, k2), C >= 1, 0.3);
  r1: A -> B; k1 * A^n / (m^n + A^n) * V * gate;
  r2: B -> C; k2 * sqrt(B) * V - tanh(C) * k1 * B;
  r3: 2 C => ; C * (k2 * sqrt(C) * ln(1 + x^2) + abs(sinh(C - B)) * k1 + k2 * total * 0.1);
  u := arcsin(0.1 * A / (1 + A)) + arccosh(1 + B) + log10(A) + sec(0.1 * B);
  z := u + r1 + arctanh(0.2 * x / (1 + x));
end
"""
)

TOGGLE = sbml(
    """
model toggle()
  x = 0.1; x' = 0.05 + 3 * x ^ 4 / (1 + x ^ 4) - x;
end
"""
)


def network(text: str, *extra: str) -> CompiledNetwork:
    """A network that records its states and some values besides."""
    inner = read_sbml(text)
    return compile_network(inner, (*inner.states, *extra))


def inputs(compiled: CompiledNetwork, count: int = 1, **columns) -> SubjectInputs:
    """Subjects with some values of their own, at the start that the model gives."""
    symbols = tuple(columns)
    values = (
        np.array([np.broadcast_to(columns[name], count) for name in symbols], dtype=np.float64).reshape(-1, count).T
    )
    inner = compiled.network
    return SubjectInputs(symbols, np.ascontiguousarray(values), inner.states, start_states(inner, symbols, values))
