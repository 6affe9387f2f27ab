"""A quick answer: the same people, doses and solver as a full run, but only what one screen shows is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from threonate.endpoints import recorded_ids
from threonate.engine import compile_network
from threonate.evidence import Catalogue
from threonate.simulation.body import COURSE_COLUMNS, LONGEST_STEP_H, Body, build_body

SHOWN = ("Mg_plasma", "Mg_urine_24h", "Mg_csf_relative", "Mg_brain_ecf_relative")
"""Endpoints of a quick answer."""
GLANCE_STEP_H = 0.5
"""Distance of recorded times of a quick answer on the days that figures show [h]."""
_BALANCED = ("gut", "faeces")


def glance_catalogue(catalogue: Catalogue) -> Catalogue:
    """The catalogue with only the endpoints that a quick answer shows, besides those of responses."""
    kept = {name: one for name, one in catalogue.endpoints.items() if name in SHOWN or one.response}
    return replace(catalogue, endpoints=MappingProxyType(kept))


def glance_body(catalogue: Catalogue, solids: Sequence[str] = ()) -> Body:
    """The body of a run, recording only what a quick answer needs; its balance knows gut and faeces alone.

    Raises    ModelError when matter is made or lost, or units do not fit
    """
    few = glance_catalogue(catalogue)
    whole = build_body(few, solids)
    places = {name: place for name, place in few.places.items() if name in _BALANCED}
    species = [name for place in places.values() for name in whole.place_ids(place)]
    readable = (*COURSE_COLUMNS.values(), *recorded_ids(few.endpoints.values()), *species)
    compiled = compile_network(whole.network, tuple(dict.fromkeys(readable)), longest_step=LONGEST_STEP_H)
    return Body(replace(few, places=MappingProxyType(places)), compiled, whole.solids)
