"""Where a result came from: versions, hashes, seed, command, and the sources it used."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from threonate.endpoints import link_is_on
from threonate.evidence import Catalogue
from threonate.simulation.responses import what_ifs
from threonate.simulation.scenario import NO_COMPOUND, Scenario, reproduce_command
from threonate.version import VERSION


def provenance_of(scenario: Scenario, catalogue: Catalogue, arms: Sequence[str]) -> Mapping[str, str]:
    """What a reader needs to get the same numbers again. Holds no date, so that equal runs give equal files."""
    scenario_text = scenario.model_dump_json(exclude={"spot_check"})  # which changes no number
    return {
        "program": "threonate",
        "version": VERSION,
        "library_hash": catalogue.hash,
        "scenario_hash": hashlib.sha256(scenario_text.encode()).hexdigest(),
        "arms": ", ".join(arms),
        "seed": str(scenario.seed),
        "command": command_of(scenario, arms),
        "use": "Research and education; not medical advice.",
    }


def what_if_record(scenario: Scenario, catalogue: Catalogue, hypotheses: Sequence[str]) -> Mapping[str, str]:
    """What a reader must know of a run with responses: what was simulated, and which weak links were on; else empty."""
    if not (scenario.endpoints or scenario.links or scenario.priors):
        return {}
    on = {name: what_ifs(catalogue, name, scenario.links) for name in hypotheses}
    listed = [f"{name.upper()}: {', '.join(links)}" for name, links in on.items() if links]
    record = {
        "responses": ", ".join(catalogue.chosen),
        "links_switched": ", ".join(f"{name} {'on' if on else 'off'}" for name, on in scenario.links.items()),
        "priors_set": ", ".join(f"{name} {prior.value:g} (SD {prior.sd:g})" for name, prior in scenario.priors.items()),
        "what_ifs": "; ".join(listed),
    }
    return {name: text for name, text in record.items() if text}


def command_of(scenario: Scenario, arms: Sequence[str]) -> str:
    """The command that repeats the run."""
    command = reproduce_command(scenario)
    if len(arms) == 1:
        return command
    words = command.replace("threonate simulate", "threonate compare", 1)
    return f"{words} --compounds {','.join(arms)}"


def sources_of(scenarios: Sequence[Scenario], catalogue: Catalogue, hypotheses: Sequence[str]) -> tuple[str, ...]:
    """Ids of the sources behind the parameters, compounds, conditions, links and endpoints of a run."""
    used = {parameter.source for parameter in catalogue.parameters.values() if parameter.species == "human"}
    for scenario in scenarios:
        if scenario.compound != NO_COMPOUND:
            used |= set(catalogue.compounds[scenario.compound].sources)
        for name in scenario.conditions:
            used |= set(catalogue.conditions[name].sources)
    choices = scenarios[0].links
    for link in catalogue.links.values():
        if set(link.hypotheses) & set(hypotheses) or any(link_is_on(link, h, choices) for h in hypotheses):
            used |= {*link.sources_for, *link.sources_against}
    for endpoint in catalogue.endpoints.values():
        used |= {*endpoint.sources, endpoint.noise_source}
        used |= {endpoint.smallest_important.source} if endpoint.smallest_important is not None else set()
    used.discard("")
    return tuple(sorted(used))
