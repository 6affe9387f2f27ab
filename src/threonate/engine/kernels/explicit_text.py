"""One step of an explicit Runge-Kutta method: only right-hand sides, for systems that are not stiff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from threonate.engine.codegen.llvm_builder import FunctionText, define
from threonate.engine.codegen.program import Program
from threonate.engine.kernels.step_text import PREPARE, Loop, StepText
from threonate.engine.kernels.tableau import ExplicitTableau, Row

Weights = Mapping[int, str]
"""Name of the weight of each slope."""


class ExplicitText(StepText):
    """The functions of one model with an explicit method.

    In a step that is long for a fast decay the stages swing, and an interpolation through them would too. So rows are
    recorded at the ends of steps, and only the moment of an event is sought inside.
    """

    records_inside = False

    def __init__(self, program: Program, method: ExplicitTableau, lanes: int) -> None:
        super().__init__(program, lanes)
        self.method = method
        self.stages, self.error_order = method.stages, method.error_order
        slopes = {f"k{i}": self.states for i in range(self.stages + 1 + len(method.extra))}
        self.parts = {"u": self.states, "tt": 1} | slopes | {f"c{i}": self.states for i in range(self._terms)}

    @property
    def _terms(self) -> int:
        return 3 + len(self.method.dense)

    def trial(self, text: FunctionText, h: str) -> str:
        self.call(text, "rhs", "y", "q", "t", "k0")
        for stage in range(1, self.stages):
            self._stage(text, stage, h, self.method.a[stage], self.method.nodes[stage])
        return self._finish(text, h)

    def _stage(self, text: FunctionText, stage: int, h: str, row: Row, node: float) -> None:
        weights = self._weights(text, row)

        def body(loop: Loop) -> Sequence[str]:
            loop.put("u", text.fused(h, self._combined(loop, weights)[0], loop.get("y")))
            return ()

        self.loop(text, max(1, self.program.felt)).run(body)
        text.store("tt", 0, text.fused(h, text.number(node), text.load("t", 0)))
        self.call(text, "rhs", "u", "q", "tt", f"k{stage}")

    def _weights(self, text: FunctionText, *rows: Row) -> list[Weights]:
        """The weights of each row by slope, read before the loop that needs them."""
        return [{j: text.held_number(weight) for j, weight in enumerate(row) if weight} for row in rows]

    def _combined(self, loop: Loop, rows: Sequence[Weights]) -> list[str]:
        """Slopes, weighted by each of the rows; each slope is read once."""
        text, found = loop.text, [""] * len(rows)
        for j in sorted(set().union(*rows)):
            k = loop.get(f"k{j}")
            for place, row in enumerate(rows):
                if j in row:
                    found[place] = text.fused(k, row[j], found[place]) if found[place] else text.mul(k, row[j])
        return found

    def _finish(self, text: FunctionText, h: str) -> str:
        """The new state and the squared error: a first estimate, damped where a second one of lower order is larger."""
        rows = [_beyond(self.method.b, row) for row in self.method.errors]
        weights = self._weights(text, self.method.b, *(row for row, _ in rows))

        def body(loop: Loop) -> Sequence[str]:
            slope, *errors = self._combined(loop, weights)
            errors = [text.add(slope, e) if shared else e for e, (_, shared) in zip(errors, rows, strict=True)]
            new = text.fused(h, slope, loop.get("y"))
            loop.put("yn", new)
            per_allowed = text.div(text.number(1.0), self.allowed(loop, new))
            ratios = [text.mul(error, per_allowed) for error in errors]
            return [text.mul(ratio, ratio) for ratio in ratios]

        first, second = self.loop(text).run(body, sums=2)
        mean = text.mul(text.mul(h, h), text.mul(first, text.number(1.0 / self.states)))
        damped = text.div(first, text.fused(second, text.number(self.method.damping), first))
        none = text.compare("oeq", first, text.number(0.0))
        return text.choose(none, text.number(0.0), text.mul(mean, damped))

    def prepare(self) -> tuple[str, set[str]]:
        """Slopes that only the interpolation needs, and its terms."""
        text = FunctionText(self.lanes)
        self.place(text)
        h = text.load("h", 0)
        self.call(text, "rhs", "yn", "q", "tn", f"k{self.stages}")
        for number, (row, node) in enumerate(self.method.extra, start=self.stages + 1):
            self._stage(text, number, h, row, node)

        weights = self._weights(text, *self.method.dense)

        def body(loop: Loop) -> Sequence[str]:
            rise = text.sub(loop.get("yn"), loop.get("y"))
            begin, end = (text.mul(h, loop.get(f"k{i}")) for i in (0, self.stages))
            loop.put("c0", rise)
            loop.put("c1", text.sub(begin, rise))
            loop.put("c2", text.sub(text.add(rise, rise), text.add(begin, end)))
            for number, slope in enumerate(self._combined(loop, weights), start=3):
                loop.put(f"c{number}", text.mul(h, slope))
            return ()

        self.loop(text).run(body)
        return define(text, "prepare", PREPARE), text.declared

    def inside(self, loop: Loop, u: str, left: str) -> str:
        """The terms by Horner, in turn with u and 1 - u."""
        text, found = loop.text, loop.get(f"c{self._terms - 1}")
        for number in range(self._terms - 2, -1, -1):
            found = text.fused(found, u if number % 2 == self._terms % 2 else left, loop.get(f"c{number}"))
        return text.fused(found, u, loop.get("y"))


def _beyond(step: Row, row: Row) -> tuple[Row, bool]:
    """A row, or what it holds beyond the weights of the step where that is less to compute; and whether it is that."""
    beyond = tuple(weight - of_step for weight, of_step in zip(row, step, strict=True))
    return (beyond, True) if sum(map(bool, beyond)) < sum(map(bool, row)) else (row, False)
