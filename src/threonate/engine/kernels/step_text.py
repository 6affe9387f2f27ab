"""One step of a Rosenbrock method on all lanes, as LLVM text around the routines of a model.

attempt   one trial step of every lane: how long it is, the new state, its error, and which lanes need the driver's care
accept    take the new state where the step is good, remember its size, move time, choose the next step
dense     the state at the fraction u of the step, with the method's own interpolation

Every argument is the address of one array of `Lanes`, named as there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from threonate.engine.codegen.llvm_builder import FunctionText, define
from threonate.engine.codegen.program import Program
from threonate.engine.kernels.tableau import Tableau

ATTEMPT = (
    "y", "q", "t", "stop", "step", "live", "fresh", "due", "tol", "counts", "scale",
    "h", "ends", "tn", "yn", "e", "grow", "good", "care", "work",
)  # fmt: skip
ACCEPT = ("y", "yn", "scale", "t", "tn", "h", "ends", "good", "live", "grow", "step", "held", "counts")
DENSE = ("y", "yn", "work", "u", "yo")
_SAFETY, _LEAST_FACTOR, _LARGEST_FACTOR = 0.9, 0.1, 6.0
_REJECTED_FACTOR = 0.9
_STRETCH = 1.02
_LEAST_ERROR = 1e-20
_DUST = 1e-150
"""Smaller values are set to zero: they cost time as denormal numbers and mean nothing."""


@dataclass(frozen=True, slots=True)
class WorkLayout:
    """Where the parts of the work array begin, in vectors."""

    states: int
    timed: int
    factors: int
    stages: int

    @property
    def parts(self) -> dict[str, int]:
        sizes = {"u": self.states, "f": self.states, "tt": 1, "g": 1, "d": max(1, self.timed)}
        sizes |= {"w": max(1, self.factors)} | {f"k{i}": self.states for i in range(self.stages)}
        begin, found = 0, {}
        for name, size in sizes.items():
            found[name] = begin
            begin += size
        return found | {"end": begin}


def layout_of(program: Program, method: Tableau) -> WorkLayout:
    """The work array that a step needs."""
    return WorkLayout(max(1, program.sizes["y"]), len(program.timed), program.sizes["w"], method.stages)


def step_functions(program: Program, method: Tableau, lanes: int) -> tuple[list[str], set[str]]:
    """Definitions of attempt, accept and dense, and the intrinsics they need."""
    step = _Step(program, method, lanes)
    parts = [step.attempt(), step.accept(), step.dense()]
    return [text for text, _ in parts], set().union(*(declared for _, declared in parts))


class _Loop:
    """A loop over the states; values are read and written at the running index."""

    def __init__(self, text: FunctionText, count: int, number: int) -> None:
        self.text, self.count, self.number = text, count, number
        self.index = f"%i{number}"
        self.sum = f"%s{number}"

    def run(self, body: Callable[[_Loop], str | None], *, summed: bool = False) -> str:
        """The body once per state; with `summed`, the total of what it returns."""
        n, line = self.number, self.text.lines.append
        line(f"  br label %before{n}\nbefore{n}:\n  br label %loop{n}\nloop{n}:")
        self.text.line(f"{self.index} = phi i64 [0, %before{n}], [%next{n}, %loop{n}]")
        if summed:
            self.text.line(f"{self.sum} = phi {self.text.vector} [zeroinitializer, %before{n}], [%total{n}, %loop{n}]")
        term = body(self)
        if summed and term is not None:
            self.text.line(f"%total{n} = fadd {self.text.vector} {self.sum}, {term}")
        self.text.line(f"%next{n} = add i64 {self.index}, 1")
        self.text.line(f"%more{n} = icmp ult i64 %next{n}, {self.count}")
        line(f"  br i1 %more{n}, label %loop{n}, label %after{n}\nafter{n}:")
        return f"%total{n}"

    def get(self, array: str) -> str:
        return self.text.load(array, self.index, again=True)

    def put(self, array: str, value: str) -> None:
        self.text.store(array, self.index, value)


class _Step:
    """The functions of one model and method."""

    def __init__(self, program: Program, method: Tableau, lanes: int) -> None:
        self.program, self.method, self.lanes = program, method, lanes
        self.states = max(1, program.sizes["y"])  # a model without states has one that stays at zero
        self.parts = layout_of(program, method).parts
        self._loops = 0

    def _loop(self, text: FunctionText) -> _Loop:
        self._loops += 1
        return _Loop(text, self.states, self._loops)

    def _place(self, text: FunctionText, names: Sequence[str]) -> None:
        for name in names:
            text.line(f"%{name} = getelementptr {text.vector}, ptr %work, i64 {self.parts[name]}")

    def _call(self, text: FunctionText, routine: str, *arrays: str) -> None:
        text.line(f"call void @{routine}({', '.join(f'ptr %{array}' for array in arrays)})")

    # ---- attempt

    def attempt(self) -> tuple[str, set[str]]:
        text = FunctionText(self.lanes)
        self._place(text, [name for name in self.parts if name != "end"])
        h = self._length(text)
        per_h = text.div(text.number(1.0), h)
        text.store("g", 0, text.mul(per_h, text.number(1.0 / self.method.gamma)))
        self._call(text, "matrix", "y", "q", "t", "g", "w", "d")
        for stage in range(self.method.stages):
            self._stage(text, stage, h, per_h)
        error = self._finish(text)
        text.store("e", 0, error)
        text.store("grow", 0, self._growth(text, error))
        self._verdict(text, error)
        return define(text, "attempt", ATTEMPT), text.declared

    def _length(self, text: FunctionText) -> str:
        """The wanted step, or what is left of the segment; two equal steps where one would leave a crumb."""
        wanted, stop, begin = text.load("step", 0), text.load("stop", 0), text.load("t", 0)
        left = text.sub(stop, begin)
        half = text.mul(left, text.number(0.5))
        ends = text.compare("oge", text.mul(wanted, text.number(_STRETCH)), left)
        short = text.choose(text.compare("ogt", wanted, half), half, wanted)
        h = text.choose(ends, left, short)
        text.store("h", 0, h)
        text.store("ends", 0, text.choose(ends, text.number(1.0), text.number(0.0)))
        text.store("tn", 0, text.choose(ends, stop, text.add(begin, h)))
        return h

    def _verdict(self, text: FunctionText, error: str) -> None:
        """Which steps are good, and a bit for every lane that the driver must look at."""
        live = text.compare("ogt", text.load("live", 0), text.number(0.0))
        good = text.both(live, text.compare("ole", error, text.number(1.0)))
        text.store("good", 0, text.choose(good, text.number(1.0), text.number(0.0)))
        due = text.compare("ole", text.load("due", 0), text.load("tn", 0))
        ends = text.compare("ogt", text.load("ends", 0), text.number(0.0))
        fresh = text.compare("ogt", text.load("fresh", 0), text.number(0.0))
        notable = text.both(good, text.either(due, text.either(ends, fresh)))
        tried = text.add(text.load("counts", 0), text.load("counts", 1))
        worn = text.compare("oge", tried, text.load("tol", 2))
        bad = text.both(live, text.either(worn, text.value(f"xor {text.truth} {good}, splat (i1 true)")))
        text.store_bits("care", text.either(notable, bad))

    def _stage(self, text: FunctionText, stage: int, h: str, per_h: str) -> None:
        where, when = ("y", "t") if stage == 0 else ("u", "tt")
        if stage == 0:
            self._loop(text).run(lambda loop: loop.put("k0", text.number(0.0)))
        else:
            self._loop(text).run(lambda loop: self._start_of_stage(loop, stage, per_h))
            moved = text.fused(h, text.number(self.method.nodes[stage]), text.load("t", 0))
            text.store("tt", 0, moved)
        self._call(text, "rhs", where, "q", when, "f")
        self._drift(text, stage, h)
        self._call(text, "substitute", "w", "f", f"k{stage}")

    def _start_of_stage(self, loop: _Loop, stage: int, per_h: str) -> None:
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

    def _drift(self, text: FunctionText, stage: int, h: str) -> None:
        if not self.method.drift[stage] or not self.program.timed:
            return
        share = text.mul(h, text.number(self.method.drift[stage]))
        for place, state in enumerate(self.program.timed):
            moved = text.fused(share, text.load("d", place, again=True), text.load("f", state, again=True))
            text.store("f", state, moved)

    def _finish(self, text: FunctionText) -> str:
        """The new state and the mean of the squared errors, in units of the tolerance."""
        relative, absolute = text.load("tol", 0), text.load("tol", 1)
        last = f"k{self.method.stages - 1}"

        def body(loop: _Loop) -> str:
            old, error = loop.get("y"), loop.get(last)
            new = text.add(loop.get("u"), error)
            loop.put("yn", new)
            size = text.intrinsic("maxnum", text.intrinsic("fabs", old), text.intrinsic("fabs", new))
            allowed = text.fused(relative, size, text.mul(absolute, loop.get("scale")))
            ratio = text.div(error, allowed)
            return text.mul(ratio, ratio)

        total = self._loop(text).run(body, summed=True)
        return text.mul(total, text.number(1.0 / self.states))

    def _growth(self, text: FunctionText, error: str) -> str:
        """What the next step is multiplied with; the least factor when the error is not a number."""
        floor = text.choose(text.compare("olt", error, text.number(_LEAST_ERROR)), text.number(_LEAST_ERROR), error)
        power = text.mul(text.call("lane_log", floor), text.number(-0.5 / self.method.error_order))
        factor = text.mul(text.number(_SAFETY), text.call("lane_exp", power))
        factor = text.choose(
            text.compare("ogt", factor, text.number(_LEAST_FACTOR)), factor, text.number(_LEAST_FACTOR)
        )
        return text.choose(
            text.compare("olt", factor, text.number(_LARGEST_FACTOR)), factor, text.number(_LARGEST_FACTOR)
        )

    # ---- accept and dense

    def accept(self) -> tuple[str, set[str]]:
        text = FunctionText(self.lanes)
        taken = text.compare("ogt", text.load("good", 0), text.number(0.0))

        def body(loop: _Loop) -> None:
            value = text.choose(taken, loop.get("yn"), loop.get("y"))
            size = text.intrinsic("fabs", value)
            value = text.choose(text.compare("olt", size, text.number(_DUST)), text.number(0.0), value)
            loop.put("y", value)
            loop.put("scale", text.intrinsic("maxnum", loop.get("scale"), size))

        self._loop(text).run(body)
        self._move(text, taken)
        return define(text, "accept", ACCEPT), text.declared

    def _move(self, text: FunctionText, taken: str) -> None:
        """Time, the next step and the counts; a step after a rejection does not grow."""
        h, grow, zero, one = text.load("h", 0), text.load("grow", 0), text.number(0.0), text.number(1.0)
        live = text.compare("ogt", text.load("live", 0), zero)
        missed = text.both(live, text.value(f"xor {text.truth} {taken}, splat (i1 true)"))
        text.store("t", 0, text.choose(taken, text.load("tn", 0), text.load("t", 0)))
        held = text.compare("ogt", text.load("held", 0), zero)
        bounded = text.choose(text.compare("olt", grow, one), grow, one)
        following = text.mul(h, text.choose(held, bounded, grow))
        wanted = text.load("step", 0)
        longer = text.both(text.compare("ogt", text.load("ends", 0), zero), text.compare("ogt", wanted, following))
        following = text.choose(longer, wanted, following)
        least = text.number(_REJECTED_FACTOR)
        smaller = text.mul(h, text.choose(text.compare("olt", grow, least), grow, least))
        text.store("step", 0, text.choose(taken, following, text.choose(missed, smaller, wanted)))
        text.store("held", 0, text.choose(missed, one, zero))
        for row, happened in enumerate((taken, missed)):
            added = text.choose(happened, one, zero)
            text.store("counts", row, text.add(text.load("counts", row), added))

    def dense(self) -> tuple[str, set[str]]:
        text = FunctionText(self.lanes)
        self._place(text, [f"k{i}" for i in range(self.method.stages)])
        u = text.load("u", 0)
        left = text.sub(text.number(1.0), u)

        def body(loop: _Loop) -> None:
            stages = [loop.get(f"k{i}") for i in range(max(map(len, self.method.dense)))]
            bend = text.number(0.0)
            for row in reversed(self.method.dense):
                inner = text.number(0.0)
                for k, coefficient in zip(stages, row, strict=False):
                    if coefficient:
                        inner = text.fused(k, text.number(coefficient), inner)
                bend = text.fused(u, bend, inner)
            end = text.fused(left, bend, loop.get("yn"))
            loop.put("yo", text.fused(left, loop.get("y"), text.mul(u, end)))

        self._loop(text).run(body)
        return define(text, "dense", DENSE), text.declared
