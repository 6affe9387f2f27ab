"""The options that say who computes a study and how it is divided."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any

import typer

from threonate.cli.options import RunOptions

_PANEL = "Who computes"


@dataclass(frozen=True, slots=True)
class WorkOptions:
    """What was asked for; None where nothing was said."""

    executor: str | None = None
    workers: int | None = None
    scheduler: str | None = None
    resume: bool = False
    partition_size: int | None = None
    keep: str | None = None


def _option(kind: Any, flag: str, metavar: str | None, text: str) -> Any:
    return Annotated[kind, typer.Option(flag, metavar=metavar, help=text, rich_help_panel=_PANEL)]


_OPTIONS = {
    "executor": _option(str | None, "--executor", "threads|processes|dask", "Who computes (default threads)."),
    "workers": _option(int | None, "--workers", "N", "How many workers (default: one a processor)."),
    "scheduler": _option(str | None, "--scheduler", "ADDRESS", "A Dask scheduler, such as tcp://host:8786."),
    "resume": _option(bool, "--resume", None, "Go on with an unfinished study: compute what is missing."),
    "partition_size": _option(int | None, "--partition-size", "N", "Subjects solved and stored together (256)."),
    "keep": _option(str | None, "--keep", "daily|course", "Daily values only (default), or time courses too."),
}


def work_options(verb: Callable[..., None]) -> Callable[..., None]:
    """Give a verb these options; they arrive as one WorkOptions named `work`."""
    own = [one for one in inspect.signature(verb, eval_str=True).parameters.values() if one.name != "work"]

    @wraps(verb)
    def with_work(options: RunOptions, **given: Any) -> None:
        work = WorkOptions(**{name: given.pop(name) for name in _OPTIONS})
        verb(options, work=work, **given)

    keyword = inspect.Parameter.KEYWORD_ONLY
    added = [
        inspect.Parameter(name, keyword, default=False if name == "resume" else None, annotation=annotation)
        for name, annotation in _OPTIONS.items()
    ]
    with_work.__dict__["__signature__"] = inspect.Signature([*(one.replace(kind=keyword) for one in own), *added])
    return with_work
