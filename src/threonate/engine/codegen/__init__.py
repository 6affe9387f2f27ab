"""From the graph to code: one program, several emitters."""

from threonate.engine.codegen.llvm_emitter import emit_routines
from threonate.engine.codegen.program import Output, Program, Routine, build_program
from threonate.engine.codegen.python_emitter import emit_python, load_python, load_values

__all__ = [
    "Output",
    "Program",
    "Routine",
    "build_program",
    "emit_python",
    "emit_routines",
    "load_python",
    "load_values",
]
