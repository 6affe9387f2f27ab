"""From the query of a request to a scenario, or to readable problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from threonate.errors import ThreonateError
from threonate.simulation.scenario import Scenario
from threonate.simulation.scenario_fields import explain, extra_of, said, shown
from threonate.web.models import Failure, Problem

MOST_SUBJECTS = 1000
MOST_PERSON_DAYS = 40_000
"""Cost that a plain request may have; more is a job."""
MOST_DRAWN = 12
"""Figures of responses in a report for a plain request, which took about 3 s when this was set; more is a job."""
_EFFORT = {"fast": 1, "default": 2, "reference": 8}
"""How much longer a tighter tolerance takes."""
_LISTS = ("conditions", "endpoints", "dose_times_h", "links", "priors")


class Refused(Exception):  # noqa: N818 - it is an answer, not a defect
    """A request that cannot be answered as asked, with the status to answer with."""

    def __init__(self, status: int, failure: Failure) -> None:
        super().__init__(failure.message)
        self.status, self.failure = status, failure


def refuse(status: int, kind: Any, message: str, problems: Sequence[Problem] = ()) -> Refused:
    """A refusal in words."""
    return Refused(status, Failure(kind=kind, message=message, problems=list(problems)))


def refusal_of(error: ThreonateError) -> Refused:
    """What the program says of a scenario that cannot be, as an answer to a person."""
    lines = [line.strip() for line in str(error).splitlines()]
    told = lines[1:] if len(lines) > 1 and lines[0].endswith(":") else lines
    return refuse(422, "bad_input", " ".join(told), [problem_from(line) for line in told])


def wrong_field(field: str, value: object, allowed: str, remedy: str, status: int = 422) -> Refused:
    """A refusal because of one parameter."""
    reason = f"{field} is {shown(value)}; allowed: {allowed}."
    problem = Problem(field=field, value=str(value), allowed=allowed, reason=reason, remedy=remedy)
    return refuse(status, "bad_input", f"{reason} {remedy}", [problem])


def fields_of(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Fields of a scenario from name and text; a list may be written with commas or by repeating its name.

    Raises    Refused when a name that is no list is given twice

    >>> fields_of([("conditions", "ppi"), ("conditions", "digoxin"), ("days", "7"), ("egfr", "")])
    {'conditions': 'ppi,digoxin', 'days': '7'}
    """
    fields: dict[str, object] = {}
    for name, text in pairs:
        if text == "":
            continue
        if name in fields and name not in _LISTS:
            raise wrong_field(name, f"{fields[name]} and {text}", "one value", "Give the parameter once.")
        fields[name] = f"{fields[name]},{text}" if name in fields else text
    return fields


def scenario_from(pairs: Iterable[tuple[str, str]]) -> Scenario:
    """The scenario that a query asks for.

    Raises    Refused with one problem for each field that is wrong
    """
    return scenario_of(fields_of(pairs))


def scenario_of(fields: Mapping[str, object]) -> Scenario:
    """A scenario from its fields.

    Raises    Refused with one problem for each field that is wrong
    """
    try:
        return Scenario.model_validate(dict(fields))
    except ValidationError as error:
        problems = problems_of(error, Scenario.model_fields)
    raise refuse(422, "bad_input", " ".join(problem.reason for problem in problems), problems)


def problems_of(error: ValidationError, fields: Mapping[str, FieldInfo]) -> list[Problem]:
    """Each thing that is wrong, with the field, the value, what is allowed and what to do."""
    return [_problem(sentence, error, fields) for sentence in explain(error, fields)]


def _problem(sentence: str, error: ValidationError, fields: Mapping[str, FieldInfo]) -> Problem:
    given = {str(next(iter(one["loc"]), "")): one["input"] for one in error.errors(include_url=False)}
    told = sentence.removeprefix("unknown field ").strip("'").split("'")[0].split(" ")[0].rstrip(".,;")
    field = told if told in given or told in fields else ""
    allowed = str(extra_of(fields[field]).get("allowed", "")) if field in fields else "a field of the scenario"
    head, _, remedy = sentence.rstrip().rpartition(". ")
    return Problem(
        field=field,
        value=shown(given[field]).strip("'") if field in given else "",
        allowed=allowed,
        reason=sentence,
        remedy=remedy if head else "",
    )


