"""A file that appears whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def put_text(target: Path, text: str) -> None:
    """Write a text; what stood there before stays when that fails.

    Raises    ScenarioError when nothing can be written there
    """
    from threonate.errors import ScenarioError

    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, target)
    except OSError as error:
        unfinished.unlink(missing_ok=True) if unfinished.parent.is_dir() else None
        raise ScenarioError(
            f"out is {target}, which cannot be written: {error.strerror}. Choose another --out."
        ) from None
