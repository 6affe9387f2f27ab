"""A function and everything that it calls as one LLVM module."""

from __future__ import annotations

from threonate.engine.kernels.translate.layout import Function, Layout
from threonate.engine.kernels.translate.statements import FunctionTranslation


def translate(entry: Function) -> str:
    """A module with one visible function `entry`, from the address of the table to a whole number.

    entry     takes records and reals and returns a whole number; it may call functions of its own module
    Raises    EngineError with function and line for what is not understood
    """
    layout = Layout(entry)
    waiting, known, texts = [entry], {entry}, list[str]()
    while waiting:
        one = FunctionTranslation(waiting.pop(), layout)
        texts.append(one.text())
        waiting += [called for called in one.called if called not in known]
        known |= set(one.called)
    declared = "declare double @llvm.fabs.f64(double)"
    attributes = "attributes #0 = { nounwind alwaysinline }\nattributes #1 = { nounwind }"
    return "\n".join([declared, *texts, _entry(entry, layout), "!0 = !{}", attributes, ""])


def _entry(entry: Function, layout: Layout) -> str:
    lines, passed = [], ["ptr %table"]
    for i, word in enumerate(layout.reals):
        lines.append(f"  %a{i} = getelementptr i64, ptr %table, i64 {word}\n  %x{i} = load double, ptr %a{i}, align 8")
        passed.append(f"double %x{i}")
    lines.append(f"  %r = call i64 @{entry.__name__}({', '.join(passed)})\n  ret i64 %r")
    return "define i64 @entry(ptr %table) #1 {\n" + "\n".join(lines) + "\n}\n"
