"""What `pip install` would bring: the code, the whole shelf, and everything a report needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile

from tests.house.tree import PACKAGE, ROOT, house_files


def test_wheel_holds_the_whole_package(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = set(wheel.namelist())
        entry_points = wheel.read(next(name for name in packed if name.endswith("entry_points.txt"))).decode()
    wanted = {path.relative_to(PACKAGE.parent).as_posix() for path in house_files() if path.is_relative_to(PACKAGE)}

    assert wanted <= packed
    assert "threonate = threonate.cli:main" in entry_points
