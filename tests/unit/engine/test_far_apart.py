"""Machine code loads wherever the system puts it: the small code model cannot reach across a gap of 2 GiB."""

import os
import subprocess
import sys

import pytest

IN_A_FULL_ADDRESS_SPACE = """
import ctypes
from threonate.engine.kernels.object_code import MachineCode

PRIVATE_UNRESERVED, PAGE = 0x4022, 4096
system = ctypes.CDLL(None)
system.mmap.restype = ctypes.c_void_p
system.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
system.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


def reserve(size):
    return system.mmap(None, size, 0, PRIVATE_UNRESERVED, -1, 0)


MachineCode("define void @first() { ret void }")
hole, wide = reserve(PAGE), reserve(5 << 30)
for _ in range(100_000):
    if reserve(PAGE) < wide:
        break
else:
    raise SystemExit("the address space above the gap was not filled")
system.munmap(hole, PAGE)
code = MachineCode('''
@numbers = internal constant [4096 x double] [double 2.5, double 3.5, WHERE]
define double @read(i64 %i) {
  %p = getelementptr [4096 x double], ptr @numbers, i64 0, i64 %i
  %v = load double, ptr %p
  ret double %v
}
'''.replace("WHERE", ", ".join(["double 1.25"] * 4094)))
print(ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_int64)(code.address("read"))(1))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reserves address space with Linux's mmap")
def test_code_and_its_constants_stay_within_reach(tmp_path):
    found = subprocess.run(
        [sys.executable, "-c", IN_A_FULL_ADDRESS_SPACE],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "THREONATE_CACHE": str(tmp_path)},
        check=False,
    )

    assert (found.returncode, found.stdout) == (0, "3.5\n"), found.stderr
