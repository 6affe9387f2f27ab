"""Jobs as they are asked for and told of."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from threonate.web.models import Answer, Failure

JobKind = Literal["simulate", "responses", "compare", "body_map", "report"]


class JobQuestion(Answer):
    """A long question: fields of a scenario, and for a comparison what each arm changes, as queries."""

    kind: JobKind
    scenario: dict[str, Any] = Field(default_factory=dict)
    arms: list[str] = Field(default_factory=list, max_length=4)
    threshold: float | None = None


class JobRecord(Answer):
    """How far a job is; left_s is the time left [s], result the address of its answer."""

    id: str
    kind: JobKind
    title: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    done: int
    total: int
    left_s: float | None
    result: str | None
    error: Failure | None


class JobsAnswer(Answer):
    """Every job that is known."""

    jobs: list[JobRecord]
