"""A predicted size in words, set against what is claimed and what would matter."""

from __future__ import annotations

from dataclasses import dataclass

from threonate.appraisal.verdict import Prediction
from threonate.evidence.claim_records import Bound
from threonate.evidence.important import NONE_KNOWN, size_told
from threonate.evidence.records import Endpoint, SmallestImportant

UNCHANGED = 1e-9
NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What a prediction is set against besides the claim.

    important   smallest important difference of the endpoint, where one is known and believed
    benefit     which direction of the endpoint is better
    silent      why nothing is said of importance; empty where something is
    """

    important: SmallestImportant | None = None
    benefit: str = "none"
    silent: str = ""


def yardstick_of(endpoint: Endpoint, bound: Bound, without: frozenset[str] = frozenset()) -> Yardstick:
    """What a prediction of this endpoint is set against; a comparison of two salts is in percent and has none.

    without    ids of sources that are disbelieved
    """
    one = endpoint.smallest_important
    if endpoint.benefit == "none" or bound.versus:
        return Yardstick()
    if one is None:
        return Yardstick(silent=NONE_KNOWN)
    if one.source in without:
        return Yardstick(silent=f"Its smallest important difference is disbelieved with {one.source}.")
    return Yardstick(one, endpoint.benefit)


def compare(
    bound: Bound, predictions: tuple[Prediction, ...], unit: str, yardstick: Yardstick | None = None
) -> tuple[str, bool]:
    """Sentences on the prediction against the claimed and the smallest important size; and whether it falls short.

    It falls short of a claim when no hypothesis reaches it with any part of its band, and of importance when none
    reaches even the least size that is named. A claimed size decides where there is one.

    >>> compare(Bound("x", claimed_low=15.0), (Prediction("null", 0.3, 0.6, 1.3),), "%")[1]
    True
    """
    yardstick = yardstick or Yardstick()
    sentences = [f"the model predicts {_all_told(bound, predictions, unit)}"]
    short = False
    if yardstick.important is not None:
        said, short = _against_importance(yardstick.important, yardstick.benefit, predictions)
        sentences.append(said)
    if bound.claimed_low is not None:
        said, short = _against_claim(bound.claimed_low, predictions, unit)
        sentences.insert(1, said)
    whole = "; ".join(sentences) + "."
    return (f"{whole} {yardstick.silent}" if yardstick.silent else whole), short


def _all_told(bound: Bound, predictions: tuple[Prediction, ...], unit: str) -> str:
    said = [(one.hypothesis.upper(), _told(one, unit)) for one in predictions]
    alike = len({size for _, size in said}) == 1
    told = f"{' and '.join(n for n, _ in said)} alike {said[0][1]}" if alike else "; ".join(f"{n} {s}" for n, s in said)
    if bound.versus:
        told = f"{told}, against {bound.versus}"
    return f"{told}, with links on that are off by default" if bound.links else told


def _told(one: Prediction, unit: str) -> str:
    if abs(one.low) < UNCHANGED and abs(one.high) < UNCHANGED:
        return "no change"
    return f"{one.median:+.2g} ({one.low:+.2g} to {one.high:+.2g}) {'' if unit == '1' else unit}".rstrip()


def _against_claim(wanted: float, predictions: tuple[Prediction, ...], unit: str) -> tuple[str, bool]:
    reached = [one.hypothesis.upper() for one in predictions if _far_end(one, wanted) >= abs(wanted)]
    where = f"reached under {' and '.join(reached)}" if reached else "reached under no hypothesis"
    return f"the claimed size, {wanted:g} {unit}, is {where}", not reached


def _against_importance(one: SmallestImportant, benefit: str, predictions: tuple[Prediction, ...]) -> tuple[str, bool]:
    better = -1.0 if benefit == "lower" else 1.0
    least = one.value if one.low is None else one.low
    short = all(_far_end(p, side) < least for p in predictions for side in (better, -better))
    said: dict[str, list[str]] = {}
    for prediction in predictions:
        said.setdefault(_reach(prediction, one.value, better), []).append(prediction.hypothesis.upper())
    where = ", ".join(_under(reach, names) for reach, names in said.items())
    return f"the smallest important size, {size_told(one)}, is {where}", short


def _under(reach: str, names: list[str]) -> str:
    return f"{reach} under {(' or ' if reach == NOT_REACHED else ' and ').join(names)}"


def _reach(one: Prediction, wanted: float, better: float) -> str:
    if one.median * better >= wanted:
        return "reached by half of the people or more"
    if _far_end(one, better) >= wanted:
        return "reached at the far end of the band only"
    if _far_end(one, -better) >= wanted:
        return "reached for the worse"
    return NOT_REACHED


def _far_end(one: Prediction, side: float) -> float:
    """How far the band goes to one side of no change; negative when it lies on the other side."""
    return one.high if side > 0.0 else -one.low
