"""Responses that write a port of the body start at the value that the baseline was solved with."""

from __future__ import annotations

import numpy as np
import pytest

from tests.responses import compose_response
from threonate.evidence import Catalogue, read_catalogue

CATALOGUE = read_catalogue()


def _back_to_the_body(catalogue: Catalogue) -> list[tuple[str, str]]:
    """(response, port) where an organ reads what a response writes."""
    organs = [module for module in catalogue.modules.values() if module.shelf == "organs"]
    read = {port for module in organs for port in module.ports if port not in module.written}
    return sorted((r.id, port) for r in catalogue.responses.values() for port in r.module.written & read)


BACK = _back_to_the_body(CATALOGUE)


def test_one_response_answers_back() -> None:
    assert BACK == [("vitamin_d", "vitamin_D_absorption")]


@pytest.mark.parametrize("own_level", [0.3, 1.0, 3.0])
@pytest.mark.parametrize(("response", "port"), BACK)
def test_with_every_link_on_the_body_starts_where_its_baseline_is(response: str, port: str, own_level: float) -> None:
    """The factor is relative to the subject's own baseline, whatever that is: 1 by construction."""
    switches = {link.switch: 1.0 for link in CATALOGUE.responses[response].links.values() if link.switch}
    level = CATALOGUE.responses[response].parameters["vitamin_d.C_0", "human"].value * own_level
    values = {name.split(".")[1]: value for name, value in switches.items()} | {"C_0": level}
    course = compose_response(response, values=values).run(np.array([0.0, 240.0]), port)

    held = CATALOGUE.parameters[f"port.{port}", "human"].value
    assert course[port] == pytest.approx([held, held], rel=1e-6)
