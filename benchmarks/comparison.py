"""Engine and peers on one problem: rows of speed and error, and the ratios that may be quoted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks import ceiling, ours
from benchmarks.accuracy import Reference, make_reference
from benchmarks.clock import Contender, Turn, alternate, typical
from benchmarks.peers import all_peers, roadrunner
from benchmarks.problem import Problem
from threonate.engine.kernels.methods import method_named

NOMINAL = 1e-6
EQUAL_ERRORS = (1e-6, 4e-6)
OURS = "threonate"
_CHECK_RTOL = 1e-9


@dataclass(frozen=True, slots=True)
class Effort:
    """How long a comparison may take.

    subjects   of ours in each turn
    peers      subjects that peers go through, on which all errors are measured
    rounds     turns
    """

    subjects: int
    peers: int
    rounds: int
    rtols: tuple[float, ...]
    quick: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One solver at one tolerance.

    max_rel_error    over the subjects that every solver solved
    spread           slowest turn through the fastest
    share            of the processor's peak; None for other solvers
    """

    engine: str
    model: str
    rtol: float
    subjects_per_cpu_s: float
    max_rel_error: float
    spread: float
    share: float | None = None

    @property
    def solved(self) -> bool:
        """Whether every subject has an answer."""
        return math.isfinite(self.max_rel_error)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was measured on one problem.

    check    largest relative difference of the reference from libroadrunner at 1e-9; None without libroadrunner
    absent   why a solver is not among the rows
    """

    problem: Problem
    rows: tuple[Row, ...]
    check: float | None
    absent: tuple[str, ...]

    def of(self, engine: str) -> list[Row]:
        """Rows of the solver whose name begins so, the coarsest tolerance first."""
        return sorted((row for row in self.rows if row.engine.startswith(engine)), key=lambda row: -row.rtol)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Our speed over theirs.

    at_error    the error that both make; for the nominal ratio, theirs
    theirs      their row
    ours        subjects per second of ours at that error
    method      ours
    """

    value: float
    at_error: float
    theirs: Row
    ours: float
    method: str


def compare(problem: Problem, effort: Effort) -> Comparison:
    """Measure everybody who is installed."""
    reference = make_reference(problem)
    absent, contenders = [], []
    for peer in all_peers():
        reason = peer.missing()
        if reason:
            absent.append(reason)
        else:
            contenders += peer.make_contenders(problem.first(effort.peers), reference, quick=effort.quick)
    contenders += ours.make_contenders(problem, effort.rtols)
    turns = alternate(contenders, effort.rounds, effort.peers)
    judge = _Judge(problem, reference, effort, ceiling.peak_flops())
    rows = [judge.row(contender, mine) for contender, mine in zip(contenders, turns, strict=True)]
    absent += [f"{row.engine} at {row.rtol:.0e} did not solve every subject." for row in rows if not row.solved]
    solved = tuple(row for row in rows if row.solved)
    return Comparison(problem, solved, _check(problem, reference, effort), tuple(absent))


def _check(problem: Problem, reference: Reference, effort: Effort) -> float | None:
    """The reference against another reader of SBML and another method."""
    if roadrunner.missing():
        return None
    count = min(2, effort.peers)
    return reference.error(roadrunner.courses(problem.first(count), reference, _CHECK_RTOL), slice(0, count))


@dataclass(frozen=True, slots=True)
class _Judge:
    """What turns are judged by."""

    problem: Problem
    reference: Reference
    effort: Effort
    peak: float

    def row(self, contender: Contender, turns: Sequence[Turn]) -> Row:
        seconds = typical(turns)
        each = sorted(turn.seconds_each for turn in turns)
        mine = contender.engine.startswith(OURS)
        return Row(
            engine=contender.engine,
            model=self.problem.name,
            rtol=contender.rtol,
            subjects_per_cpu_s=1.0 / seconds,
            max_rel_error=max(self._error(turn) for turn in turns),
            spread=each[-1] / each[0],
            share=self._share(contender, seconds) if mine else None,
        )

    def _error(self, turn: Turn) -> float:
        count = min(len(turn.values), self.effort.peers)
        return self.reference.error(turn.values[:count], slice(turn.subjects.start, turn.subjects.start + count))

    def _share(self, contender: Contender, seconds: float) -> float:
        method = contender.engine.removeprefix(OURS).strip()
        solver = ours.solver_of(self.problem, method)
        steps = ours.steps_of(self.problem.first(min(16, len(self.problem))), method, contender.rtol)
        return steps * ceiling.step_flops(solver.program, method_named(solver.plan.method)) / seconds / self.peak


def nominal_ratio(comparison: Comparison, engine: str = roadrunner.FASTEST) -> Ratio | None:
    """The method that the product takes and another solver, libroadrunner at its fastest, at the same tolerances."""
    theirs = [row for row in comparison.of(engine) if row.rtol == NOMINAL]
    mine = [row for row in comparison.of(f"{OURS} {ours.methods_of(comparison.problem)[0]}") if row.rtol == NOMINAL]
    if not theirs or not mine:
        return None
    speed = mine[0].subjects_per_cpu_s
    return Ratio(speed / theirs[0].subjects_per_cpu_s, theirs[0].max_rel_error, theirs[0], speed, mine[0].engine)


def equal_error_ratio(comparison: Comparison, near: float, engine: str = roadrunner.FASTEST) -> Ratio | None:
    """Our best method at the error that another solver makes, taken where that is nearest to `near`."""
    theirs = comparison.of(engine)
    if not theirs:
        return None
    row = min(theirs, key=lambda row: abs(math.log(row.max_rel_error / near)))
    names = [f"{OURS} {method}" for method in ours.methods_of(comparison.problem)]
    found = {name: _speed_at(comparison.of(name), row.max_rel_error) for name in names}
    method = max(found, key=lambda name: found[name])
    return Ratio(found[method] / row.subjects_per_cpu_s, row.max_rel_error, row, found[method], method)


def _speed_at(rows: Sequence[Row], error: float) -> float:
    """Subjects per second at an error, on straight lines between logarithms; never beyond the coarsest point.

    From the tightest tolerance on, the curve is followed as long as it stays below that error.
    """
    following: Row | None = None
    for row in reversed(rows):
        if row.max_rel_error > error:
            if following is None:
                return 0.0
            share = math.log(error / following.max_rel_error) / math.log(row.max_rel_error / following.max_rel_error)
            speeds = following.subjects_per_cpu_s, row.subjects_per_cpu_s
            return float(speeds[0] * (speeds[1] / speeds[0]) ** share)
        following = row
    return following.subjects_per_cpu_s if following else 0.0
