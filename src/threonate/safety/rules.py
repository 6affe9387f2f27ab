"""For whom a safety rule holds: the words that may stand under `applies` in a limit file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from threonate.errors import CatalogueError, nearest
from threonate.evidence.records import Limit, Problem
from threonate.safety.exposure import Exposure

DIET = "diet"


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(","))


def _egfr_from(exposure: Exposure, bound: str) -> bool:
    return exposure.egfr is not None and exposure.egfr >= float(bound)


def _egfr_below(exposure: Exposure, bound: str) -> bool:
    return exposure.egfr is not None and exposure.egfr < float(bound)


def _taken(exposure: Exposure, what: str) -> bool:
    amount = exposure.amount(what)
    return what == DIET or (amount is not None and amount > 0)


APPLIES: Mapping[str, Callable[[Exposure, str], bool]] = MappingProxyType(
    {
        "age_min": lambda exposure, bound: exposure.age >= float(bound),
        "age_below": lambda exposure, bound: exposure.age < float(bound),
        "sex": lambda exposure, sex: exposure.sex in (sex, "any"),
        "egfr_from": _egfr_from,
        "egfr_below": _egfr_below,
        "condition": lambda exposure, names: bool(_words(names) & exposure.states),
        "not_condition": lambda exposure, names: not _words(names) & exposure.states,
        "compound": lambda exposure, names: exposure.compound in _words(names),
        "exposure": _taken,
        "doses_below": lambda exposure, bound: exposure.doses_per_day < int(bound),
    }
)
"""Every word a limit may use, and how it is answered for one exposure."""


def rule_applies(limit: Limit, exposure: Exposure) -> bool:
    """Whether a rule is about this person and regimen; all its words must hold.

    Raises    CatalogueError for a word that is not in APPLIES

    >>> ul = Limit("ul", "", "intake", "", "caution", None, 350.0, "mg/d", {"age_min": "9"}, "", (), "")
    >>> rule_applies(ul, Exposure(age=40)), rule_applies(ul, Exposure(age=8))
    (True, False)
    """
    for key in limit.applies:
        if key not in APPLIES:
            remedy = f"{nearest(key, APPLIES)} Correct or remove the key."
            raise CatalogueError([Problem(f"limits/{limit.id}.toml", 1, f"applies: '{key}' is not known.", remedy)])
    return all(APPLIES[key](exposure, value) for key, value in limit.applies.items())
