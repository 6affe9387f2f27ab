"""One step of a Rosenbrock method: one matrix, as many substitutions as stages, no iteration."""

from __future__ import annotations

from collections.abc import Sequence

from threonate.engine.codegen.llvm_builder import FunctionText, define
from threonate.engine.codegen.program import Program
from threonate.engine.kernels.step_text import PREPARE, Loop, StepText
from threonate.engine.kernels.tableau import Tableau


class RosenbrockText(StepText):
    """The functions of one model with a Rosenbrock method."""

    records_inside = True

    def __init__(self, program: Program, method: Tableau, lanes: int) -> None:
        super().__init__(program, lanes)
        self.method = method
        self.stages, self.error_order = method.stages, method.error_order
        sizes = {"u": self.states, "f": self.states, "tt": 1, "g": 1, "d": max(1, len(program.timed))}
        sizes |= {"w": max(1, program.sizes["w"])}
        self.parts = sizes | {f"k{i}": self.states for i in range(self.stages)}

    def trial(self, text: FunctionText, h: str) -> str:
        per_h = text.div(text.number(1.0), h)
        text.store("g", 0, text.mul(per_h, text.number(1.0 / self.method.gamma)))
        self.call(text, "matrix", "y", "q", "t", "g", "w", "d")
        for stage in range(self.stages):
            self._stage(text, stage, h, per_h)
        return self._finish(text)

    def _stage(self, text: FunctionText, stage: int, h: str, per_h: str) -> None:
        where, when = ("y", "t") if stage == 0 else ("u", "tt")
        if stage == 0:
            self.loop(text).run(lambda loop: loop.fill("k0", 0.0))
        else:
            self.loop(text).run(lambda loop: self._start_of_stage(loop, stage, per_h))
            moved = text.fused(h, text.number(self.method.nodes[stage]), text.load("t", 0))
            text.store("tt", 0, moved)
        self.call(text, "rhs", where, "q", when, "f")
        self._drift(text, stage, h)
        self.call(text, "substitute", "w", "f", f"k{stage}")

    def _start_of_stage(self, loop: Loop, stage: int, per_h: str) -> Sequence[str]:
        """Where the stage starts, and what the stages before add to its right-hand side.

        The latter waits where the stage itself will be. Each stage before is read once.
        """
        text, follows = loop.text, self.method.adds_one_stage(stage) and stage > 1
        start = loop.get("u" if follows else "y")
        total = ""
        for j in range(stage):
            k = loop.get(f"k{j}")
            share = (1.0 if j == stage - 1 else 0.0) if follows else self.method.a[stage][j]
            if share:
                start = text.add(start, k) if share == 1.0 else text.fused(k, text.number(share), start)
            if weight := self.method.coupling[stage][j]:
                total = text.fused(k, text.number(weight), total) if total else text.mul(k, text.number(weight))
        loop.put("u", start)
        loop.put(f"k{stage}", text.mul(per_h, total) if total else text.number(0.0))
        return ()

    def _drift(self, text: FunctionText, stage: int, h: str) -> None:
        if not self.method.drift[stage] or not self.program.timed:
            return
        share = text.mul(h, text.number(self.method.drift[stage]))
        for place, state in enumerate(self.program.timed):
            moved = text.fused(share, text.load("d", place, again=True), text.load("f", state, again=True))
            text.store("f", state, moved)

    def _finish(self, text: FunctionText) -> str:
        """The new state and the mean of the squared errors, in units of the tolerance."""
        last = f"k{self.stages - 1}"

        def body(loop: Loop) -> Sequence[str]:
            error = loop.get(last)
            new = text.add(loop.get("u"), error)
            loop.put("yn", new)
            ratio = text.div(error, self.allowed(loop, new))
            return [text.mul(ratio, ratio)]

        (total,) = self.loop(text).run(body, sums=1)
        return text.mul(total, text.number(1.0 / self.states))

    def prepare(self) -> tuple[str, set[str]]:
        text = FunctionText(self.lanes)  # the stages are all that the interpolation needs
        return define(text, "prepare", PREPARE), text.declared

    def inside(self, loop: Loop, u: str, left: str) -> str:
        text = loop.text
        stages = [loop.get(f"k{i}") for i in range(max(map(len, self.method.dense)))]
        bend = text.number(0.0)
        for row in reversed(self.method.dense):
            inner = text.number(0.0)
            for k, coefficient in zip(stages, row, strict=False):
                if coefficient:
                    inner = text.fused(k, text.number(coefficient), inner)
            bend = text.fused(u, bend, inner)
        end = text.fused(left, bend, loop.get("yn"))
        return text.fused(left, loop.get("y"), text.mul(u, end))
