"""The few units of the house; conversions happen at the edge.

Inside the model magnesium is counted in mmol, volumes in L (brain fluids in mL), time in h.
"""

from __future__ import annotations

MAGNESIUM_MG_PER_MMOL = 24.305
"""Standard atomic weight of magnesium [g/mol], IUPAC."""

HOURS_PER_DAY = 24.0
MEQ_PER_MMOL = 2.0
"""Magnesium carries two charges."""


def mmol_from_mg(elemental_mg: float) -> float:
    """Amount of magnesium in a mass of elemental magnesium [mmol].

    >>> round(mmol_from_mg(144.0), 3)
    5.925
    """
    return elemental_mg / MAGNESIUM_MG_PER_MMOL


def mg_from_mmol(amount_mmol: float) -> float:
    """Mass of elemental magnesium in an amount [mg].

    >>> mg_from_mmol(1.0)
    24.305
    """
    return amount_mmol * MAGNESIUM_MG_PER_MMOL


def litres_per_hour(ml_per_min: float) -> float:
    """A flow in mL/min as L/h.

    >>> round(litres_per_hour(120.0), 6)
    7.2
    """
    return ml_per_min * 60.0 / 1000.0
