"""Compounds for tests that do not read the shelf."""

from __future__ import annotations

from typing import Any

from threonate.evidence import Compound


def compound(name: str, title: str, molar_mass: float, **given: Any) -> Compound:
    """A salt that dissolves at once, with one magnesium in its formula and nothing said of its other parts."""
    plain: dict[str, Any] = {
        "formula": "",
        "magnesium_atoms": 1,
        "counter_ion": "",
        "counter_ions_per_formula": 0,
        "label_mg_per_g": None,
        "label_low": None,
        "label_high": None,
        "dissolved_share": 1.0,
        "k_s": None,
        "k_i": None,
        "base": False,
        "basis": "assumed",
        "sources": (),
        "note": "",
    }
    return Compound(id=name, title=title, molar_mass=molar_mass, **{**plain, **given})
