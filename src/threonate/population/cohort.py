"""A drawn table of subjects, with chance kept in two separate places.

Deviations between subjects and uncertainty of typical values are drawn apart and never mixed. Each stream of random
numbers belongs to one name, so adding an organ or asking for more subjects changes nobody who was there before.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from threonate.evidence import Catalogue, Population

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class CovariateChoice:
    """What is known about the subjects; None is drawn from the population.

    weight_kg     body weight [kg]
    egfr          eGFR [mL/min/1.73 m2]
    dietary_mg    magnesium in the diet [mg/d]
    """

    weight_kg: float | None = None
    egfr: float | None = None
    dietary_mg: float | None = None


@dataclass(frozen=True, slots=True)
class Cohort:
    """Covariates and standard-normal deviations of n subjects.

    covariates    name -> (subject,)
    between       name -> (subject,) deviations from one subject to the next
    uncertainty   name -> (subject,) deviations of the typical values, one draw per subject
    typical       True for a single reference subject, whose deviations are all zero
    """

    population: Population
    size: int
    seed: int
    typical: bool
    covariates: Mapping[str, Array]
    between: Mapping[str, Array]
    uncertainty: Mapping[str, Array]


def draw_cohort(
    population: Population,
    n: int,
    seed: int,
    *,
    catalogue: Catalogue,
    choice: CovariateChoice | None = None,
    uncertainty: bool = True,
) -> Cohort:
    """N subjects of a population; n = 1 is the typical subject.

    seed          same seed, same subjects; the first subjects do not change when n grows
    choice        covariates that are known
    uncertainty   False keeps all typical values at their centre

    >>> from threonate.evidence import read_catalogue
    >>> catalogue = read_catalogue()
    >>> cohort = draw_cohort(catalogue.populations["healthy_adult"], 3, 7, catalogue=catalogue)
    >>> cohort.covariates["weight_kg"].shape
    (3,)
    """
    typical = n == 1
    names = deviation_names(catalogue)
    between = {name: _stream(seed, f"between {name}", n) for name in names}
    unsure = {name: _stream(seed, f"uncertainty {name}", n) for name in names}
    for pair in population.correlations:
        between[pair.second] = _correlate(between[pair.first], between[pair.second], pair.between)
        unsure[pair.second] = _correlate(unsure[pair.first], unsure[pair.second], pair.uncertainty)
    zero = np.zeros(n)
    return Cohort(
        population=population,
        size=n,
        seed=seed,
        typical=typical,
        covariates=MappingProxyType(_covariates(population, n, seed, choice or CovariateChoice())),
        between=MappingProxyType({name: zero if typical else z for name, z in between.items()}),
        uncertainty=MappingProxyType({name: zero if typical or not uncertainty else z for name, z in unsure.items()}),
    )


def deviation_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Every name that may deviate: parameters, and the dissolution rates of compounds."""
    parameters = {parameter.id for parameter in catalogue.parameters.values()}
    rates = {f"{c.id}.{rate}" for c in catalogue.compounds.values() if c.k_s is not None for rate in ("k_s", "k_i")}
    return tuple(sorted(parameters | rates))


def _stream(seed: int, name: str, n: int) -> Array:
    return np.random.default_rng([seed, zlib.crc32(name.encode())]).standard_normal(n)


def _correlate(first: Array, second: Array, r: float) -> Array:
    return np.asarray(r * first + np.sqrt(1.0 - r * r) * second)


def _covariates(population: Population, n: int, seed: int, choice: CovariateChoice) -> dict[str, Array]:
    known = {"weight_kg": choice.weight_kg, "egfr": choice.egfr, "dietary_mg": choice.dietary_mg}
    drawn = {}
    for covariate in population.covariates:
        fixed = known.get(covariate.name)
        deviation = np.zeros(n) if n == 1 else _stream(seed, f"covariate {covariate.name}", n)
        value = covariate.median * np.exp(covariate.log_sd * deviation)
        drawn[covariate.name] = (
            np.clip(value, covariate.low, covariate.high) if fixed is None else np.full(n, float(fixed))
        )
    return drawn
