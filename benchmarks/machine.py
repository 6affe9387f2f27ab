"""The machine that figures were measured on, in words and without names."""

from __future__ import annotations

import platform
import re
from pathlib import Path

from threonate.engine import processors
from threonate.engine.kernels.object_code import this_machine


def describe_machine() -> str:
    """Processor family, vector registers, cores, system."""
    cores = processors()
    width = {8: "AVX-512", 4: "AVX2", 2: "128-bit"}[this_machine().lanes]
    return (
        f"{_processor()} ({this_machine().processor}), {width} ({this_machine().lanes} doubles), "
        f"{cores} core{'s' if cores > 1 else ''}, {platform.system()}, Python {platform.python_version()}"
    )


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    if path.exists():
        text = path.read_text(encoding="utf-8")
        found = [re.search(rf"^{key}\s*:\s*(.+)$", text, re.MULTILINE) for key in ("model name", "cpu family", "model")]
        if all(found):
            name, family, model = (match[1].strip() for match in found if match)
            return f"{name}, family {family}, model {model}"
    return platform.processor() or platform.machine()
