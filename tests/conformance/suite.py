"""Cases of the SBML Test Suite, read from outside the project, and how a case is judged."""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from threonate.engine.lower import LoweredModel, UnsupportedModel, lower_sbml
from threonate.engine.lower.document import read_document
from threonate.engine.reference import solve_reference
from threonate.errors import EngineError

Array = NDArray[np.float64]
VARIABLE = "THREONATE_SBML_TEST_SUITE"
BESIDE = Path(__file__).parents[2].parent / "shared" / "sbml-test-suite" / "cases.zip"
_NOT_A = frozenset({"AlgebraicRule", "CSymbolDelay", "FastReaction", "RandomEventExecution", "fbc", "comp"})
_NOT_B = frozenset(
    {
        "ConversionFactor",
        "ConversionFactors",
        "AssignedConstantStoichiometry",
        "AssignedVariableStoichiometry",
        "0D-Compartment",
        "BoolNumericSwap",
        "UncommonMathML",
        "CSymbolRateOf",
        "CSymbolAvogadro",
    }
)


@dataclass(frozen=True)
class Case:
    """One case: the model, what is asked, and the answer of the suite."""

    number: str
    sbml: str
    settings: dict[str, str]
    results: str
    tags: frozenset[str]

    @property
    def in_a(self) -> bool:
        """Core time courses without delay, algebraic rules, fast reactions and random order of events."""
        return not any(tag.split(":")[0] in _NOT_A for tag in self.tags)

    @property
    def in_b(self) -> bool:
        """A without conversion factors, assigned stoichiometry, rateOf, avogadro, 0-D compartments, rare MathML."""
        return self.in_a and not self.tags & _NOT_B


def archive() -> Path | None:
    """Where the cases are; None when this machine has none."""
    named = os.environ.get(VARIABLE)
    path = Path(named) if named else BESIDE
    return path if path.is_file() else None


@lru_cache(maxsize=1)
def cases() -> tuple[Case, ...]:
    path = archive()
    return tuple(_read(path)) if path else ()


def _read(path: Path) -> Iterator[Case]:
    with zipfile.ZipFile(path) as bundle:
        names = bundle.namelist()
        for number in sorted({match[1] for name in names if (match := re.search(r"(\d{5})-model\.m$", name))}):
            mine = {Path(name).name.removeprefix(number): name for name in names if Path(name).name.startswith(number)}
            model = next(name for ending, name in mine.items() if ending.startswith("-sbml"))
            header = bundle.read(mine["-model.m"]).decode("utf-8", "replace")
            yield Case(
                number,
                bundle.read(model).decode(),
                _settings(bundle.read(mine["-settings.txt"]).decode()),
                bundle.read(mine["-results.csv"]).decode(),
                _tags(header),
            )


def _settings(text: str) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in text.splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, value in pairs}


def _tags(header: str) -> frozenset[str]:
    found = re.findall(r"^ *(?:componentTags|testTags|packagesPresent):\s*(.*)$", header, re.MULTILINE)
    return frozenset(tag.strip() for line in found for tag in line.split(",") if tag.strip())


def _names(settings: dict[str, str], key: str) -> list[str]:
    return [name.strip() for name in settings.get(key, "").split(",") if name.strip()]


@dataclass(frozen=True)
class Judgement:
    """What became of a case: pass, refused (and the construct), failed (and the sentence), mismatch (and where)."""

    number: str
    outcome: str
    detail: str = ""


@dataclass(frozen=True)
class Asked:
    """A case as formulas: nodes to be read at times, and the answer of the suite (time, node)."""

    model: LoweredModel
    nodes: list[int]
    times: Array
    expected: Array


Solve = Callable[[Asked], Array]


def by_reference(asked: Asked) -> Array:
    """The readable reference solver."""
    return solve_reference(asked.model, asked.nodes, asked.times)


def judge(case: Case, solve: Solve = by_reference) -> Judgement:
    """Solve a case and compare it with the answer of the suite."""
    try:
        asked = ask(case)
        found = solve(asked)
    except UnsupportedModel as refusal:
        return Judgement(case.number, "refused", refusal.construct)
    except EngineError as failure:
        return Judgement(case.number, "failed", str(failure)[:90])
    absolute, relative = float(case.settings["absolute"]), float(case.settings["relative"])
    expected = asked.expected
    close = np.abs(found - expected) <= absolute + relative * np.abs(expected)
    same = (found == expected) | (np.isnan(found) & np.isnan(expected))
    wrong = ~(close | same)
    if not wrong.any():
        return Judgement(case.number, "pass")
    row, column = map(int, np.argwhere(wrong)[0])
    name = _names(case.settings, "variables")[column]
    return Judgement(
        case.number, "mismatch", f"{name} row {row}: {found[row, column]:.6g}, expected {expected[row, column]:.6g}"
    )


def ask(case: Case) -> Asked:
    """The question of a case.

    Raises    UnsupportedModel for what no solver here takes
    """
    model = lower_sbml(case.sbml)
    table = list(csv.reader(io.StringIO(case.results)))
    names = [name.strip() for name in table[0]][1:]
    rows = np.array([[_number(cell) for cell in row] for row in table[1:] if row])
    wanted = _names(case.settings, "variables")
    amounts, concentrations = set(_names(case.settings, "amount")), set(_names(case.settings, "concentration"))
    compartment = _compartments(case.sbml)
    nodes = []
    for name in wanted:
        if name in amounts and name in model.amounts:
            nodes.append(model.amounts[name])
        elif name in concentrations and name in model.amounts:
            nodes.append(model.graph.div(model.amounts[name], model.symbols[compartment[name]]))
        elif name in model.symbols:
            nodes.append(model.symbols[name])
        else:
            raise UnsupportedModel("A reported id that the model does not hold", name)
    return Asked(model, nodes, rows[:, 0], rows[:, [names.index(name) + 1 for name in wanted]])


def _number(cell: str) -> float:
    return float(cell.strip().replace("INF", "inf"))


def _compartments(sbml: str) -> dict[str, str]:
    model = read_document(sbml).getModel()
    return {model.getSpecies(i).getId(): model.getSpecies(i).getCompartment() for i in range(model.getNumSpecies())}


def tally(judgements: list[Judgement]) -> dict[str, Counter[str]]:
    """Outcomes of all cases and of the two subsets."""
    by_number = {case.number: case for case in cases()}
    groups = {
        "all": judgements,
        "A": [j for j in judgements if by_number[j.number].in_a],
        "B": [j for j in judgements if by_number[j.number].in_b],
    }
    return {name: Counter(j.outcome for j in group) for name, group in groups.items()}
