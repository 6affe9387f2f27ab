"""What a run needs for the responses it was asked for: the chosen catalogue, switches, settings and start states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from scipy.special import ndtr

from threonate.endpoints import link_is_on, sbml_id
from threonate.engine import SubjectInputs, Trajectories, compile_network, solve_cohort
from threonate.evidence import Catalogue, Link, Parameter, for_endpoints, needed_responses
from threonate.evidence.grades import WITHOUT_HUMAN_SUPPORT
from threonate.evidence.records import Distribution
from threonate.physiology import Network, assemble_body, read_sbml
from threonate.physiology.network import Array, start_states
from threonate.population import Cohort, IndividualTable, drawn_share
from threonate.schedule import NO_EVENTS, EventTable
from threonate.simulation.body import LONGEST_STEP_H, Body, start_from, subject_inputs
from threonate.simulation.scenario import Scenario
from threonate.units import HOURS_PER_DAY

_ANIMAL_OR_ASSUMED = frozenset({"D", "E"})
_PLASMA = "Mg_plasma"


def catalogue_of(scenario: Scenario, catalogue: Catalogue) -> Catalogue:
    """The catalogue that a scenario is run with: its responses chosen, its priors in the rows.

    Raises    CatalogueError for a response that is not on the shelf
    """
    chosen = for_endpoints(catalogue, scenario.endpoints)
    if not scenario.priors:
        return chosen
    rows = dict(chosen.parameters)
    for symbol, prior in scenario.priors.items():
        rows[symbol, "human"] = _with_prior(rows[symbol, "human"], prior.value, prior.sd)
    return replace(chosen, parameters=MappingProxyType(rows))


def _with_prior(row: Parameter, value: float, sd: float) -> Parameter:
    kind: Distribution = "normal" if sd > 0.0 else "fixed"
    return replace(row, value=value, uncertainty_sd=sd, between_sd=0.0, distribution=kind, low=None, high=None)


def switch_values(
    cohort: Cohort, catalogue: Catalogue, hypothesis: str, choices: Mapping[str, bool], transfer_probability: float
) -> dict[str, Array]:
    """Switches of the links, by organ.symbol -> (subject,).

    With a transfer probability below 1 a link that only a hypothesis turns on acts in that share of the draws.
    """
    values: dict[str, Array] = {}
    for link in catalogue.links.values():
        if not link.switch:
            continue
        on = link_is_on(link, hypothesis, choices)
        acts = np.full(cohort.size, float(on))
        if on and not cohort.typical and _is_doubtful(link, choices):
            acts = (ndtr(cohort.uncertainty[link.switch]) < transfer_probability).astype(np.float64)
        values[link.switch] = acts
    return values


def _is_doubtful(link: Link, choices: Mapping[str, bool]) -> bool:
    return link.id not in choices and (not link.response or link.grade in _ANIMAL_OR_ASSUMED)


def what_ifs(catalogue: Catalogue, hypothesis: str, choices: Mapping[str, bool]) -> tuple[str, ...]:
    """Links of a weak grade that are on because a person or a hypothesis says so."""
    return tuple(
        link.id
        for link in catalogue.links.values()
        if link.switch and link.grade in WITHOUT_HUMAN_SUPPORT and link_is_on(link, hypothesis, choices)
    )


def hypotheses_differ(catalogue: Catalogue, hypotheses: tuple[str, ...], choices: Mapping[str, bool]) -> bool:
    """Whether a link of a response is on under one of the hypotheses and off under another."""
    links = [link for link in catalogue.links.values() if link.response and link.switch]
    return any(len({link_is_on(link, name, choices) for name in hypotheses}) > 1 for link in links)


def person_settings(scenario: Scenario, cohort: Cohort) -> dict[str, Array]:
    """Who the subject is, as ports that responses read."""
    size = cohort.size
    share = {"female": 1.0, "male": 0.0}.get(scenario.sex)
    if share is not None:
        female = np.full(size, share)
    elif cohort.typical:
        female = np.full(size, cohort.population.female_share)
    else:
        female = (drawn_share(cohort, "sex") < cohort.population.female_share).astype(np.float64)
    return {
        "port.age": np.full(size, scenario.age),
        "port.sex_female": female,
        "port.weight_kg": np.asarray(cohort.covariates["weight_kg"]),
    }


@dataclass(frozen=True, slots=True)
class DietDay:
    """A subject on his diet, in balance.

    body     without responses
    table    parameters with the solved level or threshold
    states   state id -> (subject,) at midnight
    events   the meals of one day
    """

    body: Body
    table: IndividualTable
    states: Mapping[str, Array]
    events: EventTable


def diet_flows(day: DietDay) -> dict[str, Array]:
    """What the subject excretes on his diet: port -> (subject,) a day [mmol]."""
    course = _solve_day(day)
    urine = _gained(course, "kidney_Mg_urine")
    faeces = _gained(course, "Mg_faeces") - HOURS_PER_DAY * day.table.values["gut.o"]
    return {"port.Mg_urine_reference": urine, "port.Mg_faecal_soluble_reference": faeces}


def _solve_day(day: DietDay) -> Trajectories:
    whole = start_from(subject_inputs(day.body, day.table), day.states)
    times = np.array([0.0, HOURS_PER_DAY])
    return solve_cohort(day.body.compiled, whole, day.events, times)


def _gained(course: Trajectories, name: str) -> Array:
    levels = course.of(name)
    return np.asarray(levels[:, -1] - levels[:, 0])


def settle_responses(
    catalogue: Catalogue, table: IndividualTable, choices: Mapping[str, bool]
) -> tuple[IndividualTable, dict[str, Array]]:
    """Where responses with a rhythm stand before a trial, each solved alone with the body at its baseline.

    choices   links that were switched by hand; the others stand as under NULL, before anything is taken
    Returns   the table with the values that state events have set, and state id -> (subject,); responses that start at
              their steady state add nothing
    """
    values: dict[str, Array] = {}
    states: dict[str, Array] = {}
    before = table.with_values(_resting_switches(catalogue, choices))
    for name in catalogue.chosen:
        hours = catalogue.responses[name].about.settle_h
        if hours > 0.0:
            for symbol, value in _settled(catalogue, name, hours, before).items():
                home = values if "." in symbol else states
                home[symbol] = value
    return IndividualTable(MappingProxyType({**table.values, **values})), states


def _resting_switches(catalogue: Catalogue, choices: Mapping[str, bool]) -> dict[str, float]:
    switched = [link for link in catalogue.links.values() if link.switch]
    return {link.switch: float(link_is_on(link, "null", choices)) for link in switched}


def _settled(catalogue: Catalogue, name: str, hours: float, table: IndividualTable) -> dict[str, Array]:
    """What a response has come to: states by SBML id, values that its events set by `response.symbol`."""
    network = read_sbml(assemble_body(catalogue, organs=needed_responses(catalogue, [name])))
    prefix = f"{name}_"
    states = [state for state in network.states if state.startswith(prefix)]
    marks = {target for targets in network.events.values() for target in targets if target.startswith(prefix)}
    held = sorted(marks - set(states))
    inputs = _resting(network, table, hours)
    compiled = compile_network(network, (*states, *held), longest_step=LONGEST_STEP_H)
    course = solve_cohort(compiled, inputs, NO_EVENTS, np.array([0.0, hours]))
    found = {state: course.of(state)[:, -1] for state in states}
    return found | {f"{name}.{mark.removeprefix(prefix)}": course.of(mark)[:, -1] for mark in held}


def _resting(network: Network, table: IndividualTable, hours: float) -> SubjectInputs:
    """A response alone, its ports held where the body is on the diet."""
    columns = {sbml_id(symbol.removeprefix("port.")): value for symbol, value in table.values.items()}
    columns |= _held_ports(table, hours)
    known = {symbol: value for symbol, value in columns.items() if symbol in network.parameters}
    symbols = tuple(known)
    values = np.stack([known[symbol] for symbol in symbols], axis=1)
    start = start_states(network, symbols, values)
    if _PLASMA in network.states:
        start[:, network.states.index(_PLASMA)] = columns["Mg_plasma_reference"] * columns["V_plasma"]
    return SubjectInputs(symbols, values, network.states, start)


def _held_ports(table: IndividualTable, hours: float) -> dict[str, Array]:
    """Ports of the body at its baseline: what is not constant in the subject and not simply 0 or 1."""
    columns = table.values
    return {
        "treatment_start": np.full_like(columns["port.treatment_start"], hours),
        "Mg_urine_flow": columns["port.Mg_urine_reference"] / HOURS_PER_DAY,
        "Mg_faecal_soluble": columns["port.Mg_faecal_soluble_reference"] / HOURS_PER_DAY,
        "Mg_synapse": columns["csf.Mg_e0"],
    }
