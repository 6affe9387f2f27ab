"""An open simulator of oral magnesium in the human body. Research and education; not medical advice.

The names below are everything a script needs. They are loaded when first used, so that importing the package is quick.

>>> import threonate
>>> result = threonate.simulate(threonate.Scenario(days=2, run_in_days=1, subjects=1), threonate.read_catalogue())
>>> [arm.hypothesis for arm in result.arms]
['null', 'threonate']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threonate.endpoints import measure
    from threonate.engine import compile_network, solve_cohort
    from threonate.errors import ThreonateError
    from threonate.evidence import Catalogue, read_catalogue
    from threonate.physiology import Network, assemble_body, check_conservation, read_sbml
    from threonate.population import draw_cohort, individual_parameters
    from threonate.regimen import CompoundMass, ElementalMass, Product, Regimen, dosing_events
    from threonate.report import summarise, write_results
    from threonate.safety import check_limits
    from threonate.simulation import Scenario, SimulationResult, compare, read_scenario, simulate

_ROOMS = {
    "Catalogue": "evidence",
    "CompoundMass": "regimen",
    "ElementalMass": "regimen",
    "Network": "physiology",
    "Product": "regimen",
    "Regimen": "regimen",
    "Scenario": "simulation",
    "SimulationResult": "simulation",
    "ThreonateError": "errors",
    "assemble_body": "physiology",
    "check_conservation": "physiology",
    "check_limits": "safety",
    "compare": "simulation",
    "compile_network": "engine",
    "dosing_events": "regimen",
    "draw_cohort": "population",
    "individual_parameters": "population",
    "measure": "endpoints",
    "read_catalogue": "evidence",
    "read_sbml": "physiology",
    "read_scenario": "simulation",
    "simulate": "simulation",
    "solve_cohort": "engine",
    "summarise": "report",
    "write_results": "report",
}

__all__ = [
    "Catalogue",
    "CompoundMass",
    "ElementalMass",
    "Network",
    "Product",
    "Regimen",
    "Scenario",
    "SimulationResult",
    "ThreonateError",
    "assemble_body",
    "check_conservation",
    "check_limits",
    "compare",
    "compile_network",
    "dosing_events",
    "draw_cohort",
    "individual_parameters",
    "measure",
    "read_catalogue",
    "read_sbml",
    "read_scenario",
    "simulate",
    "solve_cohort",
    "summarise",
    "write_results",
]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(f"threonate.{_ROOMS[name]}"), name)
    raise AttributeError(f"module 'threonate' has no attribute {name!r}")
