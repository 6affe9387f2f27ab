"""What a person or a program is told when a verb cannot do what was asked."""

from __future__ import annotations

import json
import os
import sys

import typer

OK = 0
RUN_FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130

FIRST_PROBLEMS = 10

_KINDS = {RUN_FAILED: "run_failed", BAD_INPUT: "bad_input", INTERRUPTED: "interrupted"}


def report_failure(error: Exception, *, as_json: bool) -> int:
    """Tell what went wrong, in one message and without a traceback; returns the exit code.

    THREONATE_TRACEBACK=1 in the environment lets an unforeseen error through, for those who repair it.
    """
    if isinstance(error, BrokenPipeError):
        return _leave_pipe()
    code, message = _said(error)
    if code == RUN_FAILED and os.environ.get("THREONATE_TRACEBACK") == "1":
        raise error
    _tell(code, message, _problems(error), as_json=as_json)
    return code


def report_interrupt(*, as_json: bool) -> None:
    """One line after Ctrl-C."""
    _tell(INTERRUPTED, "Interrupted; no results were written.", [], as_json=as_json)


def _said(error: Exception) -> tuple[int, str]:
    from threonate.errors import CatalogueError, Interruption, RegimenError, ScenarioError, TextError, ThreonateError

    if isinstance(error, typer.TyperException):
        return error.exit_code, f"{error.format_message().strip()} Try 'threonate --help'."
    if isinstance(error, typer.Abort):
        return RUN_FAILED, "Stopped; no results were written."
    if isinstance(error, CatalogueError):
        return BAD_INPUT, _shortened(error.problems)
    if isinstance(error, RegimenError | ScenarioError | TextError):
        return BAD_INPUT, str(error)
    if isinstance(error, Interruption):
        return INTERRUPTED, str(error)
    if isinstance(error, ThreonateError):
        return RUN_FAILED, str(error)
    if isinstance(error, MemoryError):
        return RUN_FAILED, "The run needs more memory than there is. Use fewer --subjects or fewer --days."
    sentence = f"Unforeseen failure ({type(error).__name__}: {error})."
    return RUN_FAILED, f"{sentence} Set THREONATE_TRACEBACK=1 to see where, and report it with the command."


def _shortened(problems: tuple[object, ...]) -> str:
    """The first problems of the shelf; `library check` prints them all."""
    listed = "\n".join(f"  {problem}" for problem in problems[:FIRST_PROBLEMS])
    more = "\nSee all of them with 'threonate library check'." if len(problems) > FIRST_PROBLEMS else ""
    return f"{len(problems)} problem(s) in the library:\n{listed}{more}"


def _problems(error: Exception) -> list[object]:
    found = getattr(error, "problems", ())
    return [problem_fields(problem) for problem in found]


def problem_fields(problem: object) -> object:
    """A problem of the shelf as file, line, reason and remedy."""
    names = ("file", "line", "reason", "remedy")
    if all(hasattr(problem, name) for name in names):
        return {name: getattr(problem, name) for name in names}
    return str(problem)


def _tell(code: int, message: str, problems: list[object], *, as_json: bool) -> None:
    if as_json:
        error: dict[str, object] = {"kind": _KINDS.get(code, "run_failed"), "exit_code": code, "message": message}
        if problems:
            error["problems"] = problems
        print(json.dumps({"error": error}, indent=2))
    else:
        print(message, file=sys.stderr)


def _leave_pipe() -> int:
    """The reader of our output went away: say nothing more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return RUN_FAILED
