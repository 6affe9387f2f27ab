"""A quick answer: the same people, doses and solver as a full run, but only what one screen shows is solved and kept.

Variables that nothing on the screen depends on are left out of the text. Hypotheses that differ in a switch, and in
nothing that moves matter, are two variants in one text and one solve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from threonate.endpoints import recorded_ids, sbml_id
from threonate.endpoints.path_grade import link_is_on
from threonate.engine import Trajectories, compile_network, solve_cohort
from threonate.evidence import Catalogue, Place
from threonate.keyed import Keyed
from threonate.physiology import Network, read_sbml
from threonate.simulation.accuracy import meanwhile_achieved
from threonate.simulation.arms import ArmPlan, Cast, Solved, arm_table, infusion_edges, read_arm, recording_times
from threonate.simulation.arms import solid_rates as rates_of
from threonate.simulation.body import COURSE_COLUMNS, LONGEST_STEP_H, Body, build_body, start_from, subject_inputs
from threonate.simulation.result import Arm

SHOWN = ("Mg_plasma", "Mg_urine_24h", "Mg_csf_relative", "Mg_brain_ecf_relative")
"""Endpoints of a quick answer."""
GLANCE_STEP_H = 0.5
"""Distance of recorded times of a quick answer on the days that figures show [h]."""
_BALANCED = ("gut", "faeces")


def glance_catalogue(catalogue: Catalogue) -> Catalogue:
    """The catalogue with only the endpoints that a quick answer shows, besides those of responses."""
    kept = {name: one for name, one in catalogue.endpoints.items() if name in SHOWN or one.response}
    return replace(catalogue, endpoints=MappingProxyType(kept))


def recording_body(catalogue: Catalogue, solids: Sequence[str], places: Mapping[str, Place]) -> Body:
    """The body of a run, recording what a quick answer shows and the content of these places.

    Raises    ModelError when matter is made or lost, or units do not fit
    """
    whole, read = _read_of(catalogue, solids, places)
    return replace(whole, compiled=compile_network(whole.network, read, longest_step=LONGEST_STEP_H))


def glance_body(catalogue: Catalogue, solids: Sequence[str] = ()) -> Body:
    """The body of a run, with only what a quick answer reads; its balance knows gut and faeces alone.

    Raises    ModelError when matter is made or lost, or units do not fit
    """
    whole, read = _read_of(catalogue, solids, _balanced(catalogue))
    network = _lean_network(Keyed(whole.network.hash, whole.network), read)
    return replace(whole, compiled=compile_network(network, read, longest_step=LONGEST_STEP_H))


def _balanced(catalogue: Catalogue) -> Mapping[str, Place]:
    return {name: place for name, place in catalogue.places.items() if name in _BALANCED}


def _read_of(catalogue: Catalogue, solids: Sequence[str], places: Mapping[str, Place]) -> tuple[Body, tuple[str, ...]]:
    """The whole body with the catalogue of a quick answer and these places, and what of it is read."""
    few = glance_catalogue(catalogue)
    whole = build_body(few, solids)
    species = [name for place in places.values() for name in whole.place_ids(place)]
    read = (*COURSE_COLUMNS.values(), *recorded_ids(few.endpoints.values()), *species)
    told = replace(few, places=MappingProxyType(dict(places)))
    return replace(whole, catalogue=told), tuple(dict.fromkeys(read))


@dataclass(frozen=True, slots=True)
class TwinBody:
    """A body that holds two hypotheses.

    body      the names of the first are those of the shelf
    twice     ids that the second has for itself; there they end in TWIN
    switches  organ.symbol of the switches in which they differ
    """

    body: Body
    twice: frozenset[str]
    switches: tuple[str, ...]

    def second(self, name: str) -> str:
        """Id of the second hypothesis for an id of the shelf."""
        return twin_of(name) if name in self.twice else name


def twin_of(name: str) -> str:
    """Id of the second variant."""
    from threonate.physiology.lean import TWIN

    return name + TWIN


def twin_body(
    catalogue: Catalogue, solids: Sequence[str], hypotheses: Sequence[str], choices: Mapping[str, bool]
) -> TwinBody:
    """The body of a quick answer with two hypotheses in it.

    choices   links that were switched by hand
    Raises    ModelError when the hypotheses differ in what moves matter
    """
    first, second = hypotheses
    links = [link for link in catalogue.links.values() if link.switch]
    switches = tuple(one.switch for one in links if link_is_on(one, first, choices) != link_is_on(one, second, choices))
    whole, read = _read_of(catalogue, solids, _balanced(catalogue))
    network, twice = _twin_network(
        Keyed(whole.network.hash, whole.network), read, tuple(sbml_id(switch) for switch in switches)
    )
    recorded = (*read, *(twin_of(name) for name in read if name in twice))
    compiled = compile_network(network, recorded, longest_step=LONGEST_STEP_H)
    return TwinBody(replace(whole, compiled=compiled), twice, switches)


def solve_twins(cast: Cast, twins: TwinBody, plan: ArmPlan, hypotheses: Sequence[str]) -> list[Arm]:
    """Both hypotheses of one arm from one solve."""
    body = twins.body
    tables = [arm_table(cast, body, plan, name) for name in hypotheses]
    switched = {twin_of(sbml_id(name)): np.asarray(tables[1].values[name]) for name in twins.switches}
    states = cast.baseline.states
    begins = {**states, **{twin_of(name): value for name, value in states.items() if name in twins.twice}}
    inputs = start_from(subject_inputs(body, tables[0], {**rates_of(body, cast.cohort), **switched}), begins)
    times = np.union1d(recording_times(plan.grid, plan.step_h), infusion_edges(plan.events))
    course = solve_cohort(body.compiled, inputs, plan.events, times, tolerance=cast.accuracy.tolerance)
    courses = (course, _seen_as_second(course, twins))
    also = [twin_of(name) for name in twins.twice]
    with meanwhile_achieved(cast.accuracy, body, cast.cohort, (inputs, plan.events), course, also) as error:
        arms = [
            read_arm(cast, body, plan, name, Solved(seen, inputs, table))
            for name, seen, table in zip(hypotheses, courses, tables, strict=True)
        ]
    return [replace(arm, error=error()) for arm in arms]


def _seen_as_second(course: Trajectories, twins: TwinBody) -> Trajectories:
    """The same numbers under the names of the second hypothesis; those of the first alone go by their twin's name."""
    names = {name: twins.second(name) for name in course.observables if name in twins.twice}
    swapped = {**names, **{second: name for name, second in names.items()}}
    return replace(course, observables=tuple(swapped.get(name, name) for name in course.observables))


@lru_cache(maxsize=16)
def _lean_network(network: Keyed[Network], read: tuple[str, ...]) -> Network:
    from threonate.physiology.lean import without_unread

    return read_sbml(without_unread(network.thing.sbml, read))


@lru_cache(maxsize=16)
def _twin_network(
    network: Keyed[Network], read: tuple[str, ...], switches: tuple[str, ...]
) -> tuple[Network, frozenset[str]]:
    from threonate.physiology.lean import with_twins, without_unread

    whole, twice = with_twins(network.thing.sbml, switches)
    return read_sbml(without_unread(whole, [*read, *map(twin_of, twice.intersection(read))])), twice
