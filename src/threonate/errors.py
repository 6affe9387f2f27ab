"""The small family of errors that this package raises on purpose."""

from __future__ import annotations

from collections.abc import Iterable


class ThreonateError(Exception):
    """Something a person can correct; the message says what, where and how."""


class CatalogueError(ThreonateError):
    """The shelf holds something wrong; `problems` lists all of it."""

    def __init__(self, problems: Iterable[object]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        listed = "\n".join(f"  {problem}" for problem in self.problems)
        return f"{len(self.problems)} problem(s) in the library:\n{listed}"


class ModelError(ThreonateError):
    """Module texts do not compose to a sound network."""


class RegimenError(ThreonateError):
    """A product, dose or schedule that cannot be taken as written."""


class ScenarioError(ThreonateError):
    """A question that cannot be simulated as asked."""


class TextError(ThreonateError):
    """A text that cannot be read for what it claims."""


class EngineError(ThreonateError):
    """The solver was asked for something it does not have."""


class ResultsError(ThreonateError):
    """Results could not be written or read."""


class Interruption(ThreonateError):  # noqa: N818 - nothing went wrong
    """A person stopped the program; the message says what is kept and how to go on."""


def nearest(name: str, allowed: Iterable[str]) -> str:
    """The allowed name closest to `name`, as a sentence to end an error with.

    >>> nearest("citrat", ["oxide", "citrate"])
    "Nearest: 'citrate'."
    """
    from rapidfuzz import fuzz, process  # only where something went wrong

    names = sorted(allowed)
    if not names:
        return "There is none yet."
    found = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=50)
    if found is not None:
        return f"Nearest: '{found[0]}'."
    return f"Allowed: {', '.join(names[:12])}{' ...' if len(names) > 12 else ''}."
