"""Where the supplement is, day by day, ends where the balance of the run ends."""

from __future__ import annotations

import numpy as np
import pytest

from threonate.evidence import read_catalogue
from threonate.simulation import Scenario, simulate
from threonate.simulation.fate import follow_fate
from threonate.simulation.run import draw_people, settle

CATALOGUE = read_catalogue()


@pytest.mark.parametrize("links", [{}, {"threonate_to_csf": True}, {"threonate_to_csf": False}], ids=str)
def test_the_last_day_is_the_balance_of_the_run(links):
    """Also with a link that was switched by hand."""
    scenario = Scenario(subjects=2, days=4, run_in_days=2, links=links)
    fate = follow_fate(settle([scenario], CATALOGUE), draw_people(scenario, CATALOGUE), CATALOGUE)
    arms = simulate(scenario, CATALOGUE).arms
    first = dict(arms[0].balance.group_by("place").agg("mmol").iter_rows())

    for arm in arms:
        brain = arm.balance.filter(arm.balance["place"] == "brain")["mmol"]
        np.testing.assert_allclose(fate.brain[arm.hypothesis][:, -1], brain, atol=1e-6)
    for name, amounts in fate.places.items():
        np.testing.assert_allclose(amounts[:, -1], first[name], atol=1e-3)
    np.testing.assert_allclose(fate.given[:, -1], first["swallowed"], rtol=1e-12)
