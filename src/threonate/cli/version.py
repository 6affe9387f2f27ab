"""`threonate version`: which program this is."""

from __future__ import annotations

import json
import platform

from threonate.cli.options import JsonFlag
from threonate.version import VERSION


def version(as_json: JsonFlag = False) -> None:
    """Print the version of the program and of Python."""
    if as_json:
        print(json.dumps({"threonate": VERSION, "python": platform.python_version()}, indent=2))
    else:
        print(f"threonate {VERSION}, Python {platform.python_version()}")
