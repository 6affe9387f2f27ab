import numpy as np
import pytest

from threonate.report.movers import FEWEST, movers_of

RNG = np.random.default_rng(5)
PEOPLE = 200
STRONG, WEAK, IDLE = RNG.normal(size=(3, PEOPLE))
OUTCOME = 3.0 * STRONG - 1.5 * WEAK + 0.2 * RNG.normal(size=PEOPLE)
INPUTS = {"weak": WEAK, "idle": IDLE, "strong": STRONG, "same": np.full(PEOPLE, 2.0)}


def test_the_widest_comes_first_and_what_chance_may_do_is_left_out():
    assert [one.id for one in movers_of(INPUTS, OUTCOME)] == ["strong", "weak"]


def test_ends_are_the_medians_of_the_fifths_with_least_and_most():
    [first, second] = movers_of(INPUTS, OUTCOME)
    order = np.argsort(STRONG)
    least, most = order[: PEOPLE // 5], order[-PEOPLE // 5 :]

    assert first.inputs == (np.median(STRONG[least]), np.median(STRONG[most]))
    assert first.outcomes == (np.median(OUTCOME[least]), np.median(OUTCOME[most]))
    assert first.correlation > 0 > second.correlation
    assert first.outcomes[0] < first.outcomes[1]
    assert second.outcomes[0] > second.outcomes[1]


@pytest.mark.parametrize("outcome", [np.zeros(PEOPLE), np.where(OUTCOME > 5, np.nan, OUTCOME * np.nan)])
def test_nothing_is_said_of_an_outcome_that_does_not_move_or_is_not_known(outcome):
    assert movers_of(INPUTS, outcome) == []


def test_few_people_are_not_sorted():
    few = {name: values[: FEWEST - 1] for name, values in INPUTS.items()}

    assert movers_of(few, OUTCOME[: FEWEST - 1]) == []


def test_the_order_of_people_does_not_matter():
    mixed = RNG.permutation(PEOPLE)
    moved = movers_of({name: values[mixed] for name, values in INPUTS.items()}, OUTCOME[mixed])

    assert moved == movers_of(INPUTS, OUTCOME)
