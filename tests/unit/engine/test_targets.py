"""The code of a model compiles for other systems. It is not run there."""

from __future__ import annotations

import re

import llvmlite.binding as llvm
import pytest

from tests.unit.engine.sbml_texts import MIXED
from threonate.engine.codegen import build_program
from threonate.engine.kernels.launch import driver_text
from threonate.engine.kernels.methods import method_named
from threonate.engine.kernels.object_code import Machine, compile_object
from threonate.engine.kernels.solver import module_text
from threonate.engine.lower import lower_sbml
from threonate.evidence import read_catalogue
from threonate.simulation.body import build_body

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


@pytest.mark.parametrize(("triple", "processor", "features", "lanes"), TARGETS)
def test_the_driver_compiles_for(triple, processor, features, lanes):
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()

    assert len(compile_object(driver_text(), Machine(processor, features), triple)) > 1000


@pytest.mark.parametrize("processor", ["sm_80", "sm_90"])
def test_the_shipped_body_compiles_for_graphics_processors(processor):
    """One subject to a thread, with functions of our own: nothing is left to be found elsewhere."""
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    compiled = build_body(read_catalogue()).compiled
    program = build_program(lower_sbml(compiled.network.sbml), compiled.observables)
    target = llvm.Target.from_triple("nvptx64-nvidia-cuda").create_target_machine(cpu=processor, opt=2)
    module = llvm.parse_assembly(module_text(program, method_named("rodas5p"), 1))
    module.verify()
    builder = llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options(speed_level=2))
    builder.getModulePassManager().run(module, builder)
    text = target.emit_assembly(module)

    assert f".target {processor}" in text
    assert ".extern" not in text
    for name in ("prologue", "attempt", "accept", "dense", "observables"):
        assert re.search(rf"^\.visible \.func\s+{name}\(", text, re.MULTILINE), name
