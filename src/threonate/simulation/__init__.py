"""One run from question to result."""

from threonate.simulation.result import Arm, SimulationResult
from threonate.simulation.run import compare, compare_scenarios, simulate
from threonate.simulation.scenario import Scenario, check_names, daily_dose, read_scenario

__all__ = [
    "Arm",
    "Scenario",
    "SimulationResult",
    "check_names",
    "compare",
    "compare_scenarios",
    "daily_dose",
    "read_scenario",
    "simulate",
]
