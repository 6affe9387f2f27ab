"""From SBML text to a value-numbered graph: formulas, derivatives and a sparse factorisation."""

from threonate.engine.lower.derivative import differentiate
from threonate.engine.lower.events import ModelEvent
from threonate.engine.lower.factor import Factors, factorise
from threonate.engine.lower.graph import Graph, Level, Node
from threonate.engine.lower.model import LoweredModel, lower_sbml
from threonate.engine.unsupported import UnsupportedModel

__all__ = [
    "Factors",
    "Graph",
    "Level",
    "LoweredModel",
    "ModelEvent",
    "Node",
    "UnsupportedModel",
    "differentiate",
    "factorise",
    "lower_sbml",
]
