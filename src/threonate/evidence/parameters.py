"""Read a parameters table and check each row on its own."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from threonate.errors import nearest
from threonate.evidence.files import read_text
from threonate.evidence.locate import shown
from threonate.evidence.records import Basis, Distribution, Parameter, Problem, Species

COLUMNS = (
    "symbol",
    "value",
    "unit",
    "low",
    "high",
    "between_sd",
    "uncertainty_sd",
    "distribution",
    "weight_power",
    "basis",
    "source",
    "locator",
    "species",
    "note",
)
_NUMBERS = ("value", "between_sd", "uncertainty_sd", "weight_power")
LARGEST_LOG_SD = 2.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, still text."""

    organ: str
    file: str
    line: int
    cells: Mapping[str, str]

    def problem(self, reason: str, remedy: str) -> Problem:
        return Problem(self.file, self.line, f"row '{self.cells.get('symbol', '')}': {reason}", remedy)


def read_parameters(path: Path, organ: str, root: Path) -> tuple[list[Parameter], list[Problem]]:
    """All rows of one table that can be read, and everything wrong with the others."""
    file = shown(path, root)
    parameters: list[Parameter] = []
    problems: list[Problem] = []
    text, found = read_text(path, root)
    if text is None:
        return [], found
    table = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(table.fieldnames or ()) != COLUMNS:
        return [], [Problem(file, 1, "the header is not the expected one.", f"Write: {','.join(COLUMNS)}")]
    for cells in table:
        row = Row(organ, file, table.line_num, {k: (v or "").strip() for k, v in cells.items() if k})
        found = _width_problems(row, cells) or _row_problems(row)
        problems += found
        if not found:
            parameters.append(_parameter(row))
    return parameters, problems


def _width_problems(row: Row, cells: Mapping[str | None, object]) -> list[Problem]:
    """A comma too many or too few moves every later cell."""
    if None in cells:
        return [row.problem("the row has too many cells.", "Put a text that holds a comma between quotes.")]
    if None in cells.values():
        return [row.problem("the row has too few cells.", f"Write all {len(COLUMNS)}, empty ones included.")]
    return []


def _row_problems(row: Row) -> list[Problem]:
    problems = [
        row.problem(f"{name} '{row.cells[name]}' is not a finite number.", "Write a number, such as 0.85.")
        for name in _NUMBERS
        if not _finite(row.cells[name])
    ]
    problems += [
        row.problem(f"{name} '{row.cells[name]}' is not a finite number.", "Write a number or leave the cell empty.")
        for name in ("low", "high")
        if row.cells[name] and not _finite(row.cells[name])
    ]
    problems += _choice_problems(row)
    return problems or _spread_problems(row) + _origin_problems(row)


def _choice_problems(row: Row) -> list[Problem]:
    choices = {"basis": get_args(Basis), "distribution": get_args(Distribution), "species": get_args(Species)}
    problems = []
    for name, allowed in choices.items():
        given = row.cells[name]
        if not given:
            problems.append(row.problem(f"the {name} is missing.", f"Write one of: {', '.join(allowed)}."))
        elif given not in allowed:
            problems.append(row.problem(f"{name} '{given}' is not known.", nearest(given, allowed)))
    return problems


def _spread_problems(row: Row) -> list[Problem]:
    problems = []
    for name in ("between_sd", "uncertainty_sd"):
        spread = float(row.cells[name])
        if row.cells["distribution"] == "normal" and spread >= 0.0:
            continue
        if not 0.0 <= spread <= LARGEST_LOG_SD:
            remedy = f"A log-SD lies between 0 and {LARGEST_LOG_SD:g}."
            problems.append(row.problem(f"{name} {spread:g} is not a possible spread.", remedy))
    low, high = row.cells["low"], row.cells["high"]
    value = float(row.cells["value"])
    if low and high and not float(low) <= value <= float(high):
        reason = f"value {value:g} lies outside its own range {low} to {high}."
        problems.append(row.problem(reason, "Correct the value, low or high."))
    distribution = row.cells["distribution"]
    if distribution in {"uniform", "loguniform"} and not (low and high):
        problems.append(row.problem(f"distribution {distribution} needs low and high.", "Fill both cells."))
    drawn = float(row.cells["between_sd"]) > 0.0 or float(row.cells["uncertainty_sd"]) > 0.0
    if drawn and value <= 0.0 and distribution != "normal":
        problems.append(row.problem("a log-normal spread needs a positive value.", "Set both spreads to 0."))
    if drawn and distribution == "fixed":
        problems.append(row.problem("a fixed value has a spread.", "Write lognormal, or set both spreads to 0."))
    return problems


def _origin_problems(row: Row) -> list[Problem]:
    basis = row.cells["basis"]
    if basis == "input":
        if row.cells["source"]:
            return [row.problem("an input has a source.", "Leave the source empty; an input is set by the run.")]
        return []
    problems = []
    if not row.cells["source"]:
        problems.append(row.problem("the source is missing.", "Name a file in sources/ without its ending."))
    if not row.cells["locator"] and not row.cells["note"]:
        remedy = "Name the findings it rests on, or say in the note why there are none."
        problems.append(row.problem("neither locator nor note says where the number comes from.", remedy))
    return problems


def _finite(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _optional(text: str) -> float | None:
    return float(text) if text else None


def _parameter(row: Row) -> Parameter:
    cells = row.cells
    return Parameter(
        organ=row.organ,
        symbol=cells["symbol"],
        value=float(cells["value"]),
        unit=cells["unit"],
        low=_optional(cells["low"]),
        high=_optional(cells["high"]),
        between_sd=float(cells["between_sd"]),
        uncertainty_sd=float(cells["uncertainty_sd"]),
        distribution=cast(Distribution, cells["distribution"]),
        weight_power=float(cells["weight_power"]),
        basis=cast(Basis, cells["basis"]),
        source=cells["source"],
        locator=cells["locator"],
        species=cast(Species, cells["species"]),
        note=cells["note"],
        line=row.line,
    )
