"""Readable pools: published levels and spreads, and nothing that would be a dose-response curve."""

from __future__ import annotations

import numpy as np
import pytest

from tests import protocol
from tests.published.many import solve_many
from tests.published.responses.whole_body import ROWS
from tests.responses import compose_response, shelf_with

PORTS = {"Mg_muscle_relative": 1.0, "Mg_red_cells_relative": 1.0, "Mg_bone_relative": 1.0}


@pytest.mark.parametrize(
    ("readout", "level"),
    [("muscle_free", 557), ("red_cell_free", 178), ("red_cell_total", 1.92), ("mononuclear", 13.8)],
)
def test_published_level_at_the_own_baseline(readout: str, level: float) -> None:
    found = solve_many("whole_body", {}, [0.0, 1e-3], readout, ports=PORTS)[readout]

    assert found[0, 0] == pytest.approx(level)


@pytest.mark.parametrize(
    ("symbol", "sd"), [("muscle_0", 97), ("red_total_0", 0.33), ("mononuclear_0", 2.3), ("red_free_0", 6.3 * 20**0.5)]
)
def test_published_spread(symbol: str, sd: float) -> None:
    """SD of the log-normal that is drawn."""
    row = shelf_with("whole_body").responses["whole_body"].parameters[f"whole_body.{symbol}", "human"]
    drawn = row.value * np.exp(row.between_sd**2 / 2) * np.sqrt(np.expm1(row.between_sd**2))

    assert drawn == pytest.approx(sd, rel=0.04)


def test_ultrafiltrable_at_the_published_plasma_level() -> None:
    model = compose_response("whole_body", ports={"Mg_plasma": 0.78, **PORTS})
    found = model.run(np.array([0.0, 1e-3]), "whole_body.ultrafiltrable")["whole_body.ultrafiltrable"]

    assert found[0] == pytest.approx(0.60, abs=0.002)


def test_the_skeleton_holds_half_to_six_tenths_of_the_body() -> None:
    row = shelf_with("whole_body").responses["whole_body"].parameters["whole_body.bone_0", "human"]

    assert (row.low, row.high) == (500.0, 600.0)


def test_pools_of_the_body_arrive() -> None:
    """The ports read the organs: each is 1 at the start."""
    course = protocol.run(protocol.Protocol(1.0, step_h=1.0))

    for port in PORTS:
        assert course.of(port)[0, 0] == pytest.approx(1.0, abs=1e-9)


def test_no_link_of_function_has_a_switch() -> None:
    links = shelf_with("whole_body").responses["whole_body"].links

    assert {link.grade for link in links.values()} == {"D", "E"}
    assert not any(link.switch or link.default_on for link in links.values())


@pytest.mark.parametrize("row", ROWS, ids=[row.id for row in ROWS])
def test_against_trials(row) -> None:
    value = row.value()

    assert value == pytest.approx(row.expected, abs=row.tolerance)
    assert (row.low <= value <= row.high) == row.meets
