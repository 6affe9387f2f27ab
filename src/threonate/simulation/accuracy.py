"""How accurately a run is solved, and the spot check of what was achieved."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from threonate.endpoints import recorded_ids
from threonate.engine import AchievedError, SubjectInputs, Tolerance, Trajectories, check_course, checked_numbers
from threonate.population import Cohort
from threonate.schedule import EventTable
from threonate.simulation.body import COURSE_COLUMNS, Body
from threonate.simulation.scenario import Scenario
from threonate.store import Receipt


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Tolerance of a run.

    subjects      number of subjects in the whole run, of which a cohort may be a part; the cohort's own when None
    spot_check    solve some of the subjects again, much tighter
    """

    tolerance: Tolerance = Tolerance.DEFAULT
    subjects: int | None = None
    spot_check: bool = False


def accuracy_of(scenario: Scenario) -> Accuracy:
    """What a scenario asks for.

    >>> accuracy_of(Scenario(tolerance="fast")).tolerance.name
    'FAST'
    """
    return Accuracy(Tolerance.named(scenario.tolerance), scenario.subjects, scenario.spot_check)


@contextmanager
def meanwhile_achieved(
    accuracy: Accuracy,
    body: Body,
    cohort: Cohort,
    question: tuple[SubjectInputs, EventTable],
    course: Trajectories,
    also: Collection[str] = (),
) -> Iterator[Callable[[], AchievedError | None]]:
    """Errors of what a person reads, found by the spot check beside the block; none when no check is wanted.

    also    ids of further observables that a person reads
    """
    if not accuracy.spot_check:
        yield lambda: None
        return

    numbers = checked_numbers(accuracy.subjects or cohort.size) - cohort.first
    rows = numbers[(numbers >= 0) & (numbers < cohort.size)]
    asked = (*question, course.times_h)
    read = [*COURSE_COLUMNS.values(), *recorded_ids(body.catalogue.endpoints.values()), *also]

    def check() -> AchievedError:
        return check_course(body.compiled, asked, course, rows, accuracy.tolerance).only(read)

    with ThreadPoolExecutor(1, thread_name_prefix="check") as beside:
        yield beside.submit(copy_context().run, check).result


def error_fields(found: AchievedError | None) -> Mapping[str, object]:
    """What a receipt says of the spot check; empty without one."""
    if found is None:
        return {}
    errors = {name: float(f"{error:.3g}") for name, error in zip(found.observables, found.errors, strict=True)}
    return {"errors": errors, "checked": found.checked, "lost": found.lost, "promise": found.promise}


def study_error(receipts: Iterable[Receipt]) -> AchievedError | None:
    """The spot check of all partitions together; None when there was none."""
    errors: dict[str, float] = {}
    checked = lost = subjects = 0
    promise = 0.0
    for receipt in receipts:
        fields: Mapping[str, Any] = receipt.accuracy
        if fields:
            for name, error in fields["errors"].items():
                errors[name] = max(error, errors.get(name, 0.0))
            checked, lost = checked + fields["checked"], lost + fields["lost"]
            subjects, promise = subjects + receipt.last - receipt.first + 1, fields["promise"]
    if not subjects:
        return None
    return AchievedError(tuple(errors), tuple(errors.values()), checked, lost, subjects, promise)


def accuracy_record(accuracy: Accuracy, found: AchievedError | None) -> Mapping[str, str]:
    """What a reader is told of the accuracy of a run."""
    record = {"tolerance": accuracy.tolerance.name.lower()}
    if found is not None:
        record["accuracy"] = found.sentence
        record["accuracy_warning"] = found.warning
    return {name: text for name, text in record.items() if text}
