"""From organ texts to one checked SBML network."""

from threonate.physiology.assemble import assemble_body
from threonate.physiology.checks import check_conservation, check_units
from threonate.physiology.network import Network, read_sbml

__all__ = ["Network", "assemble_body", "check_conservation", "check_units", "read_sbml"]
