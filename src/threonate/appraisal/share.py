"""How far an output rests on which evidence: its size by link, its uncertainty by number, study and grade."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from threonate.appraisal.inputs import roots_of
from threonate.appraisal.size import Simulator, change_of, links_lost
from threonate.endpoints.path_grade import link_grade, link_is_on
from threonate.errors import CatalogueError, nearest
from threonate.evidence import Catalogue, Endpoint, Grade, Link, Parameter, for_endpoints
from threonate.evidence.grades import worse
from threonate.simulation import Scenario
from threonate.simulation.scenario_fields import PriorChoice

NOT_SWITCHED = "the rest of the path"


@dataclass(frozen=True, slots=True)
class Part:
    """What one link or one number contributes.

    share     of the size, or of the variance that the uncertainty of all numbers makes together; shares add up to 1
    change    of the output when the link is off, or when the number moves by one SD of its uncertainty
    """

    id: str
    grade: Grade
    sources: tuple[str, ...]
    change: float
    share: float


@dataclass(frozen=True, slots=True)
class EvidenceShare:
    """What the prediction of one endpoint under one hypothesis rests on.

    size          change of the endpoint in a typical adult
    spread        SD of that change from the uncertainty of all numbers, each moved alone
    by_link       parts of the size
    by_number     parts of the variance, largest first
    by_grade      share of the variance by grade of the link a number belongs to
    by_source     share of the variance by source; a number with several sources is divided evenly
    """

    endpoint: str
    hypothesis: str
    unit: str
    size: float
    spread: float
    by_link: tuple[Part, ...]
    by_number: tuple[Part, ...]
    by_grade: Mapping[str, float]
    by_source: Mapping[str, float]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Probe:
    """A typical adult asked again and again, with one thing changed."""

    endpoint: Endpoint
    hypothesis: str
    scenario: Scenario
    catalogue: Catalogue
    simulate: Simulator

    def size(self, **changed: Any) -> float:
        """Change of the endpoint with some links or numbers set by hand."""
        asked = self.scenario.model_copy(
            update={**changed, "links": {**self.scenario.links, **changed.get("links", {})}}
        )
        result = self.simulate(asked, self.catalogue)
        return float(change_of(result.arm(result.arms[0].compound, self.hypothesis), self.endpoint)[0])


def evidence_share(
    endpoint: str,
    catalogue: Catalogue,
    simulate: Simulator,
    *,
    hypothesis: str = "threonate",
    without: Iterable[str] = (),
) -> EvidenceShare:
    """What the predicted change of an endpoint rests on, in a typical adult on the reference regimen.

    simulate     as threonate.simulate
    hypothesis   null or threonate
    without      ids of sources that are disbelieved: links whose size rests on them are off
    Raises       CatalogueError for an endpoint that is not on the shelf

    >>> from threonate.evidence import read_catalogue
    >>> from threonate.simulation import simulate
    >>> share = evidence_share("Mg_csf_relative", read_catalogue(), simulate)
    >>> round(sum(share.by_grade.values()), 6)
    1.0
    """
    disbelieved = frozenset(without)
    chosen, asked = _chosen(endpoint, catalogue)
    off = {name: False for name in links_lost(chosen, disbelieved)}
    scenario = Scenario(subjects=1, uncertainty=False, endpoints=asked, links=off)
    probe = _Probe(chosen.endpoints[endpoint], hypothesis, scenario, catalogue, simulate)
    size = probe.size()
    links = [chosen.links[name] for name in probe.endpoint.path if name in chosen.links and name not in off]
    acting = [link for link in links if link_is_on(link, hypothesis, {})]
    numbers = _numbers(probe, chosen, size, acting)
    return EvidenceShare(
        endpoint=endpoint,
        hypothesis=hypothesis,
        unit=probe.endpoint.unit if probe.endpoint.response else "%",
        size=size,
        spread=math.sqrt(sum(part.change**2 for part in numbers)),
        by_link=_links(probe, size, acting),
        by_number=numbers,
        by_grade=_added((part.grade, part.share) for part in numbers),
        by_source=_added((name, part.share / len(part.sources)) for part in numbers for name in part.sources),
        without=tuple(sorted(disbelieved)),
    )


def _chosen(endpoint: str, catalogue: Catalogue) -> tuple[Catalogue, tuple[str, ...]]:
    if endpoint in catalogue.endpoints:
        return catalogue, ()
    known = [*catalogue.endpoints, *(name for r in catalogue.responses.values() for name in r.endpoints)]
    if endpoint not in known:
        raise CatalogueError([f"There is no endpoint '{endpoint}'. {nearest(endpoint, known)}"])
    return for_endpoints(catalogue, [endpoint]), (endpoint,)


def _links(probe: _Probe, size: float, acting: list[Link]) -> tuple[Part, ...]:
    """What each link with a switch adds, and what is left for the others."""
    switched = [link for link in acting if link.switch]
    gains = {link.id: size - probe.size(links={link.id: False}) for link in switched}
    rest = size - sum(gains.values())
    others = [link for link in acting if not link.switch]
    grade: Grade = probe.endpoint.grade
    for link in others:
        grade = worse(grade, link_grade(link))
    parts = [Part(NOT_SWITCHED, grade, _sources(others), rest, _ratio(rest, size))]
    parts += [Part(k.id, link_grade(k), k.sources_for, gains[k.id], _ratio(gains[k.id], size)) for k in switched]
    return tuple(parts)


def _sources(links: list[Link]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source for link in links for source in link.sources_for))


def _numbers(probe: _Probe, chosen: Catalogue, size: float, acting: list[Link]) -> tuple[Part, ...]:
    """Every uncertain number, moved by one SD of its typical value."""
    changes: list[tuple[Parameter, float]] = []
    for (_name, species), row in chosen.parameters.items():
        moved = _moved(row)
        if species == "human" and moved is not None:
            changes.append((row, probe.size(priors={row.id: PriorChoice(value=moved)}) - size))
    total = sum(change**2 for _, change in changes)
    parts = [
        Part(row.id, _grade(row, acting, probe), tuple(sorted(roots_of(row, chosen))), change, _ratio(change**2, total))
        for row, change in changes
        if change**2 > 1e-9 * total
    ]
    return tuple(sorted(parts, key=lambda part: -part.share))


def _moved(row: Parameter) -> float | None:
    """The value of a row one SD of its uncertainty away; None where it is certain."""
    if row.distribution in ("uniform", "loguniform") and row.low is not None and row.high is not None:
        if row.distribution == "uniform":
            return min(row.value + (row.high - row.low) / math.sqrt(12.0), row.high)
        return row.value * math.exp(math.log(row.high / row.low) / math.sqrt(12.0))
    if row.uncertainty_sd <= 0.0 or row.distribution == "fixed":
        return None
    if row.distribution == "lognormal":
        return row.value * math.exp(row.uncertainty_sd)
    return row.value + row.uncertainty_sd


def _grade(row: Parameter, acting: list[Link], probe: _Probe) -> Grade:
    """Of the link that a number belongs to; else that of the endpoint itself."""
    owners = [link_grade(link) for link in acting if row.id in link.priors]
    return owners[0] if owners else probe.endpoint.grade


def _added(shares: Iterable[tuple[str, float]]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for name, share in shares:
        found[name] = found.get(name, 0.0) + share
    return MappingProxyType(dict(sorted(found.items(), key=lambda item: -item[1])))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
