"""Small models for tests of the native engine, written in Antimony."""

from __future__ import annotations

import antimony


def sbml(text: str) -> str:
    """SBML of an Antimony text."""
    antimony.clearPreviousLoads()
    if antimony.loadAntimonyString(text) < 0:
        raise ValueError(antimony.getLastError())
    return str(antimony.getSBMLString(antimony.getMainModuleName()))


CHAIN = sbml(
    """
model chain()
  compartment V = 2;
  substanceOnly species G in V = 1;
  species P in V = 0;
  k = 0.7; e = 0.3; inflow = 0;
  swallow: G -> P; k * G;
  leave: P -> ; e * P * V;
  feed: -> P; inflow;
end
"""
)

MIXED = sbml(
    """
model mixed()
  compartment V = 2.5, W = 1.5;
  species A in V = 3, B in V = 1;
  substanceOnly species C in W = 0.5;
  species $D in W = 0.7;
  k1 = 0.3; k2 = 0.2; n = 2.3; m = 1.7; amp = 0.1;
  x = 1; x' = sin(A) * exp(-x) - atan(x) / (1 + B^2) + amp * cos(time);
  total := A + B + C / W;
  gate := piecewise(A / 2, A < B && n > 1, max(B, k2), C >= 1, 0.3);
  r1: A -> B; k1 * A^n / (m^n + A^n) * V * gate;
  r2: B -> C; k2 * sqrt(B) * D * V - tanh(C) * k1;
  r3: 2 C => ; k2 * C^1.5 * ln(1 + x^2) + abs(sinh(C - B)) * k1 + k2 * total * floor(2.2) ;
  u := arcsin(0.1 * A / (1 + A)) + arccosh(1 + B) + log10(A) + sec(0.1 * B);
  z := u + r1 + arccos(0.3) + arctanh(0.2 * x / (1 + x));
end
"""
)

DERIVED = sbml(
    """
model derived()
  x = 0; base = 1; k = 2 * base;
  x' = 6 - k * x;
  y := k * x;
end
"""
)
