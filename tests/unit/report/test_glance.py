import numpy as np
import pytest
from numpy.testing import assert_array_equal

from threonate.report.glance import quantiles, quick_statistics

SHARES = [0.05, 0.5, 0.95]


@pytest.mark.parametrize("people", [1, 2, 3, 24, 200, 997])
@pytest.mark.parametrize("more", [(), (7,)])
def test_quantiles_are_numpys_to_the_last_bit(people, more):
    values = np.random.default_rng(people).lognormal(0.0, 1.0, (people, *more))

    assert_array_equal(quantiles(values, SHARES), np.quantile(values, SHARES, axis=0))


def test_a_statistic_is_the_same_in_company_and_alone():
    rng = np.random.default_rng(3)
    whole, other = rng.normal(1.0, 0.1, 50), rng.normal(2.0, 0.1, 50)
    holed = np.where(other > 2.0, np.nan, other)
    together = quick_statistics({"one": whole, "other": other})
    with_holes = quick_statistics({"one": whole, "other": holed})

    assert together["one"] == with_holes["one"]
    assert together["other"]["median"] == pytest.approx(np.median(other))
    assert with_holes["other"]["median"] == pytest.approx(np.median(other[other <= 2.0]))
