"""A run of many subjects, cut into partitions: what decides its numbers, and the tables of one partition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from threonate.engine import AchievedError, arithmetic, one_worker
from threonate.errors import ScenarioError
from threonate.evidence import Catalogue
from threonate.simulation.body import COURSE_COLUMNS, build_body
from threonate.simulation.plan import poorly_soluble, product_of
from threonate.simulation.responses import catalogue_of
from threonate.simulation.result import Arm
from threonate.simulation.run import Answer, Question, settle, solve_question
from threonate.simulation.scenario import Scenario
from threonate.store import TABLE_FORMAT
from threonate.version import VERSION

PARTITION_SIZE = 256
Keep = Literal["daily", "course"]
_SUBJECT_COLUMNS = ("weight_kg", "egfr", "dietary_mg", "Mg_plasma_baseline")


@dataclass(frozen=True, slots=True)
class Study:
    """Scenarios for the same people, and how the people are divided.

    partition_size   subjects that are solved and stored together; the most that a worker holds in memory
    keep             "daily" stores a value per endpoint and day; "course" stores the time courses too
    Raises           ScenarioError

    >>> [len(part) for part in Study((Scenario(subjects=600),)).parts]
    [256, 256, 88]
    """

    scenarios: tuple[Scenario, ...]
    partition_size: int = PARTITION_SIZE
    keep: Keep = "daily"

    def __post_init__(self) -> None:
        if not self.scenarios:
            raise ScenarioError("A study needs a scenario; none is given. Name at least one.")
        if self.partition_size < 1:
            raise ScenarioError(f"partition_size is {self.partition_size}; allowed: 1 or more. Leave it out for 256.")
        if self.keep not in ("daily", "course"):
            raise ScenarioError(f"keep is '{self.keep}'; allowed: daily, course. Choose one of them.")

    @property
    def subjects(self) -> int:
        return self.scenarios[0].subjects

    @property
    def parts(self) -> list[range]:
        """Subjects of every partition, in order."""
        starts = range(0, self.subjects, self.partition_size)
        return [range(start, min(start + self.partition_size, self.subjects)) for start in starts]


def specification_of(study: Study, catalogue: Catalogue) -> Mapping[str, object]:
    """Everything that decides a number or a byte of the study, and nothing else.

    Raises    ScenarioError when the scenarios cannot be asked together
    """
    question = settle(study.scenarios, catalogue)
    return {
        "program": "threonate",
        "version": VERSION,
        "library": catalogue.hash,
        "networks": _networks(question, catalogue),
        "scenarios": {
            name: scenario.model_dump(mode="json", exclude={"spot_check"})
            for name, scenario in zip(question.names, question.scenarios, strict=True)
        },
        "hypotheses": list(question.hypotheses),
        "arithmetic": dict(arithmetic()),
        "subjects": study.subjects,
        "partition_size": study.partition_size,
        "keep": study.keep,
        "tables": TABLE_FORMAT,
        "covariates": list(_SUBJECT_COLUMNS),
        "endpoints": stored_endpoints(catalogue_of(question.scenarios[0], catalogue)),
    }


def _networks(question: Question, catalogue: Catalogue) -> dict[str, str]:
    """Hash of the network of each arm, and of the body on diet alone that the baselines are found with."""
    networks = {"baseline": build_body(catalogue).compiled.hash}
    catalogue = catalogue_of(question.scenarios[0], catalogue)
    for name, scenario in zip(question.names, question.scenarios, strict=True):
        product = product_of(scenario, catalogue)
        solids = poorly_soluble(product.compound if product else None)
        networks[f"arm {name}"] = build_body(catalogue, solids).compiled.hash
    return networks


@dataclass(frozen=True, slots=True)
class PartTables:
    """What is stored of one partition.

    tables     "daily": one row per subject, arm, hypothesis and day, one column per endpoint; "course" if kept
    statuses   how many solves ended in which way; "ok" or a sentence
    error      error of the solver that the spot check found; None without one
    """

    tables: Mapping[str, pl.DataFrame]
    statuses: Mapping[str, int]
    error: AchievedError | None = None


def solve_part(study: Study, catalogue: Catalogue, subjects: range) -> PartTables:
    """The tables of some subjects; they are the same whoever else is in the study.

    >>> from threonate.evidence import read_catalogue
    >>> study = Study((Scenario(days=1, run_in_days=1, subjects=3, hypothesis="null"),))
    >>> part = solve_part(study, read_catalogue(), range(1, 3))
    >>> part.tables["daily"].select("subject", "day").rows()
    [(1, -1), (1, 0), (2, -1), (2, 0)]
    """
    question = settle(study.scenarios, catalogue)
    with one_worker():
        answer = solve_question(question, catalogue, subjects)
    names = [name for name in question.names for _ in question.hypotheses]
    arms = list(zip(names, answer.arms, strict=True))
    tables = {"daily": pl.concat([_daily(name, arm, answer, subjects.start) for name, arm in arms])}
    if study.keep == "course":
        tables["course"] = pl.concat([_course(name, arm, subjects.start) for name, arm in arms])
    return PartTables(tables, _statuses(answer), answer.error)


def _daily(name: str, arm: Arm, answer: Answer, first: int) -> pl.DataFrame:
    """One row per subject and day, with who he is, how his solve ended and his endpoints."""
    wide = _long(arm).pivot(on="endpoint", index=["subject", "day"], values="value", maintain_order=True)
    people = answer.subjects.select("subject", *_SUBJECT_COLUMNS)
    peak = arm.course.filter(pl.col("time_h") >= 0.0).group_by("subject").agg(Mg_plasma_peak=pl.col("Mg_plasma").max())
    joined = (
        wide.join(arm.status, on="subject", how="left", maintain_order="left")
        .join(peak, on="subject", how="left", maintain_order="left")
        .with_columns(pl.col("subject") + first)
        .join(people, on="subject", how="left", maintain_order="left")
    )
    own = ["subject", "arm", "compound", "hypothesis", "day", "ok", "sentence", *_SUBJECT_COLUMNS, "Mg_plasma_peak"]
    return _labelled(joined, name, arm).select(*own, *wide.columns[2:])


def stored_endpoints(catalogue: Catalogue) -> dict[str, str]:
    """Columns of a stored day and their units; an endpoint of a response has its placebo course and a measurement."""
    stored: dict[str, str] = {}
    for endpoint in catalogue.endpoints.values():
        stored[endpoint.id] = endpoint.unit
        if endpoint.response:
            stored |= {f"{endpoint.id}_{more}": endpoint.unit for more in ("placebo", "measured")}
    return stored


def _long(arm: Arm) -> pl.DataFrame:
    """Subject, day, endpoint, value; of responses the true value, the placebo course and one measurement."""
    if arm.responses.is_empty():
        return arm.daily
    read = {"": pl.col("value"), "_placebo": pl.col("placebo"), "_measured": pl.col("value") + pl.col("noise")}
    parts = [
        arm.responses.select("subject", "day", pl.col("endpoint") + suffix, value=what) for suffix, what in read.items()
    ]
    return pl.concat([arm.daily, *parts])


def _course(name: str, arm: Arm, first: int) -> pl.DataFrame:
    labelled = _labelled(arm.course.with_columns(pl.col("subject") + first), name, arm)
    return labelled.select("subject", "arm", "compound", "hypothesis", "time_h", *COURSE_COLUMNS)


def _labelled(frame: pl.DataFrame, name: str, arm: Arm) -> pl.DataFrame:
    return frame.with_columns(arm=pl.lit(name), compound=pl.lit(arm.compound), hypothesis=pl.lit(arm.hypothesis))


def _statuses(answer: Answer) -> Mapping[str, int]:
    ended: Counter[str] = Counter()
    for arm in answer.arms:
        ended.update("ok" if ok else sentence for ok, sentence in arm.status.select("ok", "sentence").iter_rows())
    return ended
