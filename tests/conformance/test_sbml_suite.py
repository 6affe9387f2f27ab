"""Every case of the SBML Test Suite: pass, or a refusal that names the construct. Never a silent wrong number."""

from __future__ import annotations

import warnings
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from tests.conformance.suite import VARIABLE, Judgement, archive, cases, judge, tally

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sbml-conformance.md"

pytestmark = pytest.mark.skipif(archive() is None, reason=f"no SBML Test Suite here; set {VARIABLE} to its zip file")


@lru_cache(maxsize=1)
def judgements() -> tuple[Judgement, ...]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a refused step of the integrator is judged by its numbers
        return tuple(judge(case) for case in cases())


def test_no_case_is_silently_wrong() -> None:
    wrong = [j for j in judgements() if j.outcome not in {"pass", "refused"}]

    assert not wrong


@pytest.mark.parametrize(("subset", "share"), [("A", 0.97), ("B", 0.995)])
def test_share_of_cases_that_pass(subset: str, share: float) -> None:
    counts = tally(judgements())[subset]

    assert counts["pass"] >= share * counts.total()


def test_the_page_shows_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(judgements())


def page(found: tuple[Judgement, ...]) -> str:
    """The table of the docs: `python -m tests.conformance.test_sbml_suite` writes it anew."""
    groups = tally(found)
    lines = [
        f"| {name} | {c.total()} | {c['pass']} | {c['refused']} | {c.total() - c['pass'] - c['refused']} |"
        for name, c in groups.items()
    ]
    reasons = Counter(j.detail.split("'")[0].strip() or j.detail for j in found if j.outcome == "refused")
    refused = [f"| {reason} | {count} |" for reason, count in reasons.most_common()]
    return HEAD + "\n".join(lines) + REASONS + "\n".join(refused) + "\n"


HEAD = """# SBML conformance

The semantic cases of the SBML Test Suite, solved by the readable reference path of the engine: SBML through libsbml to
one graph of formulas, plain Python from the graph, SciPy steps, the full meaning of events. A case passes when every
reported value lies within the tolerances of the suite. What is not solved is refused with an error that names the
construct; a wrong number is a failure of the tests.

*A*: core time courses without delay, algebraic rules, fast reactions and random order of events. *B*: A without
conversion factors, assigned stoichiometry, `rateOf`, `avogadro`, 0-D compartments and rare MathML.

| cases | number | pass | refused | wrong |
|---|---|---|---|---|
"""
REASONS = """

## What is refused

| construct | cases |
|---|---|
"""


if __name__ == "__main__":
    PAGE.write_text(page(judgements()), encoding="utf-8")