def problem_from(message: str, field: str = "") -> Problem:
    """A sentence of the program as a problem; the field is the first one that it names."""
    named = field or next((name for name in Scenario.model_fields if message.split(" ")[0] == name), "")
    if not named:
        named = next(
            (name for word, name in _WORDS.items() if f"unknown {word}" in message or f"no {word}" in message), ""
        )
    remedy = message.rstrip().rpartition(". ")[2]
    allowed = str(extra_of(Scenario.model_fields[named]).get("allowed", "")) if named in Scenario.model_fields else ""
    return Problem(field=named, value="", allowed=allowed, reason=message, remedy=remedy)


_WORDS = {
    "response or endpoint": "endpoints",
    "compound": "compound",
    "condition": "conditions",
    "population": "population",
}


def query_of(scenario: Scenario) -> str:
    """The query that asks for the same again; only what differs from what is taken when left out.

    >>> query_of(Scenario(days=7, compound="citrate", elemental_mg=150))
    'compound=citrate&elemental_mg=150&days=7'
    """
    pairs = []
    for name, field in Scenario.model_fields.items():
        value = getattr(scenario, name)
        if value is None or value == field.default:
            continue
        pairs.append((name, str(value).lower() if isinstance(value, bool) else said(value)))
    return urlencode(pairs, safe=",:")


def arms_of(base: Mapping[str, object], arms: Sequence[str]) -> list[Scenario]:
    """The scenarios of a comparison: each arm is a query with what differs from the base.

    Raises    Refused when there are fewer than 2 or more than 4
    """
    if not 2 <= len(arms) <= 4:
        raise wrong_field("arm", len(arms), "2 to 4 arms", "Repeat `arm=` once for each regimen.")
    scenarios = []
    for arm in arms:
        scenarios.append(scenario_of(merged(base, fields_of(parse_qsl(arm, keep_blank_values=True)))))
    return scenarios


def merged(base: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """Fields with changes on top; a changed dose replaces the other ways of giving it.

    >>> merged({"compound_mg": 2000, "days": 7}, {"elemental_mg": 100})
    {'days': 7, 'elemental_mg': 100}
    """
    gone = _replaced_by(changes)
    return {**{name: value for name, value in base.items() if name not in gone}, **changes}


def _replaced_by(fields: Mapping[str, object]) -> set[str]:
    dose = {"compound_mg", "elemental_mg", "label_mg_per_g"}
    times = {"doses_per_day", "dose_times_h"}
    gone: set[str] = set()
    if dose & fields.keys() or fields.get("compound") == "none":
        gone |= dose
    if times & fields.keys():
        gone |= times
    return gone


def person_days(scenarios: Sequence[Scenario], hypotheses: int, weight: int = 1) -> int:
    """What a question costs: subjects x days x hypotheses, added over the arms, more at a tight tolerance."""
    days = sum(one.days + one.run_in_days + one.washout_days for one in scenarios)
    return scenarios[0].subjects * days * hypotheses * weight * _EFFORT.get(scenarios[0].tolerance, 1)


def check_cost(scenarios: Sequence[Scenario], hypotheses: int, weight: int = 1) -> None:
    """Raises Refused when a plain request would hold a worker for too long."""
    first = scenarios[0]
    cost = person_days(scenarios, hypotheses, weight)
    if first.subjects > MOST_SUBJECTS or cost > MOST_PERSON_DAYS:
        allowed = f"at most {MOST_SUBJECTS} subjects and {MOST_PERSON_DAYS} person-days"
        what = f"{first.subjects} subjects, {cost} person-days at tolerance {first.tolerance}"
        reason = f"This question is too large for a plain request ({what}); allowed: {allowed}."
        remedy = "Ask for fewer subjects or days, or send it as a job: POST api/jobs."
        problem = Problem(field="subjects", value=str(first.subjects), allowed=allowed, reason=reason, remedy=remedy)
        raise refuse(422, "too_large", f"{reason} {remedy}", [problem])
