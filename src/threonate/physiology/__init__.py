"""From organ texts to one checked SBML network. Each part is loaded when first used: reading SBML needs no shelf."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from threonate.physiology.assemble import assemble_body
    from threonate.physiology.checks import check_conservation, check_units
    from threonate.physiology.network import Network, read_sbml

_PARTS = {
    "Network": "network",
    "assemble_body": "assemble",
    "check_conservation": "checks",
    "check_units": "checks",
    "read_sbml": "network",
}

__all__ = ["Network", "assemble_body", "check_conservation", "check_units", "read_sbml"]


def __getattr__(name: str) -> Any:
    if name in _PARTS:
        return getattr(import_module(f"threonate.physiology.{_PARTS[name]}"), name)
    raise AttributeError(f"module 'threonate.physiology' has no attribute {name!r}")
