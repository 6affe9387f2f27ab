"""What a job does, in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

from threonate.errors import ThreonateError
from threonate.report.cohort import View, view_result
from threonate.simulation.portions import solve_portions
from threonate.simulation.run import Answer, People, Progress, Question, result_of, settle
from threonate.simulation.scenario import Scenario, check_names
from threonate.web.asking import Refused, refusal_of, refuse
from threonate.web.body_map import body_map_answer
from threonate.web.comparing import compare_answer
from threonate.web.desk import Desk
from threonate.web.explore import simulate_answer
from threonate.web.exporting import report_page
from threonate.web.job_models import JobKind
from threonate.web.jobs import quiet_child
from threonate.web.responding import responses_answer
from threonate.web.solving import QUICK, WHOLE, solve_side_by_side


def work(out: Connection, kind: JobKind, scenarios: Sequence[dict[str, Any]], threshold: float | None) -> None:
    """Answer a question and send progress, then the answer or why there is none."""
    quiet_child()
    try:
        asked = [Scenario.model_validate(one) for one in scenarios]
        out.send(("done", _answer(kind, asked, threshold, lambda done, total: out.send(("progress", (done, total))))))
    except Refused as error:
        out.send(("failed", error.failure.model_dump()))
    except ThreonateError as error:
        out.send(("failed", refusal_of(error).failure.model_dump()))
    except MemoryError:
        message = "The run needs more memory than there is. Ask for fewer subjects or days."
        out.send(("failed", refuse(422, "failed", message).failure.model_dump()))
    except Exception as error:
        message = f"Unforeseen failure ({type(error).__name__}: {error}). Please report it with the scenario."
        out.send(("failed", refuse(500, "failed", message).failure.model_dump()))


def _answer(kind: JobKind, asked: Sequence[Scenario], threshold: float | None, progress: Progress) -> bytes:
    desk = Desk()
    first = asked[0]
    if kind == "report":
        return report_page(desk, first, capped=False, view=_solved(desk, asked, progress, quick=False)).encode()
    if kind == "body_map":
        return body_map_answer(desk, first, capped=False).model_dump_json(by_alias=True).encode()
    if kind != "responses":
        plain: dict[str, object] = {"endpoints": (), "links": {}, "priors": {}}
        asked = [one.model_copy(update=plain) for one in asked]
    asked = [check_names(one, desk.catalogue) for one in asked]
    desk.keep_glance(asked, _solved(desk, asked, progress, quick=True))
    if kind == "compare":
        return compare_answer(desk, asked, threshold, capped=False).model_dump_json().encode()
    if kind == "responses":
        return responses_answer(desk, asked[0], capped=False).model_dump_json().encode()
    return simulate_answer(desk, asked[0], capped=False).model_dump_json().encode()


def _solved(desk: Desk, asked: Sequence[Scenario], progress: Progress, *, quick: bool) -> View:
    question, bodies = settle(asked, desk.catalogue), QUICK if quick else WHOLE

    def solve(question: Question, people: People) -> Answer:
        return solve_side_by_side(question, people, desk.catalogue, bodies)

    answer = solve_portions(question, desk.catalogue, progress, solve)
    return view_result(result_of(question, answer, desk.catalogue), desk.catalogue)
