"""From the body of a request to a job, and from a job to its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import anyio

from threonate.simulation.run import hypotheses_of
from threonate.simulation.scenario import Scenario, check_names
from threonate.web.asking import arms_of, person_days, refuse, scenario_of
from threonate.web.desk import Desk
from threonate.web.job_models import JobKind, JobQuestion, JobRecord
from threonate.web.jobs import OVER, TELL_EVERY_S, Jobs

MOST_SUBJECTS = 5_000
MOST_PERSON_DAYS = 2_000_000
MOST_IN_ONE_GO = 1_000
"""Subjects of a body map, which is not solved in portions."""
_TITLES = {
    "simulate": "Simulation",
    "responses": "Responses",
    "compare": "Comparison",
    "body_map": "Body map",
    "report": "Report",
}


def start_job(desk: Desk, jobs: Jobs, question: JobQuestion) -> JobRecord:
    """Check a long question and start it.

    Raises    Refused in words
    """
    given = {name: value for name, value in question.scenario.items() if value is not None and value != ""}
    scenarios = arms_of(given, question.arms) if question.kind == "compare" else [scenario_of(given)]
    named = [check_names(one, desk.catalogue) for one in scenarios]
    _check(question.kind, named)
    first = named[0]
    title = f"{_TITLES[question.kind]}: {first.subjects} people, {first.days} days"
    work: tuple[Any, ...] = (question.kind, [one.model_dump(mode="json") for one in named], question.threshold)
    return jobs.start(question.kind, title, first.subjects, work)


def _check(kind: JobKind, scenarios: list[Scenario]) -> None:
    first = scenarios[0]
    cost = person_days(scenarios, len(hypotheses_of(first)))
    most = MOST_IN_ONE_GO if kind == "body_map" else MOST_SUBJECTS
    if first.subjects > most or cost > MOST_PERSON_DAYS:
        message = (
            f"This job is too large ({first.subjects} subjects, {cost} person-days); allowed: {most} subjects and "
            f"{MOST_PERSON_DAYS} person-days. Ask for less, or run a study on the command line."
        )
        raise refuse(422, "too_large", message)
    if kind == "responses" and not first.endpoints:
        raise refuse(422, "bad_input", "endpoints is empty; allowed: ids of responses. Name one; see api/catalogue.")


def result_of(jobs: Jobs, name: str) -> tuple[JobKind, bytes]:
    """The answer of a finished job.

    Raises    Refused when it is not finished, or failed
    """
    job = jobs.find(name)
    if job.state == "done":
        return job.kind, job.result
    if job.error is not None:
        raise refuse(404, "failed", job.error.message, job.error.problems)
    raise refuse(404, "not_found", f"The job is {job.state}; it has no answer. Wait for it, or start it again.")


async def watch(jobs: Jobs, name: str, gone: Callable[[], Awaitable[bool]]) -> AsyncIterator[str]:
    """Server-sent events of a job until it is over or nobody listens."""
    job = jobs.find(name)
    before, silent = None, 0.0
    while True:
        record = job.record()
        if record != before or silent >= _ALIVE_EVERY_S:
            kind = record.state if record.state in OVER else "progress"
            yield f"event: {kind}\ndata: {record.model_dump_json()}\n\n"
            before, silent = record, 0.0
        if record.state in OVER or await gone():
            return
        await anyio.sleep(TELL_EVERY_S)
        silent += TELL_EVERY_S


_ALIVE_EVERY_S = 5.0
