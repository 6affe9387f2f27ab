"""One step of a method on all lanes, as LLVM text around the routines of a model: what all methods share.

attempt   one trial step of every lane: how long it is, the new state, its error, and which lanes need the driver's care
accept    take the new state where the step is good, remember its size, move time, choose the next step
prepare   what the interpolation of the method needs besides the stages, once for a step
dense     the state at the fraction u of the step, with the method's own interpolation

Every argument is the address of one array of `Lanes`, named as there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence

from threonate.engine.codegen.llvm_builder import FunctionText, define
from threonate.engine.codegen.program import Program

ATTEMPT = (
    "y", "q", "t", "stop", "step", "live", "fresh", "due", "tol", "counts", "scale",
    "h", "ends", "tn", "yn", "e", "grow", "good", "care", "work",
)  # fmt: skip
ACCEPT = ("y", "yn", "scale", "t", "tn", "h", "ends", "good", "live", "grow", "step", "held", "counts")
PREPARE = ("y", "q", "t", "tn", "h", "yn", "work")
DENSE = ("y", "yn", "work", "u", "yo")
_SAFETY, _LEAST_FACTOR, _LARGEST_FACTOR = 0.9, 0.1, 6.0
_REJECTED_FACTOR = 0.9
_STRETCH = 1.02
_LEAST_ERROR = 1e-20
_DUST = 1e-150
"""Smaller values are set to zero: they cost time as denormal numbers and mean nothing."""


class Loop:
    """A loop over the states; values are read and written at the running index."""

    def __init__(self, text: FunctionText, count: int, number: int) -> None:
        self.text, self.count, self.number = text, count, number
        self.index = f"%i{number}"

    def run(self, body: Callable[[Loop], Sequence[str]], *, sums: int = 0) -> list[str]:
        """The body once per state; the totals of the `sums` values that it returns."""
        n, line, vector = self.number, self.text.lines.append, self.text.vector
        line(f"  br label %before{n}\nbefore{n}:\n  br label %loop{n}\nloop{n}:")
        self.text.line(f"{self.index} = phi i64 [0, %before{n}], [%next{n}, %loop{n}]")
        for k in range(sums):
            self.text.line(f"%sum{n}.{k} = phi {vector} [zeroinitializer, %before{n}], [%total{n}.{k}, %loop{n}]")
        for k, term in enumerate(body(self)):
            self.text.line(f"%total{n}.{k} = fadd {vector} %sum{n}.{k}, {term}")
        self.text.line(f"%next{n} = add i64 {self.index}, 1")
        self.text.line(f"%more{n} = icmp ult i64 %next{n}, {self.count}")
        line(f"  br i1 %more{n}, label %loop{n}, label %after{n}\nafter{n}:")
        return [f"%total{n}.{k}" for k in range(sums)]

    def get(self, array: str) -> str:
        return self.text.load(array, self.index, again=True)

    def put(self, array: str, value: str) -> None:
        self.text.store(array, self.index, value)

    def fill(self, array: str, value: float) -> Sequence[str]:
        self.put(array, self.text.number(value))
        return ()


class StepText(ABC):
    """The functions of one model and method.

    stages          of the method
    error_order     power of the step in the error estimate
    records_inside  whether rows are read from the interpolation; else a row to record ends a step
    parts           length in vectors of each part of the work array
    """

    stages: int
    records_inside: bool
    error_order: int
    parts: Mapping[str, int]

    def __init__(self, program: Program, lanes: int) -> None:
        self.program, self.lanes = program, lanes
        self.states = max(1, program.sizes["y"])  # a model without states has one that stays at zero
        self._loops = 0

    @property
    def work(self) -> int:
        """Length of the work array in vectors."""
        return sum(self.parts.values())

    def functions(self) -> tuple[list[str], set[str]]:
        """Definitions of all functions, and the intrinsics they need."""
        parts = [self.attempt(), self.accept(), self.prepare(), self.dense()]
        return [text for text, _ in parts], set().union(*(declared for _, declared in parts))

    def attempt(self) -> tuple[str, set[str]]:
        text = FunctionText(self.lanes)
        self.place(text)
        text.load("tol", 0)  # here, so that the loops over the states find the bounds loaded
        text.load("tol", 1)
        error = self.trial(text, self._length(text))
        text.store("e", 0, error)
        text.store("grow", 0, self._growth(text, error))
        self._verdict(text, error)
        return define(text, "attempt", ATTEMPT), text.declared

    @abstractmethod
    def trial(self, text: FunctionText, h: str) -> str:
        """Write the step of length h from y to yn; returns the mean squared error in units of the tolerance."""

    @abstractmethod
    def prepare(self) -> tuple[str, set[str]]:
        """The function `prepare`."""

    def dense(self) -> tuple[str, set[str]]:
        text = FunctionText(self.lanes)
        self.place(text, without=("u",))
        u = text.load("u", 0)
        left = text.sub(text.number(1.0), u)

        def body(loop: Loop) -> Sequence[str]:
            loop.put("yo", self.inside(loop, u, left))
            return ()

        self.loop(text).run(body)
        return define(text, "dense", DENSE), text.declared

    @abstractmethod
    def inside(self, loop: Loop, u: str, left: str) -> str:
        """One state at the fraction u of the step; left is 1 - u."""

    def loop(self, text: FunctionText, count: int | None = None) -> Loop:
        """A loop over the states, or over the first of them."""
        self._loops += 1
        return Loop(text, self.states if count is None else count, self._loops)

    def place(self, text: FunctionText, *, without: Sequence[str] = ()) -> None:
        """Give the parts of the work array their names."""
        begin = 0
        for name, size in self.parts.items():
            if name not in without:
                text.line(f"%{name} = getelementptr {text.vector}, ptr %work, i64 {begin}")
            begin += size

    def call(self, text: FunctionText, routine: str, *arrays: str) -> None:
        """Call a routine of the model."""
        text.line(f"call void @{routine}({', '.join(f'ptr %{array}' for array in arrays)})")

    def allowed(self, loop: Loop, new: str) -> str:
        """The error that one state may make in this step."""
        text = loop.text
        size = text.intrinsic("maxnum", text.intrinsic("fabs", loop.get("y")), text.intrinsic("fabs", new))
        return text.fused(text.load("tol", 0), size, text.mul(text.load("tol", 1), loop.get("scale")))

    def _length(self, text: FunctionText) -> str:
        """The wanted step, or what is left until it must end; two equal steps where one would leave a crumb."""
        wanted, stop, begin = text.load("step", 0), text.load("stop", 0), text.load("t", 0)
        if not self.records_inside:
            stop = text.intrinsic("minnum", stop, text.load("due", 0))
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
        bad = text.both(live, text.either(worn, text.negated(good)))
        text.store_bits("care", text.either(notable, bad))

    def _growth(self, text: FunctionText, error: str) -> str:
        """What the next step is multiplied with; the least factor when the error is not a number."""
        floor = text.choose(text.compare("olt", error, text.number(_LEAST_ERROR)), text.number(_LEAST_ERROR), error)
        power = text.mul(text.call("lane_log", floor), text.number(-0.5 / self.error_order))
        factor = text.mul(text.number(_SAFETY), text.call("lane_exp", power))
        factor = text.choose(
            text.compare("ogt", factor, text.number(_LEAST_FACTOR)), factor, text.number(_LEAST_FACTOR)
        )
        return text.choose(
            text.compare("olt", factor, text.number(_LARGEST_FACTOR)), factor, text.number(_LARGEST_FACTOR)
        )

    def accept(self) -> tuple[str, set[str]]:
        text = FunctionText(self.lanes)
        taken = text.compare("ogt", text.load("good", 0), text.number(0.0))

        def body(loop: Loop) -> Sequence[str]:
            value = text.choose(taken, loop.get("yn"), loop.get("y"))
            size = text.intrinsic("fabs", value)
            value = text.choose(text.compare("olt", size, text.number(_DUST)), text.number(0.0), value)
            loop.put("y", value)
            loop.put("scale", text.intrinsic("maxnum", loop.get("scale"), size))
            return ()

        self.loop(text).run(body)
        self._move(text, taken)
        return define(text, "accept", ACCEPT), text.declared

    def _move(self, text: FunctionText, taken: str) -> None:
        """Time, the next step and the counts; a step after a rejection does not grow."""
        h, grow, zero, one = text.load("h", 0), text.load("grow", 0), text.number(0.0), text.number(1.0)
        live = text.compare("ogt", text.load("live", 0), zero)
        missed = text.both(live, text.negated(taken))
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
