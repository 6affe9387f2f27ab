"""A run in portions of its subjects, so that progress can be told; the numbers are those of the whole run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from threonate.engine import AchievedError, largest_of
from threonate.evidence import Catalogue
from threonate.simulation.result import Arm
from threonate.simulation.run import Answer, People, Progress, Question, draw_people

_PORTIONS = 25
_LEAST = 10


def solve_portions(
    question: Question, catalogue: Catalogue, progress: Progress, solve: Callable[[Question, People], Answer]
) -> Answer:
    """Everybody, portion after portion.

    progress    called with (subjects finished, subjects in all)
    solve       answers the question for people who are ready
    """
    first = question.scenarios[0]
    size = max(_LEAST, -(-first.subjects // _PORTIONS))
    answers = []
    for begin in range(0, first.subjects, size):
        end = min(begin + size, first.subjects)
        people = draw_people(first, catalogue, range(begin, end))
        answers.append(solve(question, people))
        progress(end, first.subjects)
    return join_answers(answers)


def join_answers(answers: list[Answer]) -> Answer:
    """Answers about one portion of subjects after the other, as one."""
    subjects = pl.concat([answer.subjects for answer in answers])
    begins = [0]
    for answer in answers:
        begins.append(begins[-1] + answer.subjects.height)
    arms = tuple(_joined(alike, begins) for alike in zip(*(answer.arms for answer in answers), strict=True))
    return Answer(arms, subjects)


def _joined(alike: tuple[Arm, ...], begins: list[int]) -> Arm:
    def whole(read: Callable[[Arm], pl.DataFrame]) -> pl.DataFrame:
        pairs = zip(alike, begins, strict=False)
        return pl.concat([read(arm).with_columns(pl.col("subject") + begin) for arm, begin in pairs])

    return replace(
        alike[0],
        daily=whole(lambda arm: arm.daily),
        course=whole(lambda arm: arm.course),
        balance=whole(lambda arm: arm.balance),
        status=whole(lambda arm: arm.status),
        responses=whole(lambda arm: arm.responses),
        error=_error([arm.error for arm in alike if arm.error is not None]),
    )


def _error(errors: list[AchievedError]) -> AchievedError | None:
    """The largest errors; who was checked adds up over the portions."""
    found = largest_of(errors)
    if found is None:
        return None
    return replace(found, checked=sum(one.checked for one in errors), lost=sum(one.lost for one in errors))
