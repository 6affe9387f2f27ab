"""The code of a model compiles for other systems. It is not run there."""

from __future__ import annotations

import llvmlite.binding as llvm
import pytest

from tests.unit.engine.sbml_texts import MIXED
from threonate.engine.codegen import build_program
from threonate.engine.kernels.methods import method_named
from threonate.engine.kernels.object_code import Machine, compile_object
from threonate.engine.kernels.solver import module_text
from threonate.engine.lower import lower_sbml

TARGETS = [
    ("x86_64-unknown-linux-gnu", "x86-64-v3", "", 4),
    ("x86_64-unknown-linux-gnu", "skylake-avx512", "", 8),
    ("x86_64-pc-windows-msvc", "x86-64-v3", "", 4),
    ("arm64-apple-macosx", "apple-m1", "", 2),
    ("aarch64-unknown-linux-gnu", "generic", "", 2),
    ("wasm32-unknown-unknown", "generic", "+simd128", 2),
]


@pytest.mark.parametrize(("triple", "processor", "features", "lanes"), TARGETS)
def test_compiles_for(triple, processor, features, lanes):
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    model = lower_sbml(MIXED)
    text = module_text(build_program(model, model.states), method_named("rodas5p"), lanes)

    assert len(compile_object(text, Machine(processor, features), triple)) > 1000
