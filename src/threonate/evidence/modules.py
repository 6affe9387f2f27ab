"""Read organ texts: their ports, their constants with units, their species."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from threonate.errors import CatalogueError, nearest
from threonate.evidence.files import read_text
from threonate.evidence.locate import line_of, shown
from threonate.evidence.records import Module, Problem

_HEADER = re.compile(r"^\s*model\s+(\w+)\s*\(([^)]*)\)", re.MULTILINE)
_CONSTANTS = re.compile(r"(?:^|;)\s*const\s+([^;]+)")
_UNIT = re.compile(r"\b(\w+)\s+has\s+(\w+)\s*;")
_SPECIES = re.compile(r"(?:^|;)\s*(?:substanceOnly\s+)?species\s+([^;]+)")
_DECLARED_PORT = re.compile(r"^\s*(?:substanceOnly\s+)?(?:species|const|var|compartment)\s+(\w+)")
_BUILT_IN_UNITS = frozenset({"litre"})
_DECLARED = re.compile(r"(?:^|;)\s*(?:substanceOnly\s+)?(?:const|var|species|compartment)\s+([^;]+)")
_WRITTEN = re.compile(r"(?:^|[;,:])\s*(\w+)\s*'?\s*:?=(?![=>])")
_REACTION = re.compile(r"(?:^|;)\s*(\w+)\s*:(?!=)")
_WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_STATEMENTS = frozenset(
    {"model", "end", "const", "var", "species", "substanceOnly", "compartment", "in", "has", "at", "after"}
)
_EVENT_WORDS = frozenset({"t0", "priority", "persistent", "fromTrigger", "true", "false"})
_ARITHMETIC = frozenset({"time", "pi", "abs", "exp", "ln", "log10", "max", "min", "piecewise", "sqrt", "floor", "ceil"})
_CIRCLE = frozenset({"sin", "cos", "tan", "sinh", "cosh", "tanh", "arctan", "arcsin", "arccos"})
_MATHEMATICS = _ARITHMETIC | _CIRCLE | _EVENT_WORDS
_LANGUAGE = _STATEMENTS | _MATHEMATICS
_COPIES = re.compile(r"^//\s*copies:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PortList:
    """The names and units that `ports.ant` declares."""

    text: str
    units: dict[str, str]
    unit_names: frozenset[str]
    lines: dict[str, int]


def read_ports(path: Path, root: Path) -> PortList:
    """The shared quantities of the body.

    Raises    CatalogueError when the file cannot be read; nothing can be checked without it
    """
    text, problems = read_text(path, root)
    if text is None:
        raise CatalogueError(problems)
    units: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        code = line.split("//", 1)[0]
        declared = _DECLARED_PORT.match(code)
        if declared:
            lines[declared[1]] = number
            units.update({name: unit for name, unit in _UNIT.findall(code) if name == declared[1]})
    names = _BUILT_IN_UNITS | frozenset(re.findall(r"(?:^|;)\s*unit\s+(\w+)\s*=", text, re.MULTILINE))
    return PortList(text, units, names, lines)


def port_problems(ports: PortList) -> list[Problem]:
    """Ports without a unit, or with one that is not defined."""
    problems = []
    for name, line in ports.lines.items():
        unit = ports.units.get(name)
        if unit is None:
            problems.append(Problem("ports.ant", line, f"port '{name}' has no unit.", f"Write '{name} has <unit>;'."))
        elif unit not in ports.unit_names:
            remedy = f"{nearest(unit, ports.unit_names)} Units are defined at the top of ports.ant."
            problems.append(Problem("ports.ant", line, f"unit '{unit}' of '{name}' is not defined.", remedy))
    return problems


def read_module(path: Path, ports: PortList, root: Path) -> tuple[Module | None, list[Problem]]:
    """One organ text, and everything that is wrong with how it names ports, units and quantities."""
    text, problems = read_text(path, root)
    if text is None:
        return None, problems
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
        written=frozenset(_written_words(text)) & frozenset(names),
        shelf="responses" if path.parent.parent.name == "responses" else "organs",
    )
    problems = _port_problems(module, ports, file) + _unit_problems(module, ports, file)
    return module, problems + _word_problems(module, file)


def _constants(text: str) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        code = line.split("//", 1)[0]
        units = dict(_UNIT.findall(code))
        for listed in _CONSTANTS.findall(code):
            for name in (part.strip() for part in listed.split(",")):
                found[name] = (units.get(name, ""), number)
    return found


def _own_species(text: str, ports: tuple[str, ...]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        for listed in _SPECIES.findall(line.split("//", 1)[0]):
            names = (part.strip().split(" ")[0] for part in listed.split(","))
            found.update({name: number for name in names if name not in ports})
    return found


def _port_problems(module: Module, ports: PortList, file: str) -> list[Problem]:
    line = line_of(module.text, r"^\s*model\s")
    untied = [
        Problem(
            file,
            number,
            f"species '{name}' has the name of a port but does not stand in the model line.",
            "Add it to the model line, or the body gets a second, separate one.",
        )
        for name, number in module.species.items()
        if name in ports.lines
    ]
    return untied + [
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


def _word_problems(module: Module, file: str) -> list[Problem]:
    """Words of the text that nothing declares: Antimony would make a new quantity, at zero, out of a slip."""
    known = {*_LANGUAGE, module.name, *module.ports, *_declared_words(module.text)}
    seen: dict[str, int] = {}
    for number, line in enumerate(module.text.splitlines(), start=1):
        code = re.sub(r"\bhas\s+\w+", "", line.split("//", 1)[0])
        for word in _WORD.findall(code):
            if word not in known:
                seen.setdefault(word, number)
    return [
        Problem(
            file,
            number,
            f"'{word}' is neither a port of this module nor declared in it.",
            f"{nearest(word, known - _LANGUAGE)} Correct the name, declare it, or add it to the model line.",
        )
        for word, number in seen.items()
    ]


def _declared_words(text: str) -> set[str]:
    words: set[str] = set()
    for line in text.splitlines():
        code = line.split("//", 1)[0]
        for listed in _DECLARED.findall(code):
            words |= {part.split()[0] for part in listed.split(",") if part.split()}
        words |= set(_REACTION.findall(code))
    return words


def _written_words(text: str) -> set[str]:
    """Names that a formula, a rate, a start value or an event gives a value to."""
    return {word for line in text.splitlines() for word in _WRITTEN.findall(line.split("//", 1)[0])}
