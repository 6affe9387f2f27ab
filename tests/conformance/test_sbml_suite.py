"""Every case of the SBML Test Suite: pass, or a refusal that names the construct. Never a silent wrong number."""

from __future__ import annotations

import contextlib
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path

import pytest

from tests.conformance.native import by_machine_code
from tests.conformance.suite import VARIABLE, Judgement, archive, by_reference, cases, judge, tally

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "sbml-conformance.md"

pytestmark = pytest.mark.skipif(archive() is None, reason=f"no SBML Test Suite here; set {VARIABLE} to its zip file")


METHODS = {"reference": by_reference, "native": by_machine_code}
EXPLICIT_SHARE = 8


@lru_cache(maxsize=2)
def judgements(solver: str) -> tuple[Judgement, ...]:
    with quietly():
        return tuple(judge(case, METHODS[solver]) for case in cases())


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Without warnings, for a refused step is judged by its numbers, and without keeping what is compiled."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("THREONATE_CACHE", folder)
        yield


@pytest.mark.parametrize("solver", METHODS)
def test_no_case_is_silently_wrong(solver: str) -> None:
    wrong = [j for j in judgements(solver) if j.outcome not in {"pass", "refused"}]

    assert not wrong


@pytest.mark.parametrize(("solver", "subset", "share"), [("reference", "A", 0.97), ("reference", "B", 0.995)])
def test_share_of_cases_that_pass(solver: str, subset: str, share: float) -> None:
    counts = tally(judgements(solver))[subset]

    assert counts["pass"] >= share * counts.total()


def test_what_the_reference_refuses_native_refuses_too() -> None:
    """And native adds refusals of certain events only."""
    pairs = zip(judgements("reference"), judgements("native"), strict=True)
    differ = [(slow.outcome, fast.detail) for slow, fast in pairs if slow.outcome != fast.outcome]

    assert {before for before, _ in differ} <= {"pass"}
    assert all("event" in construct for _, construct in differ)


@pytest.mark.parametrize("method", ["dop853", "rodas4p"])
def test_the_other_methods_pass_a_share_of_the_cases(method: str) -> None:
    some = cases()[::EXPLICIT_SHARE]
    with quietly():
        found = [judge(case, partial(by_machine_code, method=method)) for case in some]

    assert [j.outcome for j in found] == [j.outcome for j in judgements("native")[::EXPLICIT_SHARE]]


def test_the_page_shows_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def page() -> str:
    """The table of the docs: `python -m tests.conformance.test_sbml_suite` writes it anew."""
    groups = [tally(judgements(solver)) for solver in METHODS]
    lines = [
        f"| {name} | {counts.total()} | {' | '.join(_counts(group[name]) for group in groups)} |"
        for name, counts in groups[0].items()
    ]
    reasons = [_reasons(solver) for solver in METHODS]
    order = sorted(reasons[0] | reasons[1], key=lambda reason: (-max(one[reason] for one in reasons), reason))
    refused = [f"| {reason} | {reasons[0][reason]} | {reasons[1][reason]} |" for reason in order]
    return HEAD + "\n".join(lines) + REASONS + "\n".join(refused) + "\n"


def _counts(counts: Counter[str]) -> str:
    return f"{counts['pass']} | {counts['refused']} | {counts.total() - counts['pass'] - counts['refused']}"


def _reasons(solver: str) -> Counter[str]:
    found = [j.detail for j in judgements(solver) if j.outcome == "refused"]
    return Counter(detail.split(" '")[0].strip() if detail[0] != "'" else detail for detail in found)


HEAD = """# SBML conformance

The semantic cases of the SBML Test Suite, each solved twice. *Reference*: the readable path: SBML through libsbml to
one graph of formulas, plain Python from the graph, SciPy steps, the full meaning of events. *Native*: machine code
from the same graph with Rodas5P, as people are solved. A case passes when every reported value lies within the
tolerances of the suite. What is not solved is refused with an error that names the construct; a wrong number, or a
solve that fails, is a failure of the tests. The other two methods solve every eighth case in the tests, with the same
outcome.

A value recorded at the time of an event is, in the suite, the one after it; native rows hold the one before it. So in
a model with events the native rows are read a thousand-millionth of the duration later.

*A*: core time courses without delay, algebraic rules, fast reactions and random order of events. *B*: A without
conversion factors, assigned stoichiometry, `rateOf`, `avogadro`, 0-D compartments and rare MathML.

| cases | number | reference: pass | refused | wrong | native: pass | refused | wrong |
|---|---|---|---|---|---|---|---|
"""
REASONS = """

## What is refused

| construct | reference | native |
|---|---|---|
"""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
