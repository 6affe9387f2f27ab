"""From a cohort to one number per subject and symbol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy.special import ndtr

from threonate.evidence import GFR_SPREAD, Catalogue, Compound, Condition, Parameter, Rate, Species
from threonate.population.cohort import Array, Cohort
from threonate.units import litres_per_hour

_GFR = "port.GFR"
_EGFR = "port.eGFR"


@dataclass(frozen=True, slots=True)
class IndividualTable:
    """Values by `organ.symbol` -> (subject,)."""

    values: Mapping[str, Array]

    def with_values(self, changes: Mapping[str, Array | float]) -> IndividualTable:
        """A copy with some columns changed; a scalar fills the column.

        Raises    KeyError for a symbol without a row
        """
        size = len(next(iter(self.values.values())))
        unknown = [name for name in changes if name not in self.values]
        if unknown:
            raise KeyError(unknown[0])
        filled = {name: np.broadcast_to(np.asarray(v, dtype=np.float64), (size,)) for name, v in changes.items()}
        return IndividualTable(MappingProxyType({**self.values, **filled}))


def individual_parameters(
    cohort: Cohort,
    catalogue: Catalogue,
    *,
    conditions: Sequence[Condition] = (),
    species: Species = "human",
) -> IndividualTable:
    """Every parameter for every subject.

    conditions   applied after the draw, in the order given
    species      rows of this species; human rows fill what it lacks

    >>> from threonate.evidence import read_catalogue
    >>> from threonate.population import draw_cohort
    >>> catalogue = read_catalogue()
    >>> adult = draw_cohort(catalogue.populations["healthy_adult"], 1, 0, catalogue=catalogue)
    >>> float(individual_parameters(adult, catalogue).values["kidney.fu"][0])
    0.7
    """
    rows = {p.id: p for (_, s), p in catalogue.parameters.items() if s == "human"}
    rows.update({p.id: p for (_, s), p in catalogue.parameters.items() if s == species})
    size_ratio = cohort.covariates["weight_kg"] / _median(cohort, "weight_kg")
    values = {name: drawn_value(parameter, cohort, size_ratio) for name, parameter in rows.items()}
    values[_EGFR] = cohort.covariates["egfr"]
    values[_GFR] = values[_GFR] * litres_per_hour(1.0) * cohort.covariates["egfr"] / rows[_GFR].value
    for condition in conditions:
        _apply(condition, values, cohort)
    return IndividualTable(MappingProxyType(values))


def drawn_value(parameter: Parameter, cohort: Cohort, size_ratio: Array) -> Array:
    """(subject,) values of one parameter: typical value, body size, deviation, uncertainty."""
    between = cohort.between[parameter.id]
    unsure = cohort.uncertainty[parameter.id]
    centre = np.full(cohort.size, parameter.value)
    if parameter.distribution == "uniform" and not cohort.typical:
        low, high = _range(parameter)
        centre = low + (high - low) * ndtr(unsure)
    elif parameter.distribution == "loguniform" and not cohort.typical:
        low, high = _range(parameter)
        centre = low * (high / low) ** ndtr(unsure)
    elif parameter.distribution == "normal":
        shifted = centre + parameter.uncertainty_sd * unsure + parameter.between_sd * between
        return np.asarray(shifted * size_ratio**parameter.weight_power)
    elif parameter.distribution == "lognormal":
        centre = centre * np.exp(parameter.uncertainty_sd * unsure)
    spread = np.exp(parameter.between_sd * between)
    return np.asarray(centre * spread * size_ratio**parameter.weight_power)


def dissolution_rates(compound: Compound, cohort: Cohort) -> tuple[Array, Array]:
    """(subject,) stomach and intestinal dissolution rates of a compound [1/h]."""
    return _rate(compound.k_s, f"{compound.id}.k_s", cohort), _rate(compound.k_i, f"{compound.id}.k_i", cohort)


def _rate(rate: Rate | None, name: str, cohort: Cohort) -> Array:
    if rate is None:
        return np.zeros(cohort.size)
    between = rate.between_sd * cohort.between[name]
    return np.asarray(rate.value * np.exp(between + rate.uncertainty_sd * cohort.uncertainty[name]))


def _range(parameter: Parameter) -> tuple[float, float]:
    if parameter.low is None or parameter.high is None:
        raise ValueError(f"{parameter.id} has no range")
    return parameter.low, parameter.high


def _median(cohort: Cohort, name: str) -> float:
    return next(c.median for c in cohort.population.covariates if c.name == name)


def _apply(condition: Condition, values: dict[str, Array], cohort: Cohort) -> None:
    for effect in condition.effects:
        if effect.symbol not in values and effect.symbol != GFR_SPREAD:
            continue  # of a response that is not in this body
        if effect.symbol == GFR_SPREAD:
            extra = cohort.between[_EGFR] * effect.value
            values[_GFR] = values[_GFR] * np.exp(extra)
        elif effect.operation == "set":
            values[effect.symbol] = np.full(cohort.size, effect.value)
        elif effect.operation == "add":
            values[effect.symbol] = values[effect.symbol] + effect.value
        else:
            values[effect.symbol] = values[effect.symbol] * effect.value
