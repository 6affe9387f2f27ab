"""Read organ texts: their ports, their constants with units, their species."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from threonate.errors import nearest
from threonate.evidence.locate import line_of, shown
from threonate.evidence.records import Module, Problem

_HEADER = re.compile(r"^\s*model\s+(\w+)\s*\(([^)]*)\)", re.MULTILINE)
_CONSTANTS = re.compile(r"^\s*const\s+([^;]+);")
_UNIT = re.compile(r"\b(\w+)\s+has\s+(\w+)\s*;")
_SPECIES = re.compile(r"^\s*(?:substanceOnly\s+)?species\s+([^;]+);")
_DECLARED_PORT = re.compile(r"^\s*(?:substanceOnly\s+)?(?:species|const|var|compartment)\s+(\w+)")
_BUILT_IN_UNITS = frozenset({"litre"})
_COPIES = re.compile(r"^//\s*copies:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PortList:
    """The names and units that `ports.ant` declares."""

    text: str
    units: dict[str, str]
    unit_names: frozenset[str]
    lines: dict[str, int]


def read_ports(path: Path) -> PortList:
    """The shared quantities of the body."""
    text = path.read_text(encoding="utf-8")
    units: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        code = line.split("//", 1)[0]
        declared = _DECLARED_PORT.match(code)
        if declared:
            lines[declared[1]] = number
            units.update({name: unit for name, unit in _UNIT.findall(code) if name == declared[1]})
    names = _BUILT_IN_UNITS | frozenset(re.findall(r"^\s*unit\s+(\w+)\s*=", text, re.MULTILINE))
    return PortList(text, units, names, lines)


def read_module(path: Path, ports: PortList, root: Path) -> tuple[Module | None, list[Problem]]:
    """One organ text, and everything that is wrong with how it names ports and units."""
    text = path.read_text(encoding="utf-8")
    header = _HEADER.search(text)
    file = shown(path, root)
    if header is None:
        remedy = "Begin the text with 'model Name(port, ...)'."
        return None, [Problem(file, 1, "the text has no model line.", remedy)]
    names = tuple(name.strip() for name in header[2].split(",") if name.strip())
    module = Module(
        organ=path.parent.name,
        name=header[1],
        text=text,
        path=path,
        ports=names,
        symbols=_constants(text),
        species=_own_species(text, names),
        copies=_COPIES.search(text) is not None,
    )
    return module, _port_problems(module, ports, file) + _unit_problems(module, ports, file)


def _constants(text: str) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        code = line.split("//", 1)[0]
        declared = _CONSTANTS.match(code)
        if declared:
            units = dict(_UNIT.findall(code))
            for name in (part.strip() for part in declared[1].split(",")):
                found[name] = (units.get(name, ""), number)
    return found


def _own_species(text: str, ports: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        declared = _SPECIES.match(line.split("//", 1)[0])
        if declared:
            names = (part.strip().split(" ")[0] for part in declared[1].split(","))
            found.update({name: number for name in names if name not in ports})
    return found


def _port_problems(module: Module, ports: PortList, file: str) -> list[Problem]:
    line = line_of(module.text, r"^\s*model\s")
    return [
        Problem(
            file,
            line,
            f"port '{port}' is not declared in ports.ant.",
            f"{nearest(port, ports.lines)} Correct the name or declare the port.",
        )
        for port in module.ports
        if port not in ports.lines
    ]


def _unit_problems(module: Module, ports: PortList, file: str) -> list[Problem]:
    problems = []
    for number, line in enumerate(module.text.splitlines(), start=1):
        for name, unit in _UNIT.findall(line.split("//", 1)[0]):
            if name in module.ports:
                reason = f"port '{name}' is given a unit inside the module, which cuts its tie to the body."
                problems.append(Problem(file, number, reason, "Declare the unit in ports.ant only."))
            elif unit not in ports.unit_names:
                remedy = f"{nearest(unit, ports.unit_names)} Units are defined in ports.ant."
                problems.append(Problem(file, number, f"unit '{unit}' of '{name}' is not defined.", remedy))
    for name, (unit, number) in module.symbols.items():
        if not unit:
            problems.append(Problem(file, number, f"constant '{name}' has no unit.", f"Write '{name} has <unit>;'."))
    return problems
