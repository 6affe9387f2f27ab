"""A claim against evidence and simulation, and how far an output rests on which evidence."""

from threonate.appraisal.appraise import appraise, appraise_all, find_claim, flips
from threonate.appraisal.resting import resting_on
from threonate.appraisal.share import EvidenceShare, Part, evidence_share
from threonate.appraisal.verdict import ANSWERS, SENTENCES, Answer, Prediction, Size, Verdict

__all__ = [
    "ANSWERS",
    "SENTENCES",
    "Answer",
    "EvidenceShare",
    "Part",
    "Prediction",
    "Size",
    "Verdict",
    "appraise",
    "appraise_all",
    "evidence_share",
    "find_claim",
    "flips",
    "resting_on",
]
