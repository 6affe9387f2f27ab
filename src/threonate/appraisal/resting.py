"""What would have to be thought over if a source, link or number were wrong."""

from __future__ import annotations

from threonate.appraisal.inputs import roots_of
from threonate.evidence import Catalogue, Endpoint


def resting_on(name: str, catalogue: Catalogue) -> dict[str, list[str]]:
    """Links, parameters and claims that rest on a source, link or parameter; kinds without any are empty.

    name    id of a source, link or parameter

    >>> from threonate.evidence import read_catalogue
    >>> "csf_up_15_percent" in resting_on("slutsky_2010", read_catalogue())["claims"]
    True
    """
    source = catalogue.sources.get(name)
    findings = {finding.id for finding in source.findings} if source is not None else set()
    links = [
        link.id
        for link in catalogue.links.values()
        if name in (*link.sources_for, *link.sources_against, *link.priors, link.switch)
    ]
    parameters = [
        row.id for row in catalogue.parameters.values() if source is not None and name in roots_of(row, catalogue)
    ]
    claims = [claim.id for claim in catalogue.claims.values() if findings & set(claim.findings) or name in claim.links]
    endpoints = [
        endpoint.id
        for endpoint in _endpoints(catalogue)
        if name in (*endpoint.sources, *endpoint.path, getattr(endpoint.smallest_important, "source", ""))
    ]
    return {
        "links": sorted(links),
        "parameters": sorted(set(parameters)),
        "endpoints": sorted(endpoints),
        "claims": sorted(claims),
    }


def _endpoints(catalogue: Catalogue) -> list[Endpoint]:
    """Of the body and of every response."""
    found = {name: one for response in catalogue.responses.values() for name, one in response.endpoints.items()}
    return list({**found, **catalogue.endpoints}.values())
