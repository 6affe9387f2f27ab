"""Ids of findings where they stand in a text."""

from __future__ import annotations

import re

_ID = re.compile(r"\b[A-Z]+\d+\b")


def findings_in(text: str) -> list[str]:
    """What looks like the id of a finding: capitals and a number.

    >>> findings_in("table 2 of PLA01; from: CSF007, CSF12")
    ['PLA01', 'CSF007', 'CSF12']
    """
    return _ID.findall(text)
