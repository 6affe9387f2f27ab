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
from scipy.special import ndtr

from threonate.evidence import Catalogue, Population

Array = NDArray[np.float64]
STREAM_BLOCK = 1024
"""Subjects that share one run of a stream, so that late subjects are drawn without drawing everybody before them."""


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
    """Covariates and standard-normal deviations of `size` subjects.

    first         number of the first subject, above 0 when these are a part of a larger cohort
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
    first: int = 0


@dataclass(frozen=True, slots=True)
class CohortDraw:
    """How a cohort of n subjects is drawn, without drawing it; the fields are those of draw_cohort."""

    population: Population
    n: int
    seed: int
    choice: CovariateChoice = CovariateChoice()
    uncertainty: bool = True


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
    draw = CohortDraw(population, n, seed, choice or CovariateChoice(), uncertainty)
    return draw_subjects(draw, range(n), catalogue)


def draw_subjects(draw: CohortDraw, subjects: range, catalogue: Catalogue) -> Cohort:
    """Some subjects of a cohort, equal by bit to what they are in the whole; nothing is kept for the others.

    subjects   numbers from `first` up to `last + 1`, in steps of one
    Raises     ValueError for numbers outside the cohort

    >>> from threonate.evidence import read_catalogue
    >>> catalogue = read_catalogue()
    >>> draw = CohortDraw(catalogue.populations["healthy_adult"], 1_000_000, 7)
    >>> draw_subjects(draw, range(999_744, 1_000_000), catalogue).covariates["egfr"].shape
    (256,)
    """
    if not (0 <= subjects.start < subjects.stop <= draw.n and subjects.step == 1):
        raise ValueError(f"{subjects} is not a part of {draw.n} subjects")
    typical = draw.n == 1
    names = deviation_names(catalogue)
    between = {name: _stream(draw.seed, f"between {name}", subjects) for name in names}
    unsure = {name: _stream(draw.seed, f"uncertainty {name}", subjects) for name in names}
    for pair in draw.population.correlations:
        between[pair.second] = _correlate(between[pair.first], between[pair.second], pair.between)
        unsure[pair.second] = _correlate(unsure[pair.first], unsure[pair.second], pair.uncertainty)
    zero = np.zeros(len(subjects))
    sure = typical or not draw.uncertainty
    return Cohort(
        population=draw.population,
        size=len(subjects),
        seed=draw.seed,
        typical=typical,
        covariates=MappingProxyType(_covariates(draw, subjects)),
        between=MappingProxyType({name: zero if typical else z for name, z in between.items()}),
        uncertainty=MappingProxyType({name: zero if sure else z for name, z in unsure.items()}),
        first=subjects.start,
    )


def drawn_share(cohort: Cohort, name: str) -> Array:
    """(subject,) shares from 0 to 1, drawn evenly; each name has its own stream, and a subject his own place in it."""
    return np.asarray(ndtr(drawn_deviation(cohort, name)))


def drawn_deviation(cohort: Cohort, name: str) -> Array:
    """(subject,) standard-normal deviations that belong to a name, whoever else is in the cohort."""
    return _stream(cohort.seed, name, range(cohort.first, cohort.first + cohort.size))


def deviation_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Every name that may deviate: parameters, and the dissolution rates of compounds."""
    parameters = {parameter.id for parameter in catalogue.parameters.values()}
    rates = {f"{c.id}.{rate}" for c in catalogue.compounds.values() if c.k_s is not None for rate in ("k_s", "k_i")}
    return tuple(sorted(parameters | rates))


def _stream(seed: int, name: str, subjects: range) -> Array:
    """(subject,) deviations; every block of subjects has its own key, and within it each subject his own place."""
    drawn = []
    for block in range(subjects.start // STREAM_BLOCK, (subjects.stop - 1) // STREAM_BLOCK + 1):
        start = block * STREAM_BLOCK
        low, high = max(subjects.start - start, 0), min(subjects.stop - start, STREAM_BLOCK)
        key = [seed, zlib.crc32(name.encode()), *([block] if block else [])]
        drawn.append(np.random.default_rng(key).standard_normal(high)[low:])
    return np.concatenate(drawn)


def _correlate(first: Array, second: Array, r: float) -> Array:
    return np.asarray(r * first + np.sqrt(1.0 - r * r) * second)


def _covariates(draw: CohortDraw, subjects: range) -> dict[str, Array]:
    n, choice = len(subjects), draw.choice
    known = {"weight_kg": choice.weight_kg, "egfr": choice.egfr, "dietary_mg": choice.dietary_mg}
    drawn = {}
    for covariate in draw.population.covariates:
        fixed = known.get(covariate.name)
        deviation = np.zeros(n) if draw.n == 1 else _stream(draw.seed, f"covariate {covariate.name}", subjects)
        value = covariate.median * np.exp(covariate.log_sd * deviation)
        drawn[covariate.name] = (
            np.clip(value, covariate.low, covariate.high) if fixed is None else np.full(n, float(fixed))
        )
    return drawn
